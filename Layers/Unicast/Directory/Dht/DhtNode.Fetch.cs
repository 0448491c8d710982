using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <content>
/// Hints for whoever runs many nodes in one process and knows the next messages: with ten thousand of them none is in a cache, and waiting for one piece of
/// memory after the other is most of what a message costs. Each step needs what the one before has fetched, so they belong some messages apart, in
/// this order. They change nothing.
/// </content>
public sealed partial class DhtNode
{
    private const int NodeBytes = 448;
    private const int PartBytes = 64;
    private const int TableBytes = 128;

    // A round of refreshing begins four at a time.
    private const int UsualLookups = 4;
    private const int UsualProbes = 2;

    /// <summary>Begins to fetch the node itself.</summary>
    public void FetchNode() => CacheLines.Fetch(this, NodeBytes);

    /// <summary>Begins to fetch what it consists of.</summary>
    public void FetchParts()
    {
        CacheLines.Fetch(_table, TableBytes);
        Counters.Fetch();
        CacheLines.Fetch(_registrations, PartBytes);
        CacheLines.Fetch(_values, PartBytes);
        _lookups.Fetch(UsualLookups);
        _probes.Fetch(1);
    }

    /// <summary>Begins to fetch what the table consists of.</summary>
    public void FetchTable() => _table.FetchHeads();

    /// <summary>Begins to fetch what a message from <paramref name="source"/> about <paramref name="key"/> will need of them.</summary>
    public void FetchFor(DhtCode code, in DhtKey key, in DhtKey source)
    {
        switch (code)
        {
            case DhtCode.FindNodeAnswer or DhtCode.FindValueAnswer:
                _table.FetchToAnswer(source);
                foreach (ref readonly var running in _lookups.Span)
                {
                    if (running.Prefix == key.Prefix) running.Lookup.Fetch();
                }
                break;
            case DhtCode.FindNodeRequest or DhtCode.FindValueRequest:
                _table.FetchClosest(key);
                _table.FetchToHear(source);
                break;
            default:
                _table.FetchToHear(source);
                break;
        }
    }
}
