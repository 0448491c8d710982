using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Wire;

/// <summary>Nodes near a key: <c>1 cookie, 2 key</c>, both required, <c>3 contacts</c>, repeated.</summary>
public readonly ref struct NodeMessage
{
    private const int CookieField = 1;
    private const int KeyField = 2;
    private const int ContactsField = 3;

    private NodeMessage(ReadOnlySpan<byte> data, ulong cookie, ReadOnlySpan<byte> key, int count)
    {
        _data = data;
        Cookie = cookie;
        Key = key;
        ContactCount = count;
    }

    private readonly ReadOnlySpan<byte> _data;

    /// <summary>That of the request.</summary>
    public ulong Cookie { get; }

    /// <summary>What was asked for.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>Contacts in the answer.</summary>
    public int ContactCount { get; }

    /// <summary>Walks the contacts in order.</summary>
    public Enumerator GetEnumerator() => new(_data);

    /// <summary>Reads it; false when it or one of its contacts is malformed, or a required field is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out NodeMessage node)
    {
        node = default;
        var reader = new ProtoReader(data);
        ulong cookie = 0;
        ReadOnlySpan<byte> key = default;
        var count = 0;
        var seen = 0;
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var field)) return false;
            ReadOnlySpan<byte> contact = default;
            var read = field switch
            {
                CookieField => reader.TryReadNumber(out cookie),
                KeyField => reader.TryReadBytes(out key),
                ContactsField => reader.TryReadBytes(out contact) && ContactMessage.TryParse(contact, out _),
                _ => reader.TrySkip(),
            };
            if (!read) return false;
            if (field == ContactsField) count++;
            else if (field <= KeyField) seen |= 1 << (int)field;
        }
        if (seen != ((1 << CookieField) | (1 << KeyField))) return false;
        node = new NodeMessage(data, cookie, key, count);
        return true;
    }

    internal static int SizeOf(int keyLength, ulong cookie, ReadOnlySpan<DhtContact> contacts)
    {
        var size = ProtoWriter.SizeOfNumber(cookie) + ProtoWriter.SizeOfBytes(keyLength);
        foreach (ref readonly var contact in contacts) size += ProtoWriter.SizeOfBytes(ContactMessage.SizeOf(contact));
        return size;
    }

    internal static void Write(
        ref ProtoWriter writer, int field, ReadOnlySpan<byte> key, ulong cookie, ReadOnlySpan<DhtContact> contacts)
    {
        writer.BeginBytes(field, SizeOf(key.Length, cookie, contacts));
        writer.WriteNumber(CookieField, cookie);
        writer.WriteBytes(KeyField, key);
        foreach (ref readonly var contact in contacts) ContactMessage.Write(ref writer, ContactsField, contact);
    }

    /// <summary>The contacts of an answer, one after the other.</summary>
    public ref struct Enumerator
    {
        private ProtoReader _reader;
        private ContactMessage _current;

        internal Enumerator(ReadOnlySpan<byte> data) => _reader = new ProtoReader(data);

        /// <summary>The contact at hand.</summary>
        public readonly ContactMessage Current => _current;

        /// <summary>Goes to the next.</summary>
        public bool MoveNext()
        {
            while (!_reader.AtEnd && _reader.TryReadField(out var field))
            {
                if (field != ContactsField)
                {
                    if (!_reader.TrySkip()) return false;
                    continue;
                }
                return _reader.TryReadBytes(out var contact) && ContactMessage.TryParse(contact, out _current);
            }
            return false;
        }
    }
}
