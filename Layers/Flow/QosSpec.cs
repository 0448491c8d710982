namespace Ouroboros.Layers.Flow;

/// <summary>What a flow asks of the layers below; it alone decides which stages the flow endpoint has. Source: application-api.md section 3.</summary>
/// <param name="Delay">Largest acceptable delay, milliseconds.</param>
/// <param name="Bandwidth">Bits per second.</param>
/// <param name="Availability">Number of nines.</param>
/// <param name="Loss">0 = no loss allowed.</param>
/// <param name="BitErrorRate">Bit errors per 10^9 bits; 0 turns the CRC on.</param>
/// <param name="InOrder">Packets arrive in order (turns FRCP on).</param>
/// <param name="MaxGap">Longest interruption, milliseconds.</param>
/// <param name="Timeout">Milliseconds until the peer counts as dead; 0 = never.</param>
public readonly record struct QosSpec(
    uint Delay, ulong Bandwidth, byte Availability, uint Loss, uint BitErrorRate, bool InOrder, uint MaxGap, uint Timeout)
{
    private const uint DefaultTimeout = 120_000;

    /// <summary><c>qos_raw</c>: no order, no retransmission, no CRC; the default.</summary>
    public static QosSpec Raw { get; } = new(uint.MaxValue, 0, 0, 1, 1, false, uint.MaxValue, DefaultTimeout);

    /// <summary><c>qos_raw_no_errors</c>: raw with a CRC.</summary>
    public static QosSpec RawNoErrors { get; } = Raw with { BitErrorRate = 0 };

    /// <summary><c>qos_best_effort</c>: in order, lossy.</summary>
    public static QosSpec BestEffort { get; } = new(uint.MaxValue, 0, 0, 1, 0, true, uint.MaxValue, DefaultTimeout);

    /// <summary><c>qos_video</c>.</summary>
    public static QosSpec Video { get; } = new(100, ulong.MaxValue, 3, 1, 0, true, 100, DefaultTimeout);

    /// <summary><c>qos_voice</c>.</summary>
    public static QosSpec Voice { get; } = new(50, 100_000, 5, 1, 0, true, 50, DefaultTimeout);

    /// <summary><c>qos_data</c>: reliable, in order.</summary>
    public static QosSpec Data { get; } = new(1000, 0, 0, 0, 0, true, 2000, DefaultTimeout);

    /// <summary><c>qos_np1</c>: flows of IPCPs and joined broadcast flows.</summary>
    public static QosSpec Np1 { get; } = new(uint.MaxValue, 0, 0, uint.MaxValue, uint.MaxValue, false, uint.MaxValue, 0);

    /// <summary>The class that layers sort this spec into; the first match of voice, video, best effort wins.</summary>
    public QosCube Cube =>
        Delay <= 50 && Bandwidth <= 100_000 && Availability >= 5 && MaxGap <= 50 ? QosCube.Voice
        : Delay <= 100 && Availability >= 3 && MaxGap <= 100 ? QosCube.Video
        : QosCube.BestEffort;

    /// <summary>Whether no stage is needed beyond handing packets over.</summary>
    public bool IsRaw => !InOrder && BitErrorRate != 0;

    /// <summary>The specification that tools call <paramref name="name"/>: raw, best, video, voice or data.</summary>
    public static bool TryFromName(string name, out QosSpec spec)
    {
        (var known, spec) = name switch
        {
            "raw" => (true, Raw),
            "best" => (true, BestEffort),
            "video" => (true, Video),
            "voice" => (true, Voice),
            "data" => (true, Data),
            _ => (false, Raw),
        };
        return known;
    }
}
