namespace Ouroboros.Layers.Flow.Timing;

/// <summary>Timers that are told apart by an index, so that what the wheel looks at of each can lie wherever that is cheap.</summary>
internal abstract class TimerGroup
{
    /// <summary>No next time.</summary>
    internal const long None = TimerTicks.None;

    /// <summary>Where one of them is in the wheel.</summary>
    internal abstract ref TimerTicks TicksOf(int index);

    /// <summary>Begins to fetch what is looked at when it is called.</summary>
    internal abstract void Fetch(int index);

    /// <summary>
    /// The time of one has come, or came too early: look at the clock. On the thread of the clock's timer; must not throw or block.
    /// </summary>
    /// <param name="index">Which.</param>
    /// <param name="now">Nanoseconds on the wheel's clock.</param>
    /// <returns>When to be called next, as in <see cref="TimerWheel.Schedule(TimerGroup, int, long)"/>; <see cref="None"/> = only when scheduled again.</returns>
    internal abstract long OnTimer(int index, long now);
}
