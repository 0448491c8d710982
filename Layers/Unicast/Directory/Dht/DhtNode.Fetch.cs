using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <content>
/// Hints for whoever runs many nodes in one process and knows the next messages: with ten thousand of them none is in a cache, and waiting for one piece of
/// memory after the other is most of what a message costs. Each step needs what the one before has fetched, so they belong some messages apart, in
/// this order. They change nothing.
/// </content>
public sealed partial class DhtNode
{
    private const int NodeBytes = 576;
    private const int PartBytes = 64;
    private const int CounterBytes = 128;

    /// <summary>Begins to fetch the node itself.</summary>
    public void FetchNode() => CacheLines.Fetch(this, NodeBytes);

    /// <summary>Begins to fetch what it consists of.</summary>
    public void FetchParts()
    {
        CacheLines.Fetch(_table, PartBytes);
        CacheLines.Fetch(Counters, CounterBytes);
        CacheLines.Fetch(_lookups, PartBytes);
        CacheLines.Fetch(_probes, PartBytes);
        CacheLines.Fetch(_registrations, PartBytes);
        CacheLines.Fetch(_values, PartBytes);
        CacheLines.Fetch(_withdrawals, PartBytes);
    }

    /// <summary>Begins to fetch the contacts that a message from <paramref name="source"/> about <paramref name="key"/> will need.</summary>
    public void FetchContacts(in DhtKey key, in DhtKey source) => _table.Fetch(key, source);
}
