namespace Akka.Actor;

/// <summary>Something that the <see cref="TimerHeap"/> runs when it is due.</summary>
internal sealed class ScheduledWork(TimerHeap heap, long due, long interval, Action action)
{
    /// <summary>When, in ticks of the heap's clock.</summary>
    public long Due = due;

    /// <summary>Place in the heap; -1: not in it.</summary>
    public int Index = -1;

    /// <summary>Decides between those due at the same time.</summary>
    public long Order;

    /// <summary>Ticks between any two runs; 0: runs once.</summary>
    public long Interval => interval;

    public bool IsOver => Index < 0 && interval == 0;

    public volatile bool Cancelled;

    public void Cancel() => heap.Cancel(this);

    public void Run() => action();
}
