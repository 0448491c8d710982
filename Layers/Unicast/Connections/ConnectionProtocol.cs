using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>The conversation with the connection manager's actor; what it tells by itself is <see cref="ConnectionEvents"/>.</summary>
public static class ConnectionProtocol
{
    /// <summary>Connect a component. Answered with <see cref="Answer"/> when the first try has ended.</summary>
    /// <param name="Id">Repeated in the answer.</param>
    /// <param name="Destination">Name that the neighbour accepts flows for.</param>
    /// <param name="Component">One of <see cref="ComponentNames"/>.</param>
    /// <param name="Qos">What the flow is to be like.</param>
    /// <param name="Keep">Whether it is to be tried again even when the first try fails.</param>
    public sealed record Connect(long Id, string Destination, string Component, QosSpec Qos, bool Keep);

    /// <summary>Take connections down. Answered with <see cref="Answer"/>.</summary>
    public sealed record Disconnect(long Id, string Destination, string Component);

    /// <summary>What became of a command.</summary>
    public sealed record Answer(long Id, FlowError Error, string? Reason);

    /// <summary>Something has happened to a flow; not answered.</summary>
    public sealed record FlowEvent(int Flow, FlowEventType Events);

    /// <summary>See how a flow is: something may have happened to it before anybody was told. Not answered.</summary>
    public sealed record Look(int Flow);

    /// <summary>To the IPCP: another member has this member's address, so it needs another one.</summary>
    public sealed record AddressClash;
}
