using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Storage;

/// <summary>The names that a node registered, and the order in which they are to be published again.</summary>
internal sealed class Registrations
{
    private readonly Dictionary<DhtKey, Registration> _keys = [];

    // What is not due at its time in here was removed or put in again: dropped when its turn comes.
    private readonly PriorityQueue<Registration, long> _due = new();

    public int Count => _keys.Count;

    public Dictionary<DhtKey, Registration>.ValueCollection All => _keys.Values;

    /// <summary>When the next is due, milliseconds. Asked for after nearly every message.</summary>
    public long NextDue { get; private set; } = long.MaxValue;

    public bool Contains(in DhtKey key) => _keys.ContainsKey(key);

    public Registration Add(in DhtKey key)
    {
        if (!_keys.TryGetValue(key, out var registration)) _keys[key] = registration = new Registration(key);
        return registration;
    }

    public bool Remove(in DhtKey key, out Registration? registration)
    {
        if (!_keys.Remove(key, out registration)) return false;
        registration.DueAt = long.MaxValue;
        Advance();
        return true;
    }

    public bool IsHere(Registration registration) => _keys.TryGetValue(registration.Key, out var here) && ReferenceEquals(here, registration);

    public void Schedule(Registration registration, long dueAt)
    {
        if (registration.DueAt == dueAt) return;
        registration.DueAt = dueAt;
        if (dueAt != long.MaxValue) _due.Enqueue(registration, dueAt);
        if (_due.Count > (2 * _keys.Count) + 16) Rebuild();
        Advance();
    }

    /// <summary>Takes the next that is due.</summary>
    public bool TryTake(long now, out Registration? registration)
    {
        registration = null;
        if (NextDue > now) return false;
        registration = _due.Dequeue();
        registration.DueAt = long.MaxValue;
        Advance();
        return true;
    }

    private void Advance()
    {
        while (_due.TryPeek(out var registration, out var due))
        {
            NextDue = due;
            if (registration.DueAt == due) return;
            _due.Dequeue();
        }
        NextDue = long.MaxValue;
    }

    private void Rebuild()
    {
        _due.Clear();
        foreach (var registration in _keys.Values)
        {
            if (registration.DueAt != long.MaxValue) _due.Enqueue(registration, registration.DueAt);
        }
    }
}
