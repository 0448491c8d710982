namespace Ouroboros.Layers.Flow.Timing;

/// <summary>Something that wants to be called at some time. It is its own entry in the wheel, so that a timer costs no object.</summary>
internal abstract class WheelTimer
{
    /// <summary>No entry, or no next time.</summary>
    internal const long None = long.MaxValue;

    /// <summary>Cancelled: no tick is before this one, so nothing is ever entered again.</summary>
    internal const long Never = long.MinValue;

    /// <summary>Tick of the live entry within the lowest level; guarded by the wheel.</summary>
    internal long Near = None;

    /// <summary>Tick of the live entry beyond it; guarded by the wheel.</summary>
    internal long Far = None;

    /// <summary>
    /// The time has come, or came too early: look at the clock. On the thread of the clock's timer; must not throw or block.
    /// </summary>
    /// <param name="now">Nanoseconds on the wheel's clock.</param>
    /// <returns>When to be called next, as in <see cref="TimerWheel.Schedule"/>; <see cref="None"/> = only when scheduled again.</returns>
    internal abstract long OnTimer(long now);
}
