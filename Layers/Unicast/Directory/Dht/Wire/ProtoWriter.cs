using System.Numerics;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Wire;

/// <summary>Writes protobuf fields into a span that is known to be large enough; fields are numbered below 16, so a tag is one byte.</summary>
internal ref struct ProtoWriter(Span<byte> to)
{
    private readonly Span<byte> _to = to;
    private int _length;

    /// <summary>Bytes written.</summary>
    public readonly int Length => _length;

    /// <summary>Bytes of a number.</summary>
    public static int SizeOf(ulong value) => (BitOperations.Log2(value | 1) + 7) / 7;

    /// <summary>Bytes of a field that is a number.</summary>
    public static int SizeOfNumber(ulong value) => 1 + SizeOf(value);

    /// <summary>Bytes of a field of <paramref name="length"/> bytes.</summary>
    public static int SizeOfBytes(int length) => 1 + SizeOf((ulong)length) + length;

    /// <summary>Writes a field that is a number.</summary>
    public void WriteNumber(int field, ulong value)
    {
        _to[_length++] = (byte)(field << 3);
        WriteRaw(value);
    }

    /// <summary>Writes a field that is bytes.</summary>
    public void WriteBytes(int field, scoped ReadOnlySpan<byte> value)
    {
        BeginBytes(field, value.Length);
        value.CopyTo(_to[_length..]);
        _length += value.Length;
    }

    /// <summary>Begins a field of <paramref name="length"/> bytes that are written next.</summary>
    public void BeginBytes(int field, int length)
    {
        _to[_length++] = (byte)((field << 3) | 2);
        WriteRaw((ulong)length);
    }

    private void WriteRaw(ulong value)
    {
        while (value >= 0x80)
        {
            _to[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _to[_length++] = (byte)value;
    }
}
