using System.Buffers.Binary;

namespace Ouroboros.Layers.Shim;

/// <summary>The OAP id of a handshake: its first 16 bytes, the same in request and reply (shims-ethernet.md 3.3).</summary>
/// <param name="High">First 8 bytes.</param>
/// <param name="Low">Last 8 bytes.</param>
/// <param name="IsPresent">false when there was no handshake of that length.</param>
internal readonly record struct HandshakeId(ulong High, ulong Low, bool IsPresent)
{
    /// <summary>Bytes of an id.</summary>
    public const int Length = 16;

    /// <summary>The id at the start of a handshake message.</summary>
    public static HandshakeId Of(ReadOnlySpan<byte> data) => data.Length < Length
        ? default
        : new HandshakeId(BinaryPrimitives.ReadUInt64BigEndian(data), BinaryPrimitives.ReadUInt64BigEndian(data[8..]), true);
}
