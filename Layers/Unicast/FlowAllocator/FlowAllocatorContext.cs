using Akka.Actor;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast;

/// <summary>What a flow allocator's actor is given when it is made, and again after a restart.</summary>
/// <param name="IpcpId">Number of the IPCP.</param>
/// <param name="Layer">The layer.</param>
/// <param name="DataTransfer">The member's data transfer.</param>
/// <param name="State">What outlives the actor.</param>
/// <param name="Irmd">Whom requests of peers are reported to; it answers the IPCP, which passes the answer on.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Outside tests one that nobody can foresee.</param>
public sealed record FlowAllocatorContext(
    int IpcpId, LayerInfo Layer, DataTransfer DataTransfer, FlowAllocatorState State, IActorRef Irmd, TimeProvider Time, Random Random)
{
    /// <summary>Times and limits.</summary>
    public FlowAllocatorSettings Settings { get; init; } = new();
}
