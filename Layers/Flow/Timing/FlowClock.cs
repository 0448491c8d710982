namespace Ouroboros.Layers.Flow.Timing;

/// <summary>A <see cref="TimeProvider"/> in nanoseconds.</summary>
internal readonly struct FlowClock
{
    private const long Second = 1_000_000_000;

    private readonly TimeProvider _time;
    private readonly long _factor;
    private readonly long _frequency;

    public FlowClock(TimeProvider time)
    {
        _time = time;
        _frequency = time.TimestampFrequency;
        _factor = Second % _frequency == 0 ? Second / _frequency : 0;
    }

    /// <summary>Nanoseconds since some moment.</summary>
    public long Now
    {
        get
        {
            var stamp = _time.GetTimestamp();
            return _factor != 0 ? stamp * _factor : (long)((Int128)stamp * Second / _frequency);
        }
    }
}
