namespace Ouroboros.Layers.Unicast;

/// <summary>A monotonic clock in nanoseconds, the unit of congestion avoidance.</summary>
internal sealed class NanosecondClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Nanoseconds since it was made.</summary>
    public long Now => time.GetElapsedTime(_start).Ticks * TimeSpan.NanosecondsPerTick;
}
