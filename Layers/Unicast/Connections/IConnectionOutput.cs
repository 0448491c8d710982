using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>What the connection manager is connected to. Called while the core works: an implementation must not call it back.</summary>
public interface IConnectionOutput
{
    /// <summary>Allocates a flow; to end in <see cref="ConnectionManager.OnAllocated"/> or <see cref="ConnectionManager.OnNotAllocated"/>.</summary>
    void Allocate(long attempt, string destination, QosSpec qos, TimeSpan timeout);

    /// <summary>Sends a message.</summary>
    /// <returns>false when it could not be sent.</returns>
    bool Send(LowerFlow flow, ReadOnlySpan<byte> message);

    /// <summary>Reads one message; to end in <see cref="ConnectionManager.Receive"/> or <see cref="ConnectionManager.OnFlowEnded"/>.</summary>
    void Listen(LowerFlow flow);

    /// <summary>The flow is a connection from now on, and its peer one of ours, so both can agree on when they miss each other.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="timeout">How long the other side may be silent until it counts as dead.</param>
    /// <param name="sendEvery">How long this side may be.</param>
    void Watch(LowerFlow flow, TimeSpan timeout, TimeSpan sendEvery);

    /// <summary>Releases a flow that became no connection.</summary>
    void Release(LowerFlow flow);

    /// <summary>A connection came, went, or its link did: one of <see cref="ConnectionEvents"/>. A removed one's flow is released by whoever is told.</summary>
    void Tell(object @event);

    /// <summary>Somebody wants to enrol over this flow.</summary>
    void Serve(LowerFlow flow);

    /// <summary>Answers a command.</summary>
    void Answer(long command, FlowError error, string? reason);

    /// <summary>Another member has this member's address.</summary>
    void OnAddressClash();

    /// <summary>A wanted connection could not be had; it is tried again.</summary>
    void OnTrouble(WantedConnection wanted, string reason, TimeSpan again);
}
