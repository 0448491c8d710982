using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>A connection that is there.</summary>
/// <param name="Component">One of <see cref="ComponentNames"/>.</param>
/// <param name="Peer">Address of the neighbour.</param>
/// <param name="Flow">Its flow.</param>
/// <param name="Destination">The name that it was connected by; null when the neighbour connected.</param>
/// <param name="Since">When it came about, on the connection manager's clock.</param>
public sealed record Connection(string Component, ulong Peer, LowerFlow Flow, string? Destination, TimeSpan Since)
{
    /// <summary>Whether this end asked for it.</summary>
    public bool Initiated => Destination is not null;

    /// <summary>Whether the neighbour has said that it is none of the reference.</summary>
    public bool PeerIsOurs { get; init; }

    /// <summary>Whether the link below works, as far as is known.</summary>
    public bool IsUp { get; internal set; } = true;
}
