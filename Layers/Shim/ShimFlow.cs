using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Shim;

/// <summary>
/// A flow of a shim layer. The core changes it; the receive thread and writers read <see cref="Route"/>, <see cref="Eid"/> and
/// <see cref="Endpoint"/> without locks.
/// </summary>
public sealed class ShimFlow
{
    private volatile ShimRoute? _route;
    private volatile bool _isReleased;
    private volatile int _pathPayload = int.MaxValue;

    /// <summary>Made by <see cref="ShimCore"/>.</summary>
    internal ShimFlow(uint eid, int flowId, FlowEndpoint endpoint, object? token)
    {
        Eid = eid;
        FlowId = flowId;
        Endpoint = endpoint;
        Token = token;
    }

    /// <summary>Our endpoint id.</summary>
    public uint Eid { get; }

    /// <summary>The runtime's number.</summary>
    public int FlowId { get; }

    /// <summary>Whom packets are delivered to.</summary>
    public FlowEndpoint Endpoint { get; }

    /// <summary>What the shell wants to find again.</summary>
    public object? Token { get; }

    /// <summary>Where it is in its life.</summary>
    public ShimFlowState State { get; internal set; }

    /// <summary>Whether the peer is one of ours.</summary>
    public bool PeerIsOurs { get; internal set; }

    /// <summary>Whether the peer has said that it released the flow.</summary>
    public bool PeerReleased { get; internal set; }

    /// <summary>Where packets go; null until the peer has accepted.</summary>
    public ShimRoute? Route => _route;

    /// <summary>Whom packets are taken from: the peer, or while the flow is pending whom we asked.</summary>
    internal LinkAddress Peer { get; set; }

    /// <summary>Largest payload that reaches the peer in one piece, bytes; <see cref="int.MaxValue"/> while nothing is known of it.</summary>
    public int PathPayload
    {
        get => _pathPayload;
        internal set => _pathPayload = value;
    }

    /// <summary>Whether packets are no longer sent or delivered.</summary>
    public bool IsReleased => _isReleased;

    /// <summary>Request of a flow that we asked for; null on the other side.</summary>
    internal OutgoingRequest? Request { get; set; }

    /// <summary>When the linger time is over.</summary>
    internal TimeSpan ReleaseAt { get; set; }

    /// <summary>Who is told about the end of the linger time.</summary>
    internal object? ReleaseToken { get; set; }

    /// <summary>Whether a data frame from there can be the peer's. Called for each packet.</summary>
    public bool IsFromPeer(in ShimHeader header)
    {
        var route = _route;
        return route is null
            ? header.Source == Peer
            : header.Source == route.Peer && (header.SourceEid == 0 || header.SourceEid == route.PeerEid);
    }

    internal void SetRoute(ShimRoute route)
    {
        Peer = route.Peer;
        _route = route;
    }

    internal void MarkReleased()
    {
        State = ShimFlowState.Released;
        _isReleased = true;
    }
}
