namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>What time it is: both clocks that the directory needs.</summary>
/// <param name="Milliseconds">A clock that only goes forward, from any beginning: all time-outs.</param>
/// <param name="UnixSeconds">Seconds since 1970 by the wall clock: expiry of values, which travels between nodes.</param>
public readonly record struct DhtTime(long Milliseconds, long UnixSeconds)
{
    /// <summary>Now, by a clock.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="start">Timestamp of the beginning, as <see cref="TimeProvider.GetTimestamp"/> gave it.</param>
    public static DhtTime Of(TimeProvider time, long start)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new DhtTime((long)time.GetElapsedTime(start).TotalMilliseconds, time.GetUtcNow().ToUnixTimeSeconds());
    }
}
