using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Storage;

/// <summary>A name that is no longer registered, and the nodes that have not yet asked whether that is so.</summary>
internal sealed class Withdrawal(DhtKey key, IEnumerable<ulong> holders)
{
    public DhtKey Key { get; } = key;

    public List<ulong> Holders { get; } = [.. holders];

    public long DueAt { get; set; }

    public int Tries { get; set; }
}
