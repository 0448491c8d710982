using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Storage;

/// <summary>Results of recent queries, found or not, for a short while. Bounded: when it is full, the oldest goes.</summary>
internal sealed class QueryCache
{
    private const int Capacity = 1024;

    /// <summary>How long what was found is good for (dht.md section 13), milliseconds.</summary>
    private const int Found = 60_000;

    /// <summary>How long it is good for that nothing was found, milliseconds.</summary>
    private const int NotFound = 1_000;

    private readonly Dictionary<DhtKey, Entry> _entries = [];
    private readonly Queue<(DhtKey Key, long Until)> _order = new();

    public int Count => _entries.Count;

    /// <summary>The result; empty when it is known that there is none, null when nothing is known.</summary>
    public ulong[]? Find(in DhtKey key, long now) =>
        _entries.Count > 0 && _entries.TryGetValue(key, out var entry) && entry.Until > now ? entry.Addresses : null;

    public void Set(in DhtKey key, ulong[] addresses, long now)
    {
        var until = now + (addresses.Length > 0 ? Found : NotFound);
        _entries[key] = new Entry(addresses, until);
        _order.Enqueue((key, until));
        while (_order.TryPeek(out var oldest) && (_order.Count > Capacity || oldest.Until <= now))
        {
            _order.Dequeue();
            if (_entries.TryGetValue(oldest.Key, out var entry) && entry.Until == oldest.Until) _entries.Remove(oldest.Key);
        }
    }

    /// <summary>An address turned out to be wrong.</summary>
    public void Forget(in DhtKey key, ulong address)
    {
        if (!_entries.TryGetValue(key, out var entry)) return;
        var left = entry.Addresses.Where(a => a != address).ToArray();
        if (left.Length == 0) _entries.Remove(key);
        else _entries[key] = entry with { Addresses = left };
    }

    public void Forget(in DhtKey key) => _entries.Remove(key);

    private readonly record struct Entry(ulong[] Addresses, long Until);
}
