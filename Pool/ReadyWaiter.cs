namespace Ouroboros.Pool;

/// <summary>A sleeper of a <see cref="ReadySet{T}"/>; collects its events itself when it is woken. The set keeps one spare.</summary>
internal sealed class ReadyWaiter<T>(ReadySet<T> set, TimeProvider time) : Waiter<int>(time)
    where T : class
{
    public Memory<ReadyEvent<T>> Events;

    protected override bool TryWithdraw(bool dueOnly) => set.TryWithdraw(this, dueOnly);

    protected override void SetTimedOut() => SetResult(0);

    protected override void Recycle()
    {
        Events = default;
        set.Recycle(this);
    }

    protected override bool ReadyToFinish()
    {
        if (Outcome == 0) return true;
        int n = set.CollectOrRequeue(this);
        if (n > 0) SetResult(n);
        else if (n == 0) FinishEmpty();
        else Rearm();
        return n >= 0;
    }
}
