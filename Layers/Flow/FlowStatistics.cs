namespace Ouroboros.Layers.Flow;

/// <summary>What an ordered flow counts and where it is: the values of the reference's RIB file <c>frct</c>, and what we count beyond.</summary>
/// <param name="Mpl">Maximum packet lifetime, nanoseconds.</param>
/// <param name="AckTime">Longest time to acknowledge, nanoseconds.</param>
/// <param name="RetransmitTime">Longest time to retransmit, nanoseconds.</param>
/// <param name="SmoothedRtt">Nanoseconds; 0 before the first sample.</param>
/// <param name="RttDeviation">Mean deviation, nanoseconds.</param>
/// <param name="Rto">Retransmission time-out, nanoseconds.</param>
/// <param name="SendFirst">Oldest unacknowledged sequence number.</param>
/// <param name="SendEdge">First sequence number that the peer does not take.</param>
/// <param name="SinceSent">Nanoseconds since data was sent.</param>
/// <param name="SendNext">Next sequence number.</param>
/// <param name="ReceiveNext">Next sequence number expected.</param>
/// <param name="ReceiveEdge">First sequence number that we do not take.</param>
/// <param name="SinceReceived">Nanoseconds since data was received.</param>
/// <param name="LastAcked">Last acknowledgement sent.</param>
/// <param name="Retransmissions">Packets sent again.</param>
/// <param name="RttProbes">Packets whose round trip could have been measured.</param>
/// <param name="RttSamples">Round trips measured.</param>
/// <param name="Duplicates">Packets received twice.</param>
/// <param name="DelayedAcks">Round trips measured from packets without data.</param>
/// <param name="RendezvousSent">Probes of a closed window.</param>
/// <param name="OutOfWindow">Packets beyond the window.</param>
public sealed record FlowStatistics(
    long Mpl, long AckTime, long RetransmitTime, long SmoothedRtt, long RttDeviation, long Rto, uint SendFirst, uint SendEdge, long SinceSent,
    uint SendNext, uint ReceiveNext, uint ReceiveEdge, long SinceReceived, uint LastAcked, long Retransmissions, long RttProbes, long RttSamples,
    long Duplicates, long DelayedAcks, long RendezvousSent, long OutOfWindow)
{
    /// <summary>Data packets sent, retransmissions not included.</summary>
    public long DataSent { get; init; }

    /// <summary>Data packets accepted.</summary>
    public long DataReceived { get; init; }

    /// <summary>Packets without data sent.</summary>
    public long ControlSent { get; init; }

    /// <summary>Packets without data received.</summary>
    public long ControlReceived { get; init; }

    /// <summary>Retransmission time-outs.</summary>
    public long Timeouts { get; init; }

    /// <summary>Packets found lost by what the peer acknowledged, before a time-out.</summary>
    public long FoundLost { get; init; }

    /// <summary>Packets sent again only to hear what is missing.</summary>
    public long Probes { get; init; }

    /// <summary>Empty packets sent behind retransmissions, for a peer that has left packets in its ring.</summary>
    public long Nudges { get; init; }

    /// <summary>Least round trip measured, nanoseconds.</summary>
    public long LeastRtt { get; init; }

    /// <summary>Packets that may be under way.</summary>
    public int CongestionWindow { get; init; }

    /// <summary>What both ends offer beyond the reference.</summary>
    public Frcp.FrcpFeatures Features { get; init; }

    /// <summary>Packets dropped, by reason; reasons that never occurred are left out.</summary>
    public IReadOnlyDictionary<string, long> Drops { get; init; } = new Dictionary<string, long>();

    /// <summary>The text of the reference's file <c>proc.[pid]/[fd]/frct</c>: 22 lines, label 33 wide, value right-aligned 20 (tools-and-rib.md 9.6).</summary>
    public string ToRibText() => FlowRib.NewLines()
        .Add("Maximum packet lifetime (ns):", Mpl)
        .Add("Max time to Ack (ns):", AckTime)
        .Add("Max time to Retransmit (ns):", RetransmitTime)
        .Add("Smoothed rtt (ns):", SmoothedRtt)
        .Add("RTT standard deviation (ns):", RttDeviation)
        .Add("Retransmit timeout RTO (ns):", Rto)
        .Add("Sender left window edge:", SendFirst)
        .Add("Sender right window edge:", SendEdge)
        .Add("Sender inactive (ns):", SinceSent)
        .Add("Sender current sequence number:", SendNext)
        .Add("Receiver left window edge:", ReceiveNext)
        .Add("Receiver right window edge:", ReceiveEdge)
        .Add("Receiver inactive (ns):", SinceReceived)
        .Add("Receiver last ack:", LastAcked)
        .Add("Number of pkt retransmissions:", Retransmissions)
        .Add("Number of rtt probes:", RttProbes)
        .Add("Number of rtt estimates:", RttSamples)
        .Add("Number of duplicates received:", Duplicates)
        .Add("Number of delayed acks received:", DelayedAcks)
        .Add("Number of rendez-vous sent:", RendezvousSent)
        .Add("Number of packets out of window:", OutOfWindow)
        .Add("Number of packets out of rqueue:", 0)
        .ToString();
}
