namespace Ouroboros.Pool;

/// <summary>First-in-first-out queue of waiters, linked through them. Guarded by its owner's lock.</summary>
/// <typeparam name="TResult">What the waiters get.</typeparam>
internal struct WaiterQueue<TResult>
{
    private Waiter<TResult>? _last;

    public Waiter<TResult>? First { get; private set; }

    public readonly bool IsEmpty => First is null;

    public void Enqueue(Waiter<TResult> waiter)
    {
        waiter.Queued = true;
        waiter.Next = null;
        waiter.Previous = _last;
        if (_last is null) First = waiter;
        else _last.Next = waiter;
        _last = waiter;
    }

    /// <summary>Puts back, in front of all others, a waiter that was taken out for nothing.</summary>
    public void EnqueueFirst(Waiter<TResult> waiter)
    {
        waiter.Queued = true;
        waiter.Previous = null;
        waiter.Next = First;
        if (First is null) _last = waiter;
        else First.Previous = waiter;
        First = waiter;
    }

    public void Remove(Waiter<TResult> waiter)
    {
        if (waiter.Previous is null) First = waiter.Next;
        else waiter.Previous.Next = waiter.Next;
        if (waiter.Next is null) _last = waiter.Previous;
        else waiter.Next.Previous = waiter.Previous;
        waiter.Next = waiter.Previous = null;
        waiter.Queued = false;
    }

    /// <summary>Takes all out; they stay linked by <see cref="Waiter{TResult}.Next"/>.</summary>
    public Waiter<TResult>? TakeAll(TResult result)
    {
        Waiter<TResult>? first = First;
        for (Waiter<TResult>? w = first; w is not null; w = w.Next)
        {
            w.Queued = false;
            w.Previous = null;
            w.SetResult(result);
        }
        First = _last = null;
        return first;
    }
}
