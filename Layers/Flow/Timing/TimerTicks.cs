namespace Ouroboros.Layers.Flow.Timing;

/// <summary>Where a timer is in the wheel; guarded by the wheel.</summary>
internal struct TimerTicks
{
    /// <summary>No entry, or no next time.</summary>
    internal const long None = long.MaxValue;

    /// <summary>Cancelled: no tick is before this one, so nothing is ever entered again.</summary>
    internal const long Never = long.MinValue;

    /// <summary>Tick of the live entry within the lowest level.</summary>
    public long Near = None;

    /// <summary>Tick of the live entry beyond it.</summary>
    public long Far = None;

    public TimerTicks()
    {
    }
}
