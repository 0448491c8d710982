namespace Ouroboros.Crypto.Oap;

/// <summary>OAP's timestamps: nanoseconds since the Unix epoch, UTC. They fit in 64 bits until 2262.</summary>
public static class OapClock
{
    /// <summary>The time of a clock.</summary>
    public static long Now(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
    }

    /// <summary>A timestamp as a time, to 100 ns.</summary>
    public static DateTimeOffset Time(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
