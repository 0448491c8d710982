namespace Ouroboros.Layers.Flow.Frcp;

/// <summary>What an FRCP connection is made with. Times are nanoseconds; defaults are the reference's (frcp.md section 6) unless said otherwise.</summary>
internal sealed record FrcpParameters
{
    public const long Millisecond = 1_000_000;
    public const long Second = 1_000_000_000;

    /// <summary>Retransmission, acknowledgement and linger; else late packets are dropped and gaps skipped.</summary>
    public bool Reliable { get; init; }

    /// <summary>Largest message that can be put together, bytes.</summary>
    public int MaxMessage { get; init; } = int.MaxValue;

    /// <summary>Bytes that CRC and cipher put in front of a packet when it is handed over.</summary>
    public int SealHeader { get; init; }

    /// <summary>Bytes that they put behind it.</summary>
    public int SealTrailer { get; init; }

    /// <summary>What to offer to the peer.</summary>
    public FrcpFeatures Offer { get; init; } = FrcpFeatures.All;

    /// <summary>Maximum packet lifetime in the layer below.</summary>
    public long Mpl { get; init; } = 100 * Millisecond;

    /// <summary>Longest time to acknowledge (DELTA_T_ACK).</summary>
    public long AckTime { get; init; } = 10 * Second;

    /// <summary>Longest time to retransmit (DELTA_T_RTX): then the flow is down.</summary>
    public long RetransmitTime { get; init; } = 120 * Second;

    /// <summary>Packets that may be under way before the peer has said anything (FRCT_START_WINDOW).</summary>
    public int StartWindow { get; init; } = 64;

    /// <summary>Packets that this end takes beyond the last one read (FRCT_REORDER_QUEUE_SIZE); a power of two.</summary>
    public int ReceiveWindow { get; init; } = 256;

    /// <summary>Most packets that this end keeps unacknowledged, whatever the peer allows; a power of two.</summary>
    public int MaxUnacknowledged { get; init; } = 1024;

    /// <summary>How long an acknowledgement waits for data to ride on.</summary>
    public long AckDelay { get; init; } = 10 * Millisecond;

    /// <summary>
    /// Least retransmission time-out. Not the reference's 250 us: a reference peer acknowledges 10 to 15 ms late (frcp.md R7).
    /// </summary>
    public long MinRto { get; init; } = 30 * Millisecond;

    /// <summary>
    /// The one before there is a round trip to go by: no packet takes longer than its maximum lifetime each way. At most the reference's second; at
    /// least 200 ms, for those who have yet to start. While the first packet is missing a receiver has no run, and nothing else gets across.
    /// </summary>
    public long FirstRto => Math.Clamp((2 * Mpl) + AckDelay + (5 * Millisecond), 200 * Millisecond, Second);

    /// <summary>
    /// Largest one: 30 tries before a flow is given up. The reference has none and gives a flow up when its wheel ends, at 68.7 s.
    /// </summary>
    public long MaxRto { get; init; } = 4 * Second;

    /// <summary>First rendezvous after the window has closed; then twice as long each time, up to <see cref="MaxRendezvous"/>.</summary>
    public long Rendezvous { get; init; } = 100 * Millisecond;

    /// <summary>Longest time between two.</summary>
    public long MaxRendezvous { get; init; } = 5 * Second;

    /// <summary>A receiver that has seen no data for this long forgets the run: 2 MPL + A + R.</summary>
    public long ReceiverInactivity => (2 * Mpl) + AckTime + RetransmitTime;
}
