namespace Ouroboros.Layers.Unicast.Directory.Dht.Wire;

/// <summary>
/// A received message as views of its bytes: <c>1 code, 2 src</c>, both required, then <c>3 store, 4 find, 5 node, 6 val</c> as the code has
/// it, and <c>15</c>, with which our nodes mark theirs. Fields in any order; unknown ones are passed over; of a repeated one the last counts.
/// </summary>
public readonly ref struct DhtEnvelope
{
    internal const int CodeField = 1;
    internal const int SourceField = 2;
    internal const int StoreField = 3;
    internal const int FindField = 4;
    internal const int NodeField = 5;
    internal const int ValuesField = 6;

    /// <summary>Field that only our nodes send: the reference ignores it, ours know each other by it (dht.md section 13).</summary>
    internal const int MarkField = 15;

    private const int Required = (1 << CodeField) | (1 << SourceField);

    /// <summary>What it is; numbers that are no <see cref="DhtCode"/> do occur.</summary>
    public uint Code { get; private init; }

    /// <summary>Who says that it sent it.</summary>
    public ContactMessage Source { get; private init; }

    /// <summary>Whether <see cref="Store"/> is there.</summary>
    public bool HasStore { get; private init; }

    /// <summary>The value to keep.</summary>
    public StoreMessage Store { get; private init; }

    /// <summary>Whether <see cref="Find"/> is there.</summary>
    public bool HasFind { get; private init; }

    /// <summary>The question.</summary>
    public FindMessage Find { get; private init; }

    /// <summary>Whether <see cref="Node"/> is there.</summary>
    public bool HasNode { get; private init; }

    /// <summary>The contacts of an answer.</summary>
    public NodeMessage Node { get; private init; }

    /// <summary>Whether <see cref="Values"/> is there.</summary>
    public bool HasValues { get; private init; }

    /// <summary>The values of an answer.</summary>
    public ValuesMessage Values { get; private init; }

    /// <summary>Whether the sender has marked itself as one of ours.</summary>
    public bool IsMarked { get; private init; }

    /// <summary>Reads a message; false when any part of it is malformed or a required field is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out DhtEnvelope message)
    {
        message = default;
        var reader = new ProtoReader(data);
        uint code = 0;
        ContactMessage source = default;
        StoreMessage store = default;
        FindMessage find = default;
        NodeMessage node = default;
        ValuesMessage values = default;
        ulong mark = 0;
        var seen = 0;
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var field)) return false;
            ReadOnlySpan<byte> part = default;
            var read = field switch
            {
                CodeField => reader.TryReadNumber(out code),
                SourceField => reader.TryReadBytes(out part) && ContactMessage.TryParse(part, out source),
                StoreField => reader.TryReadBytes(out part) && StoreMessage.TryParse(part, out store),
                FindField => reader.TryReadBytes(out part) && FindMessage.TryParse(part, out find),
                NodeField => reader.TryReadBytes(out part) && NodeMessage.TryParse(part, out node),
                ValuesField => reader.TryReadBytes(out part) && ValuesMessage.TryParse(part, out values),
                MarkField => TryReadMark(ref reader, ref mark),
                _ => reader.TrySkip(),
            };
            if (!read) return false;
            if (field <= ValuesField) seen |= 1 << (int)field;
        }
        if ((seen & Required) != Required) return false;
        message = new DhtEnvelope
        {
            Code = code,
            Source = source,
            HasStore = (seen & (1 << StoreField)) != 0,
            Store = store,
            HasFind = (seen & (1 << FindField)) != 0,
            Find = find,
            HasNode = (seen & (1 << NodeField)) != 0,
            Node = node,
            HasValues = (seen & (1 << ValuesField)) != 0,
            Values = values,
            IsMarked = mark != 0,
        };
        return true;
    }

    // To others than us the field means nothing: of another type it is one more unknown field, not an error.
    private static bool TryReadMark(ref ProtoReader reader, ref ulong mark) =>
        reader.TryReadNumber(out ulong value) ? Set(ref mark, value) : reader.TrySkip();

    private static bool Set(ref ulong mark, ulong value)
    {
        mark = value;
        return true;
    }
}
