using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment.Wire;

/// <summary>
/// The fields 1 to 8 of a message, read in one go: of a repeated one the last counts, others are passed over. A field that comes as a number and
/// as bytes is malformed.
/// </summary>
internal readonly ref struct ProtoFields
{
    private const int Last = 8;

    private readonly ReadOnlySpan<byte> _data;
    private readonly ulong[] _numbers;
    private readonly (int Start, int Length)[] _parts;
    private readonly int _seenNumbers;
    private readonly int _seenParts;

    private ProtoFields(ReadOnlySpan<byte> data, ulong[] numbers, (int Start, int Length)[] parts, int seenNumbers, int seenParts)
    {
        _data = data;
        _numbers = numbers;
        _parts = parts;
        _seenNumbers = seenNumbers;
        _seenParts = seenParts;
    }

    /// <summary>Reads a message; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out ProtoFields fields)
    {
        fields = default;
        var numbers = new ulong[Last + 1];
        var parts = new (int, int)[Last + 1];
        var (seenNumbers, seenParts) = (0, 0);
        var reader = new ProtoReader(data);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var field)) return false;
            if (field > Last)
            {
                if (!reader.TrySkip()) return false;
            }
            else if (reader.TryReadNumber(out ulong number))
            {
                numbers[field] = number;
                seenNumbers |= 1 << (int)field;
            }
            else if (reader.TryReadBytes(out var part))
            {
                parts[field] = (data.Overlaps(part, out var start) ? start : 0, part.Length);
                seenParts |= 1 << (int)field;
            }
            else if (!reader.TrySkip())
            {
                return false;
            }
        }
        if ((seenNumbers & seenParts) != 0) return false;
        fields = new ProtoFields(data, numbers, parts, seenNumbers, seenParts);
        return true;
    }

    /// <summary>Whether all of these are there as numbers.</summary>
    public bool HaveNumbers(int from, int to)
    {
        for (var field = from; field <= to; field++)
        {
            if ((_seenNumbers & (1 << field)) == 0) return false;
        }
        return true;
    }

    /// <summary>Whether it is there as bytes.</summary>
    public bool HavePart(int field) => (_seenParts & (1 << field)) != 0;

    /// <summary>Whether it is there as anything but bytes.</summary>
    public bool HaveNumber(int field) => (_seenNumbers & (1 << field)) != 0;

    /// <summary>A number.</summary>
    public ulong Number(int field) => _numbers[field];

    /// <summary>A number of 32 bits; what is above them is cut off, as in the reference.</summary>
    public uint Number32(int field) => (uint)_numbers[field];

    /// <summary>Bytes; empty when they are not there.</summary>
    public ReadOnlySpan<byte> Part(int field) => _data.Slice(_parts[field].Start, _parts[field].Length);
}
