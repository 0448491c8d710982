namespace Ouroboros.Layers.Flow;

/// <summary>Why an end of a flow is down. It is up again only when no reason is left, so that undoing one never hides another.</summary>
[Flags]
internal enum DownReasons
{
    /// <summary>It is up.</summary>
    None = 0,

    /// <summary>Its own user set <see cref="FlowFlags.Down"/>.</summary>
    User = 1,

    /// <summary>The link below, or the other side's user.</summary>
    Link = 2,

    /// <summary>The other side has released the flow; final.</summary>
    PeerClosed = 4,

    /// <summary>The layer failed; final.</summary>
    LayerFailed = 8,

    /// <summary>Its own user has released it; final.</summary>
    Closed = 16,

    /// <summary>The peer has not acknowledged in time; final.</summary>
    PeerSilent = 32,
}
