namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>Time-outs and limits of the connection manager.</summary>
public sealed record ConnectionSettings
{
    /// <summary>How long the first message of the other side may take (reference: CONNMGR_RCV_TIMEOUT).</summary>
    public TimeSpan ReceiveTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a flow to a neighbour may take to be allocated (reference: FLOW_ALLOC_TIMEOUT).</summary>
    public TimeSpan AllocationTimeout { get; init; } = TimeSpan.FromSeconds(18);

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
