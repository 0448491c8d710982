namespace Ouroboros.Layers.Flow.Timing;

/// <summary>Something that wants to be called at some time. It is its own entry in the wheel, so that a timer costs no object.</summary>
internal abstract class WheelTimer : TimerGroup
{
    private TimerTicks _ticks = new();

    /// <inheritdoc cref="TimerGroup.OnTimer"/>
    internal abstract long OnTimer(long now);

    internal sealed override ref TimerTicks TicksOf(int index) => ref _ticks;

    internal sealed override void Fetch(int index)
    {
        // To call this is to have fetched it: the wheel does it without.
    }

    internal sealed override long OnTimer(int index, long now) => OnTimer(now);
}
