namespace Ouroboros.Layers.Unicast.Directory.Dht.Wire;

/// <summary>The values of a key: <c>1 values</c>, repeated. Present in every answer to a question for values, also when there is none.</summary>
public readonly ref struct ValuesMessage
{
    private const int ValuesField = 1;

    private readonly ReadOnlySpan<byte> _data;

    private ValuesMessage(ReadOnlySpan<byte> data, int count)
    {
        _data = data;
        Count = count;
    }

    /// <summary>Values in the answer.</summary>
    public int Count { get; }

    /// <summary>Walks the values in order.</summary>
    public Enumerator GetEnumerator() => new(_data);

    /// <summary>Reads it; false when it is malformed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out ValuesMessage values)
    {
        values = default;
        var reader = new ProtoReader(data);
        var count = 0;
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var field)) return false;
            if (!(field == ValuesField ? reader.TryReadBytes(out _) : reader.TrySkip())) return false;
            if (field == ValuesField) count++;
        }
        values = new ValuesMessage(data, count);
        return true;
    }

    internal static int SizeOf(int count) => count * ProtoWriter.SizeOfBytes(AddressValue.Length);

    internal static void Write(ref ProtoWriter writer, int field, ReadOnlySpan<ulong> values)
    {
        Span<byte> bytes = stackalloc byte[AddressValue.Length];
        writer.BeginBytes(field, SizeOf(values.Length));
        foreach (var value in values)
        {
            AddressValue.Write(value, bytes);
            writer.WriteBytes(ValuesField, bytes);
        }
    }

    /// <summary>The values of an answer, one after the other.</summary>
    public ref struct Enumerator
    {
        private ProtoReader _reader;
        private ReadOnlySpan<byte> _current;

        internal Enumerator(ReadOnlySpan<byte> data) => _reader = new ProtoReader(data);

        /// <summary>The value at hand: bytes of any number.</summary>
        public readonly ReadOnlySpan<byte> Current => _current;

        /// <summary>Goes to the next.</summary>
        public bool MoveNext()
        {
            while (!_reader.AtEnd && _reader.TryReadField(out var field))
            {
                if (field == ValuesField) return _reader.TryReadBytes(out _current);
                if (!_reader.TrySkip()) return false;
            }
            return false;
        }
    }
}
