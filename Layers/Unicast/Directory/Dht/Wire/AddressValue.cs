using System.Buffers.Binary;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Wire;

/// <summary>An address as a value of the directory: 8 bytes, big endian (dht.md section 3).</summary>
public static class AddressValue
{
    /// <summary>Bytes of a value.</summary>
    public const int Length = 8;

    /// <summary>Reads it; false when it is not 8 bytes long.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out ulong address)
    {
        address = 0;
        if (value.Length != Length) return false;
        address = BinaryPrimitives.ReadUInt64BigEndian(value);
        return true;
    }

    /// <summary>Writes it.</summary>
    public static void Write(ulong address, Span<byte> to) => BinaryPrimitives.WriteUInt64BigEndian(to, address);
}
