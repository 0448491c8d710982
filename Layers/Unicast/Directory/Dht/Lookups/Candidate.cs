using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>A node that a look-up knows of.</summary>
internal struct Candidate
{
    public DhtContact Contact;

    /// <summary>What the answer to its first request has to carry; those to repetitions have the next numbers, so that one knows which was answered.</summary>
    public ulong Cookie;

    /// <summary>When it was first asked, milliseconds.</summary>
    public long AskedAt;

    /// <summary>When it was last asked, milliseconds.</summary>
    public long RepeatedAt;

    /// <summary>When it will be asked again or given up, milliseconds.</summary>
    public long Due;
}
