namespace Ouroboros.Layers.Unicast.Directory.Dht.Wire;

/// <summary>Reads protobuf fields out of a span. Each step says whether there was something well-formed to read; none reads past the end.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> data)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;
    private const int MaxVarintLength = 10;

    private ReadOnlySpan<byte> _rest = data;
    private int _wireType;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Reads the number of the next field.</summary>
    public bool TryReadField(out uint field)
    {
        field = 0;
        if (!TryReadRaw(out var tag) || tag > uint.MaxValue) return false;
        field = (uint)tag >> 3;
        _wireType = (int)(tag & 7);
        return field != 0;
    }

    /// <summary>Reads the field as a number.</summary>
    public bool TryReadNumber(out ulong value)
    {
        value = 0;
        return _wireType == Varint && TryReadRaw(out value);
    }

    /// <summary>Reads the field as a number of 32 bits; like the reference, what is above them is cut off.</summary>
    public bool TryReadNumber(out uint value)
    {
        var read = TryReadNumber(out ulong wide);
        value = (uint)wide;
        return read;
    }

    /// <summary>Reads the field as bytes: a view of the message.</summary>
    public bool TryReadBytes(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (_wireType != Bytes || !TryReadRaw(out var length) || length > (ulong)_rest.Length) return false;
        value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    /// <summary>Passes over the field, whatever it is.</summary>
    public bool TrySkip()
    {
        switch (_wireType)
        {
            case Varint: return TryReadRaw(out _);
            case Fixed64: return TryDrop(sizeof(ulong));
            case Bytes: return TryReadBytes(out _);
            case Fixed32: return TryDrop(sizeof(uint));
            default: return false;
        }
    }

    private bool TryDrop(int count)
    {
        if (_rest.Length < count) return false;
        _rest = _rest[count..];
        return true;
    }

    private bool TryReadRaw(out ulong value)
    {
        value = 0;
        var limit = Math.Min(_rest.Length, MaxVarintLength);
        for (var i = 0; i < limit; i++)
        {
            var b = _rest[i];
            value |= (ulong)(b & 0x7f) << (7 * i);
            if (b >= 0x80) continue;
            _rest = _rest[(i + 1)..];
            return true;
        }
        return false;
    }
}
