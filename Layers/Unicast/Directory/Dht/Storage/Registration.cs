using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Storage;

/// <summary>A name that this node registered, and which nodes were asked to keep it.</summary>
internal sealed class Registration(DhtKey key)
{
    public DhtKey Key { get; } = key;

    /// <summary>When it is to be published next, milliseconds; <see cref="long.MaxValue"/> while it is being published.</summary>
    public long DueAt { get; set; } = long.MaxValue;

    /// <summary>Time to the publication after that, milliseconds.</summary>
    public long Interval { get; set; }

    /// <summary>The nodes of the last publication.</summary>
    public ulong[] Holders { get; set; } = [];
}
