namespace Ouroboros.Samples.Oping;

/// <summary>The figures that a ping run ends with: counts, and minimum, mean, maximum and deviation of the round-trip times, in one pass.</summary>
public sealed class PingStatistics
{
    private double _sumOfSquares;

    /// <summary>Requests written.</summary>
    public long Sent { get; set; }

    /// <summary>Requests that came back, each counted once.</summary>
    public long Received { get; private set; }

    /// <summary>Replies that came after the reply to a later request.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Shortest round trip.</summary>
    public TimeSpan Min { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Longest round trip.</summary>
    public TimeSpan Max { get; private set; } = TimeSpan.MinValue;

    /// <summary>Mean round trip, milliseconds.</summary>
    public double Average { get; private set; }

    /// <summary>Standard deviation of a sample, milliseconds; NaN for fewer than two.</summary>
    public double Deviation => Received < 2 ? double.NaN : Math.Sqrt(_sumOfSquares / (Received - 1));

    /// <summary>Requests without reply, per cent of those sent, rounded up; 0 when none was sent.</summary>
    public long LossPercent => Sent <= 0 ? 0 : ((100 * (Sent - Received)) + Sent - 1) / Sent;

    /// <summary>Adds a reply. Welford's update: stable where the sum of squares less the square of the sum is not.</summary>
    public void Add(TimeSpan roundTrip, bool outOfOrder)
    {
        Received++;
        if (outOfOrder) OutOfOrder++;
        if (roundTrip < Min) Min = roundTrip;
        if (roundTrip > Max) Max = roundTrip;
        var delta = roundTrip.TotalMilliseconds - Average;
        Average += delta / Received;
        _sumOfSquares += delta * (roundTrip.TotalMilliseconds - Average);
    }
}
