namespace Ouroboros.Layers.Unicast;

/// <summary>What is counted for each adjacency and cube, in the order of the reference's RIB (unicast-data-plane.md section 13).</summary>
public enum AdjacencyCount
{
    /// <summary>Sent, in transit or our own.</summary>
    Sent,

    /// <summary>Received.</summary>
    Received,

    /// <summary>Of those sent: for components, made here.</summary>
    LocalSent,

    /// <summary>Of those received: for components of this member.</summary>
    LocalReceived,

    /// <summary>Received and dropped because of the TTL.</summary>
    DroppedTtl,

    /// <summary>Not taken by the layer below.</summary>
    FailedWrites,

    /// <summary>Received and dropped because there was no next hop.</summary>
    FailedNextHop,
}
