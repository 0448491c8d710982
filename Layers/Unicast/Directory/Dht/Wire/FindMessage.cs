namespace Ouroboros.Layers.Unicast.Directory.Dht.Wire;

/// <summary>A question about a key: <c>1 cookie, 2 key</c>, both required.</summary>
public readonly ref struct FindMessage
{
    private const int CookieField = 1;
    private const int KeyField = 2;

    private FindMessage(ulong cookie, ReadOnlySpan<byte> key)
    {
        Cookie = cookie;
        Key = key;
    }

    /// <summary>Repeated in the answer.</summary>
    public ulong Cookie { get; }

    /// <summary>What is asked for.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>Reads it; false when it is malformed or a required field is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out FindMessage find)
    {
        find = default;
        var reader = new ProtoReader(data);
        ulong cookie = 0;
        ReadOnlySpan<byte> key = default;
        var seen = 0;
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var field)) return false;
            var read = field switch
            {
                CookieField => reader.TryReadNumber(out cookie),
                KeyField => reader.TryReadBytes(out key),
                _ => reader.TrySkip(),
            };
            if (!read) return false;
            if (field <= KeyField) seen |= 1 << (int)field;
        }
        if (seen != ((1 << CookieField) | (1 << KeyField))) return false;
        find = new FindMessage(cookie, key);
        return true;
    }

    internal static int SizeOf(int keyLength, ulong cookie) => ProtoWriter.SizeOfNumber(cookie) + ProtoWriter.SizeOfBytes(keyLength);

    internal static void Write(ref ProtoWriter writer, int field, ReadOnlySpan<byte> key, ulong cookie)
    {
        writer.BeginBytes(field, SizeOf(key.Length, cookie));
        writer.WriteNumber(CookieField, cookie);
        writer.WriteBytes(KeyField, key);
    }
}
