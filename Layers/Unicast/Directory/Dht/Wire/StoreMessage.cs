namespace Ouroboros.Layers.Unicast.Directory.Dht.Wire;

/// <summary>A value to keep: <c>1 key, 2 val, 3 exp</c>, all required.</summary>
public readonly ref struct StoreMessage
{
    private const int KeyField = 1;
    private const int ValueField = 2;
    private const int ExpiryField = 3;

    private StoreMessage(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, uint expiry)
    {
        Key = key;
        Value = value;
        Expiry = expiry;
    }

    /// <summary>Hash of a name.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>An address: 8 bytes, big endian. Other lengths do occur.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>When it ends: seconds since 1970 by the clock of whoever published it.</summary>
    public uint Expiry { get; }

    /// <summary>Reads it; false when it is malformed or a required field is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out StoreMessage store)
    {
        store = default;
        var reader = new ProtoReader(data);
        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> value = default;
        uint expiry = 0;
        var seen = 0;
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var field)) return false;
            var read = field switch
            {
                KeyField => reader.TryReadBytes(out key),
                ValueField => reader.TryReadBytes(out value),
                ExpiryField => reader.TryReadNumber(out expiry),
                _ => reader.TrySkip(),
            };
            if (!read) return false;
            if (field <= ExpiryField) seen |= 1 << (int)field;
        }
        if (seen != ((1 << KeyField) | (1 << ValueField) | (1 << ExpiryField))) return false;
        store = new StoreMessage(key, value, expiry);
        return true;
    }

    internal static int SizeOf(int keyLength, uint expiry) =>
        ProtoWriter.SizeOfBytes(keyLength) + ProtoWriter.SizeOfBytes(AddressValue.Length) + ProtoWriter.SizeOfNumber(expiry);

    internal static void Write(ref ProtoWriter writer, int field, ReadOnlySpan<byte> key, ulong value, uint expiry)
    {
        Span<byte> bytes = stackalloc byte[AddressValue.Length];
        AddressValue.Write(value, bytes);
        writer.BeginBytes(field, SizeOf(key.Length, expiry));
        writer.WriteBytes(KeyField, key);
        writer.WriteBytes(ValueField, bytes);
        writer.WriteNumber(ExpiryField, expiry);
    }
}
