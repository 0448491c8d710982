namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>Time-outs and limits of the connection manager.</summary>
public sealed record ConnectionSettings
{
    /// <summary>How long the first message of the other side may take (reference: CONNMGR_RCV_TIMEOUT).</summary>
    public TimeSpan ReceiveTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a flow to a neighbour may take to be allocated (reference: FLOW_ALLOC_TIMEOUT).</summary>
    public TimeSpan AllocationTimeout { get; init; } = TimeSpan.FromSeconds(18);

    /// <summary>Shortest time that a neighbour may ask for not to be silent any longer.</summary>
    public static readonly TimeSpan LeastPeerTimeout = TimeSpan.FromSeconds(1);

    /// <summary>What a member says when its options say nothing.</summary>
    public static readonly TimeSpan DefaultPeerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a neighbour of ours may be silent until it counts as gone; <see cref="TimeSpan.Zero"/> = as long as the flow's QoS says, which is the rule for
    /// neighbours of the reference (120 s).
    /// </summary>
    public TimeSpan PeerTimeout { get; init; } = DefaultPeerTimeout;

    /// <summary>Accepted flows that may wait for their first message at a time.</summary>
    public int MaxHalfOpen { get; init; } = 128;

    /// <summary>Flows that are accepted a second, on average.</summary>
    public int AcceptRate { get; init; } = 256;

    /// <summary>And at once.</summary>
    public int AcceptBurst { get; init; } = 512;

    /// <summary>Connections of a component that one neighbour may have; the oldest goes for a new one.</summary>
    public int MaxPerPeer { get; init; } = 4;

    /// <summary>Neighbours that were disconnected here and are remembered for it.</summary>
    public int MaxUnwanted { get; init; } = 256;

    /// <summary>How long after a connection was lost it is tried again first; doubled from then on.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest time between two tries: a neighbour that comes back is not to be waited for longer, and a try costs a few small packets.</summary>
    public TimeSpan RetryLongest { get; init; } = TimeSpan.FromSeconds(5);
}
