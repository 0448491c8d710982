using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>A node that a look-up knows of.</summary>
internal struct Candidate
{
    public DhtContact Contact;

    /// <summary>Distance to the target by the first 8 bytes.</summary>
    public ulong Distance;

    /// <summary>What the answer to its first request has to carry; those to repetitions have the next numbers, so that one knows which was answered.</summary>
    public ulong Cookie;

    /// <summary>When it was first asked, milliseconds.</summary>
    public long AskedAt;

    /// <summary>When it was last asked, milliseconds.</summary>
    public long RepeatedAt;

    /// <summary>When it will be asked again or given up, milliseconds.</summary>
    public long Due;

    public CandidateState State;

    /// <summary>How often it was asked.</summary>
    public byte Tries;

    /// <summary>Hops from the own table: 1 is a contact of ours, 2 one that such a contact named.</summary>
    public byte Hops;

    /// <summary>Whether it counts among the alpha that are asked at a time; one that is late does not.</summary>
    public bool InFlight;
}
