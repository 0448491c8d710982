namespace Akka.Actor;

/// <summary>Something that the <see cref="TimerHeap"/> does when it is due.</summary>
/// <param name="heap">Where it is going to be.</param>
/// <param name="delay">Ticks from now.</param>
/// <param name="interval">Ticks between any two runs; 0: runs once.</param>
/// <param name="cancelable">
/// Asked again at the last moment, because it may be cancelled while the work is being taken out of the heap; or null.
/// </param>
internal abstract class ScheduledWork(TimerHeap heap, long delay, long interval, ICancelable? cancelable)
{
    /// <summary>When, in ticks of the heap's clock.</summary>
    // Far enough in the future is never; adding to it must not overflow.
    public long Due = heap.Now + Math.Min(delay, long.MaxValue / 4);

    /// <summary>Place in the heap; -1: not in it.</summary>
    public int Index = -1;

    /// <summary>Decides between those due at the same time.</summary>
    public long Order;

    /// <summary>Ticks between any two runs; 0: runs once.</summary>
    public long Interval { get; } = Math.Min(interval, long.MaxValue / 4);

    public bool IsOver => Index < 0 && Interval == 0;

    public volatile bool Cancelled;

    public void Cancel() => heap.Cancel(this);

    public void Run()
    {
        if (cancelable is not { IsCancellationRequested: true }) Act();
    }

    protected abstract void Act();
}

/// <summary>Runs an action.</summary>
internal sealed class ScheduledAction(TimerHeap heap, long delay, long interval, ICancelable? cancelable, Action action)
    : ScheduledWork(heap, delay, interval, cancelable)
{
    protected override void Act() => action();
}

/// <summary>Sends a message; by far the most frequent, so it takes no closure.</summary>
internal sealed class ScheduledTell(
    TimerHeap heap, long delay, long interval, ICancelable? cancelable, ICanTell receiver, object message, IActorRef? sender)
    : ScheduledWork(heap, delay, interval, cancelable)
{
    protected override void Act() => receiver.Tell(message, sender);
}
