using System.Runtime.InteropServices;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>For whoever runs many nodes: what a message costs is fetching from memory the node that it goes to.</summary>
public sealed partial class DhtNode
{
    /// <summary>Steps of <see cref="Prefetch"/>.</summary>
    public const int PrefetchSteps = 4;

    private const int OwnBytes = 384;

    /// <summary>
    /// Has the processor fetch what a message that comes soon will touch. Each step follows what the one before has fetched, so between two of a
    /// node there is to be other work. Does nothing else: leaving it out, or giving it another message, changes no result.
    /// </summary>
    /// <param name="step">0 to <see cref="PrefetchSteps"/> - 1.</param>
    /// <param name="key">What the message is about.</param>
    /// <param name="source">The id of its sender.</param>
    public void Prefetch(int step, in DhtKey key, in DhtKey source)
    {
        switch (step)
        {
            case 0:
                CacheLines.Fetch(this, OwnBytes);
                break;
            case 1:
                CacheLines.Fetch(_table, 64);
                CacheLines.Fetch(Counters, 128);
                CacheLines.Fetch(_lookups, 64);
                CacheLines.Fetch(_probes, 64);
                break;
            case 2:
                _table.PrefetchParts();
                CacheLines.Fetch(ref MemoryMarshal.GetReference(CollectionsMarshal.AsSpan(_lookups)), 64);
                CacheLines.Fetch(ref MemoryMarshal.GetReference(CollectionsMarshal.AsSpan(_probes)), 128);
                break;
            default:
                _table.Prefetch(key);
                _table.Prefetch(source);
                if (_lookups.Count > 0) CacheLines.Fetch(_lookups[0], 128);
                break;
        }
    }
}
