using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast;

/// <summary>Writers of one flow that wait for time to pass. One that has waited is used again, so that a flow held up in each slot allocates nothing.</summary>
/// <param name="time">The clock.</param>
internal sealed class WriterPauses(TimeProvider time)
{
    private readonly Lock _gate = new();
    private WaiterQueue<FlowError> _waiting;

    // Linked by Next, as those that wait are.
    private Pause? _spare;

    /// <summary>Waits.</summary>
    /// <param name="length">How long, whole milliseconds.</param>
    /// <param name="then">The result after that.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns><paramref name="then"/>, or <see cref="FlowError.None"/> when woken before.</returns>
    public ValueTask<FlowError> WaitAsync(TimeSpan length, FlowError then, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<FlowError>(cancellationToken);
        Pause pause;
        lock (_gate)
        {
            pause = _spare ?? new Pause(this, time);
            _spare = (Pause?)pause.Next;
            pause.Then = then;
            pause.Prepare(length, cancellationToken, blocking: false);
            _waiting.Enqueue(pause);
        }
        var task = pause.AsValueTask();
        pause.Arm();
        return task;
    }

    /// <summary>Ends all waits with <see cref="FlowError.None"/>.</summary>
    public void WakeAll()
    {
        Waiter<FlowError>? woken;
        lock (_gate) woken = _waiting.TakeAll(FlowError.None);
        Waiter<FlowError>.WakeAll(woken);
    }

    private bool TryWithdraw(Pause pause, bool dueOnly)
    {
        lock (_gate)
        {
            if (!pause.Queued || (dueOnly && !pause.IsDue)) return false;
            _waiting.Remove(pause);
            return true;
        }
    }

    private void Recycle(Pause pause)
    {
        lock (_gate)
        {
            pause.Next = _spare;
            _spare = pause;
        }
    }

    private sealed class Pause(WriterPauses owner, TimeProvider time) : Waiter<FlowError>(time)
    {
        /// <summary>The result when the time is over.</summary>
        public FlowError Then { get; set; }

        protected override bool TryWithdraw(bool dueOnly) => owner.TryWithdraw(this, dueOnly);

        protected override void SetTimedOut() => SetResult(Then);

        protected override void Recycle() => owner.Recycle(this);
    }
}
