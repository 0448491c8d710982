using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast.Congestion;

namespace Ouroboros.Layers.Unicast;

/// <summary>A flow of a unicast layer as it was at one moment.</summary>
/// <param name="EstablishedAt">Since when it is.</param>
/// <param name="RemoteAddress">Address of the other end; 0 while there is none.</param>
/// <param name="LocalEid">Our endpoint id.</param>
/// <param name="RemoteEid">Endpoint id of the other end; 0 while there is none.</param>
public sealed record UnicastFlowStatistics(DateTimeOffset EstablishedAt, ulong RemoteAddress, ulong LocalEid, ulong RemoteEid)
{
    /// <summary>The runtime's number.</summary>
    public int FlowId { get; init; }

    /// <summary>The class of service that it sends with.</summary>
    public QosCube Cube { get; init; }

    /// <summary>Where it is in its life.</summary>
    public UnicastFlowState State { get; init; }

    /// <summary>Whether the other end is one of ours.</summary>
    public bool PeerIsOurs { get; init; }

    /// <summary>Packets sent.</summary>
    public long Sent { get; init; }

    /// <summary>Bytes of those.</summary>
    public long SentBytes { get; init; }

    /// <summary>Packets that could not be sent.</summary>
    public long SendFailed { get; init; }

    /// <summary>Bytes of those.</summary>
    public long SendFailedBytes { get; init; }

    /// <summary>Packets delivered.</summary>
    public long Received { get; init; }

    /// <summary>Bytes of those.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Packets that arrived and were not taken.</summary>
    public long ReceiveFailed { get; init; }

    /// <summary>Bytes of those.</summary>
    public long ReceiveFailedBytes { get; init; }

    /// <summary>Messages of congestion sent.</summary>
    public long UpdatesSent { get; init; }

    /// <summary>Messages of congestion received.</summary>
    public long UpdatesReceived { get; init; }

    /// <summary>The sender's side of congestion avoidance; null when the layer has none.</summary>
    public CongestionSender? CongestionSender { get; init; }

    /// <summary>The receiver's side of it.</summary>
    public CongestionReceiver? CongestionReceiver { get; init; }
}
