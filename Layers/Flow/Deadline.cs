namespace Ouroboros.Layers.Flow;

/// <summary>A point on a clock that bounds a whole call, however many waits it takes.</summary>
public readonly struct Deadline
{
    /// <summary>The longest bound, 49 days: timers go no further, and whoever gives more means "for ever".</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly TimeProvider? _time;
    private readonly long _at;

    private Deadline(TimeProvider time, long at)
    {
        _time = time;
        _at = at;
    }

    /// <summary>What is left, never negative; <see cref="Timeout.InfiniteTimeSpan"/> when there is no bound.</summary>
    public TimeSpan Remaining
    {
        get
        {
            if (_time is null) return Timeout.InfiniteTimeSpan;
            var left = _time.GetElapsedTime(_time.GetTimestamp(), _at);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Whether it has passed.</summary>
    public bool HasPassed => _time is not null && Remaining == TimeSpan.Zero;

    /// <summary>
    /// The deadline <paramref name="timeout"/> from now; none for <see cref="Timeout.InfiniteTimeSpan"/> and for more than 49 days.
    /// </summary>
    public static Deadline After(TimeProvider time, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (timeout == Timeout.InfiniteTimeSpan || timeout > Longest) return default;
        return new Deadline(time, time.GetTimestamp() + (long)(timeout.TotalSeconds * time.TimestampFrequency));
    }
}
