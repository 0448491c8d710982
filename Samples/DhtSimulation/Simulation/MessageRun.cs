using Ouroboros.Layers;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// Messages one behind the other, as they were sent: whoever takes them reads on in memory, which the processor fetches by itself. The arrays are used again and again, so that
/// none costs an allocation.
/// </summary>
internal sealed class MessageRun
{
    private SimulatedMessage[] _messages = new SimulatedMessage[8];
    private DhtContact[] _contacts = new DhtContact[32];
    private ulong[] _values = new ulong[8];
    private int _contactCount;
    private int _valueCount;

    /// <summary>Messages in it.</summary>
    public int Count { get; private set; }

    public ref readonly SimulatedMessage this[int index] => ref _messages[index];

    /// <summary>Keeps a message; its spans are copied.</summary>
    public void Add(in DhtMessage message, ulong target)
    {
        if (Count == _messages.Length) Array.Resize(ref _messages, 2 * Count);
        ref var kept = ref _messages[Count++];
        kept.Source = message.Source;
        kept.Key = message.Key;
        kept.Cookie = message.Cookie;
        kept.Target = target;
        kept.Value = message.Value;
        kept.Expiry = message.Expiry;
        kept.Code = message.Code;
        kept.IsMarked = message.IsMarked;
        kept.ContactCount = (byte)message.Contacts.Length;
        kept.ValueCount = (byte)message.Values.Length;
        kept.FirstContact = Append(ref _contacts, ref _contactCount, message.Contacts);
        kept.FirstValue = Append(ref _values, ref _valueCount, message.Values);
    }

    /// <summary>The message as nodes take it; good until the run is cleared.</summary>
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
            Contacts = _contacts.AsSpan(kept.FirstContact, kept.ContactCount),
            Values = _values.AsSpan(kept.FirstValue, kept.ValueCount),
        };
    }

    /// <summary>Begins to fetch a message.</summary>
    public void Fetch(int index) => CacheLines.Fetch(_messages, index, 1);

    /// <summary>Begins to fetch the contacts of a message that has been fetched.</summary>
    public void FetchContacts(int index)
    {
        ref readonly var kept = ref _messages[index];
        if (kept.ContactCount > 0) CacheLines.Fetch(_contacts, kept.FirstContact, kept.ContactCount);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Count = 0;
        _contactCount = 0;
        _valueCount = 0;
    }

    private static int Append<T>(ref T[] to, ref int count, ReadOnlySpan<T> some)
    {
        var first = count;
        if (some.Length == 0) return first;
        if (to.Length - count < some.Length) Array.Resize(ref to, Math.Max(2 * to.Length, count + some.Length));
        some.CopyTo(to.AsSpan(count));
        count += some.Length;
        return first;
    }
}
