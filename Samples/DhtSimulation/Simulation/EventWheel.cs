using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Storage;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// What is to happen, by the millisecond: a ring of lists over one slab, so that putting in and taking out cost the same however much waits.
/// Within a millisecond, first in, first out. What lies past the horizon is put at the horizon, and whoever wanted it is asked again there.
/// </summary>
internal sealed class EventWheel
{
    /// <summary>Milliseconds that the ring covers.</summary>
    public const int Horizon = 1 << 16;

    public const int MaxContacts = DhtOptions.MaxK;
    public const int MaxValues = 8;

    private readonly int[] _first = new int[Horizon];
    private readonly int[] _last = new int[Horizon];
    private readonly int _contactsPerEvent;
    private SimulatedEvent[] _events = new SimulatedEvent[1 << 12];
    private DhtContact[] _contacts;
    private ulong[] _values;
    private int _free = -1;
    private int _used;

    public EventWheel(int contactsPerEvent)
    {
        _contactsPerEvent = contactsPerEvent;
        _contacts = new DhtContact[_events.Length * contactsPerEvent];
        _values = new ulong[_events.Length * MaxValues];
        _first.AsSpan().Fill(-1);
    }

    public ref SimulatedEvent this[int index] => ref _events[index];

    public Span<DhtContact> Contacts(int index) => _contacts.AsSpan(index * _contactsPerEvent, _contactsPerEvent);

    public Span<ulong> Values(int index) => _values.AsSpan(index * MaxValues, MaxValues);

    /// <summary>An element to fill in.</summary>
    public int Rent()
    {
        if (_free >= 0)
        {
            var index = _free;
            _free = _events[index].Next;
            return index;
        }
        if (_used == _events.Length)
        {
            Array.Resize(ref _events, _used * 2);
            Array.Resize(ref _contacts, _used * 2 * _contactsPerEvent);
            Array.Resize(ref _values, _used * 2 * MaxValues);
        }
        return _used++;
    }

    public void Return(int index)
    {
        _events[index].Next = _free;
        _free = index;
    }

    /// <summary>Puts an element at a time after now.</summary>
    public void Put(int index, long at)
    {
        var slot = (int)(at & (Horizon - 1));
        _events[index].Next = -1;
        if (_first[slot] < 0) _first[slot] = index;
        else _events[_last[slot]].Next = index;
        _last[slot] = index;
    }

    /// <summary>Takes all of a millisecond: the first of a list; -1 when there is nothing.</summary>
    public int Take(long now)
    {
        var slot = (int)(now & (Horizon - 1));
        var first = _first[slot];
        _first[slot] = -1;
        return first;
    }
}
