using Ouroboros.Layers.Unicast.Congestion;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast;

/// <summary>What data transfer is made with; the same for all members of a layer, except the queues.</summary>
public sealed record DataTransferConfig
{
    /// <summary>Hops that a packet of ours may take: one more than the nodes that forward it (reference: 60).</summary>
    public byte MaxTtl { get; init; } = 60;

    /// <summary>How congestion is avoided.</summary>
    public ICongestionPolicy Congestion { get; init; } = CongestionPolicies.Find(1);

    /// <summary>Which next hops are used.</summary>
    public IForwardingPolicy Forwarding { get; init; } = ForwardingPolicies.Find(0);

    /// <summary>Packets of a cube that wait for an adjacency at most (reference: the ring of the flow below, 1023).</summary>
    public int QueueCapacity { get; init; } = PacketRing.DefaultCapacity;
}
