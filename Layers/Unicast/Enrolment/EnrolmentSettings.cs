namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>Time-outs and limits of enrolment.</summary>
public sealed record EnrolmentSettings
{
    /// <summary>How long a flow to the member may take to be allocated.</summary>
    public TimeSpan AllocationTimeout { get; init; } = TimeSpan.FromSeconds(18);

    /// <summary>How long the other side's connection establishment may take (reference: CONNMGR_RCV_TIMEOUT).</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the request and the response may take. (The reference waits 1 s for the response, and for ever for the request.)</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the acknowledgement may take: the enrolee starts its components first, which an IRMd gives 20 s for. (The reference waits for ever.)</summary>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Enrolments that are served at a time.</summary>
    public int MaxServed { get; init; } = 64;

    /// <summary>Clocks that are further apart than this are worth a warning (reference: ENROLL_WARN_TIME_OFFSET).</summary>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromMilliseconds(20);
}
