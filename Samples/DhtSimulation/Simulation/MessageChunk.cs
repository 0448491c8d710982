using System.Runtime.CompilerServices;
using Ouroboros.Layers;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// A few messages one behind the other, as they were sent, with their contacts and values: whoever takes them reads on in memory. Used again and again, the last that was
/// emptied first, so that what is written to is still in a cache.
/// </summary>
internal sealed class MessageChunk
{
    private const int MostMessages = 8;
    private const int MostContacts = 48;
    private const int MostValues = 16;

    private int _contactCount;
    private int _valueCount;
    private Messages _messages;
    private Contacts _contacts;
    private Values _values;

    /// <summary>The next of a list.</summary>
    public MessageChunk? Next { get; set; }

    /// <summary>Messages in it.</summary>
    public int Count { get; private set; }

    public ref readonly SimulatedMessage this[int index] => ref _messages[index];

    /// <summary>Keeps a message; its spans are copied. What is empty has room for each.</summary>
    /// <returns>false when there is no room for it.</returns>
    public bool TryAdd(in DhtMessage message, ulong target)
    {
        if (Count == MostMessages || message.Contacts.Length > MostContacts - _contactCount || message.Values.Length > MostValues - _valueCount) return false;
        ref var kept = ref _messages[Count++];
        kept.Source = message.Source;
        kept.Key = message.Key;
        kept.Cookie = message.Cookie;
        kept.Target = target;
        kept.Value = message.Value;
        kept.Expiry = message.Expiry;
        kept.Code = message.Code;
        kept.IsMarked = message.IsMarked;
        kept.FirstContact = (byte)_contactCount;
        kept.ContactCount = (byte)message.Contacts.Length;
        kept.FirstValue = (byte)_valueCount;
        kept.ValueCount = (byte)message.Values.Length;
        message.Contacts.CopyTo(((Span<DhtContact>)_contacts)[_contactCount..]);
        message.Values.CopyTo(((Span<ulong>)_values)[_valueCount..]);
        _contactCount += message.Contacts.Length;
        _valueCount += message.Values.Length;
        return true;
    }

    /// <summary>The message as nodes take it; good until the chunk is cleared.</summary>
    public DhtMessage Read(int index)
    {
        ref readonly var kept = ref _messages[index];
        return new DhtMessage
        {
            Code = kept.Code,
            Source = kept.Source,
            Key = kept.Key,
            Cookie = kept.Cookie,
            Value = kept.Value,
            Expiry = kept.Expiry,
            IsMarked = kept.IsMarked,
            Contacts = ((ReadOnlySpan<DhtContact>)_contacts).Slice(kept.FirstContact, kept.ContactCount),
            Values = ((ReadOnlySpan<ulong>)_values).Slice(kept.FirstValue, kept.ValueCount),
        };
    }

    /// <summary>Begins to fetch a message.</summary>
    public void Fetch(int index) => CacheLines.Fetch(ref _messages[index], 1);

    /// <summary>Begins to fetch the contacts of a message that has been fetched.</summary>
    public void FetchContacts(int index)
    {
        ref readonly var kept = ref _messages[index];
        if (kept.ContactCount > 0) CacheLines.Fetch(ref _contacts[kept.FirstContact], kept.ContactCount);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Next = null;
        Count = 0;
        _contactCount = 0;
        _valueCount = 0;
    }

    [InlineArray(MostMessages)]
    private struct Messages
    {
        private SimulatedMessage _first;
    }

    [InlineArray(MostContacts)]
    private struct Contacts
    {
        private DhtContact _first;
    }

    [InlineArray(MostValues)]
    private struct Values
    {
        private ulong _first;
    }
}
