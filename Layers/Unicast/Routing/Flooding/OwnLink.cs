namespace Ouroboros.Layers.Unicast.Routing.Flooding;

/// <summary>
/// A link of this member: there as long as one of the flows to the neighbour is up, and remembered for a while after that with the last sequence
/// number, so that it is taken up again above it.
/// </summary>
internal sealed class OwnLink(ulong peer)
{
    /// <summary>Address of the neighbour.</summary>
    public ulong Peer => peer;

    /// <summary>Flows to the neighbour.</summary>
    public int Flows { get; set; }

    /// <summary>Of these, those that are up.</summary>
    public int Usable { get; set; }

    /// <summary>The highest sequence number that was used or seen; null before the first.</summary>
    public ulong? Last { get; set; }

    /// <summary>Number of its entry in the database; -1 when there is none.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>It is to be announced, or refuted, as soon as <see cref="NotBefore"/> has come.</summary>
    public bool IsDue { get; set; }

    /// <summary>Nothing is said about it again before this time, its going away excepted.</summary>
    public long NotBefore { get; set; }

    /// <summary>When a change is announced once more.</summary>
    public long AgainAt { get; set; } = LinkStateNode.Never;

    /// <summary>How often running others have announced it; each time doubles the pause before the answer.</summary>
    public int Fights { get; set; }

    /// <summary>When that was last.</summary>
    public long LastFight { get; set; }

    /// <summary>When a link that is gone is forgotten.</summary>
    public long ForgetAt { get; set; }
}
