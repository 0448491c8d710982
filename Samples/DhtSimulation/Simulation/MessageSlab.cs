using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>Messages in arrays that are used again and again, so that none costs an allocation. The one given back last is given out next, while it is in the caches.</summary>
internal sealed class MessageSlab
{
    private const int MaxValues = 8;

    private readonly int _contactsEach;
    private SimulatedMessage[] _messages = new SimulatedMessage[1 << 10];
    private DhtContact[] _contacts;
    private ulong[] _values;
    private int _free = -1;

    public MessageSlab(int contactsEach)
    {
        _contactsEach = contactsEach;
        _contacts = new DhtContact[_messages.Length * contactsEach];
        _values = new ulong[_messages.Length * MaxValues];
    }

    /// <summary>Elements given out since it was made or cleared, those given back too.</summary>
    public int Used { get; private set; }

    public ref SimulatedMessage this[int index] => ref _messages[index];

    /// <summary>Keeps a message; its spans are copied.</summary>
    public int Add(in DhtMessage message, ulong target, long at)
    {
        var index = Rent();
        ref var kept = ref _messages[index];
        kept.Source = message.Source;
        kept.Key = message.Key;
        kept.Cookie = message.Cookie;
        kept.Target = target;
        kept.Value = message.Value;
        kept.At = at;
        kept.Expiry = message.Expiry;
        kept.Code = message.Code;
        kept.IsMarked = message.IsMarked;
        kept.ContactCount = (byte)message.Contacts.Length;
        kept.ValueCount = (byte)message.Values.Length;
        message.Contacts.CopyTo(_contacts.AsSpan(index * _contactsEach));
        message.Values.CopyTo(_values.AsSpan(index * MaxValues));
        return index;
    }

    /// <summary>The message as nodes take it; good until the element is given back.</summary>
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
            Contacts = _contacts.AsSpan(index * _contactsEach, kept.ContactCount),
            Values = _values.AsSpan(index * MaxValues, kept.ValueCount),
        };
    }

    public void Return(int index)
    {
        _messages[index].Next = _free;
        _free = index;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Used = 0;
        _free = -1;
    }

    private int Rent()
    {
        if (_free >= 0)
        {
            var index = _free;
            _free = _messages[index].Next;
            return index;
        }
        if (Used == _messages.Length)
        {
            Array.Resize(ref _messages, Used * 2);
            Array.Resize(ref _contacts, Used * 2 * _contactsEach);
            Array.Resize(ref _values, Used * 2 * MaxValues);
        }
        return Used++;
    }
}
