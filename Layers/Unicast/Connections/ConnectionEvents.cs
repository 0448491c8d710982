using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>
/// What the connection manager tells its IPCP about connections to neighbours. A neighbour can have more than one connection of a component: both
/// ends may have connected at once, and the reference keeps every one. Each is added and removed by itself.
/// </summary>
public static class ConnectionEvents
{
    /// <summary>A connection is there.</summary>
    /// <param name="Component">One of <see cref="ComponentNames"/>; enrolments are not reported.</param>
    /// <param name="Peer">Address of the neighbour, as it says.</param>
    /// <param name="Flow">The flow; its endpoint has not been read past the establishment, so what follows is in its ring.</param>
    /// <param name="Initiated">Whether this end asked for it.</param>
    /// <param name="PeerIsOurs">Whether the neighbour has said that it is none of the reference.</param>
    public sealed record Added(string Component, ulong Peer, LowerFlow Flow, bool Initiated, bool PeerIsOurs);

    /// <summary>A connection is gone, whoever took it down. Whoever is told releases the flow, when those who use it have let go.</summary>
    public sealed record Removed(string Component, ulong Peer, int FlowId, ConnectionLoss Reason);

    /// <summary>The link below works again.</summary>
    public sealed record Up(string Component, ulong Peer, int FlowId);

    /// <summary>The link below is down; the connection stays.</summary>
    public sealed record Down(string Component, ulong Peer, int FlowId);
}
