using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>What a routing actor is given when it is made, and again after a restart.</summary>
/// <param name="Config">The layer's parameters.</param>
/// <param name="Address">This member's address.</param>
/// <param name="State">What outlives the actor.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Spreads announcements in time.</param>
public sealed record RoutingContext(LinkStateConfig Config, ulong Address, RoutingState State, TimeProvider Time, Random Random)
{
    /// <summary>Forwards by these routes from now on, all of them: <see cref="DataTransfer.Install"/>. As in <see cref="ILinkStateOutput.Install"/>, routes may be read until the next call has returned.</summary>
    public required Action<IReadOnlyList<Route>> Install { get; init; }

    /// <summary>A member can no longer be reached; for the directory.</summary>
    public Action<ulong> AddressLost { get; init; } = _ => { };

    /// <summary>Members can be reached that could not before: theirs, and how many can be in all. For the directory.</summary>
    public Action<IReadOnlyList<ulong>, int> AddressesGained { get; init; } = (_, _) => { };

    /// <summary>
    /// Something other than a message has come on a management flow, of which routing is the receiver: number of the flow, and what. For the
    /// connection manager; any thread.
    /// </summary>
    public Action<int, FlowEventType> FlowChanged { get; init; } = (_, _) => { };
}
