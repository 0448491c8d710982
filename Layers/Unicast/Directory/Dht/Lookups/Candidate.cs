using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>A node that a look-up knows of.</summary>
internal struct Candidate
{
    public DhtContact Contact;

    /// <summary>When it was first asked, milliseconds.</summary>
    public long AskedAt;

    /// <summary>When it was last asked, milliseconds.</summary>
    public long RepeatedAt;
}
