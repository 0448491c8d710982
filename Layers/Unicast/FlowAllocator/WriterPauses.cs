using System.Threading.Tasks.Sources;

namespace Ouroboros.Layers.Unicast;

/// <summary>Writers of one flow that wait for time to pass. One that has waited is used again, so that a flow held up in each slot allocates nothing.</summary>
/// <param name="time">The clock.</param>
internal sealed class WriterPauses(TimeProvider time)
{
    private readonly Lock _gate = new();
    private Pause? _waiting;
    private Pause? _spare;

    private TimeProvider Time => time;

    /// <summary>Waits.</summary>
    /// <param name="length">How long, whole milliseconds.</param>
    /// <param name="then">The result after that.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns><paramref name="then"/>, or <see cref="FlowError.None"/> when woken before or, rarely, for nothing.</returns>
    public ValueTask<FlowError> WaitAsync(TimeSpan length, FlowError then, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<FlowError>(cancellationToken);
        Pause pause;
        lock (_gate)
        {
            pause = _spare ?? new Pause(this);
            _spare = pause.Next;
            pause.Prepare(length, then, cancellationToken);
            pause.Next = _waiting;
            _waiting = pause;
        }
        var task = pause.AsValueTask();
        pause.Arm();
        return task;
    }

    /// <summary>Ends all waits with <see cref="FlowError.None"/>.</summary>
    public void WakeAll()
    {
        Pause? woken;
        lock (_gate)
        {
            woken = _waiting;
            _waiting = null;
            for (var pause = woken; pause is not null; pause = pause.Next) pause.Take(FlowError.None);
        }
        while (woken is not null)
        {
            // It may be in use again as soon as it is woken.
            var next = woken.Next;
            woken.Wake();
            woken = next;
        }
    }

    /// <summary>Takes one out of those that wait.</summary>
    /// <returns>false: somebody else has.</returns>
    private bool TryTake(Pause pause, FlowError result)
    {
        lock (_gate)
        {
            if (!pause.IsWaiting) return false;
            pause.Take(result);
            if (_waiting == pause) _waiting = pause.Next;
            else
            {
                var before = _waiting!;
                while (before.Next != pause) before = before.Next!;
                before.Next = pause.Next;
            }
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

    private sealed class Pause : IValueTaskSource<FlowError>, IThreadPoolWorkItem
    {
        private readonly WriterPauses _owner;
        private readonly ITimer _timer;
        private ManualResetValueTaskSourceCore<FlowError> _core;
        private CancellationTokenRegistration _registration;
        private CancellationToken _cancellation;
        private TimeSpan _length;
        private long _start;
        private FlowError _then;
        private FlowError _result;
        private bool _isCancelled;

        public Pause(WriterPauses owner)
        {
            _owner = owner;
            // The timer outlives the wait; it must not keep the first caller's execution context alive.
            var isSuppressed = ExecutionContext.IsFlowSuppressed();
            if (!isSuppressed) ExecutionContext.SuppressFlow();
            _timer = owner.Time.CreateTimer(static pause => ((Pause)pause!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (!isSuppressed) ExecutionContext.RestoreFlow();
        }

        /// <summary>The next one that waits, is woken, or is spare.</summary>
        public Pause? Next { get; set; }

        /// <summary>Nobody has set the result yet.</summary>
        public bool IsWaiting { get; private set; }

        public void Prepare(TimeSpan length, FlowError then, CancellationToken cancellation)
        {
            _core.Reset();
            (_length, _then, _cancellation) = (length, then, cancellation);
            _start = _owner.Time.GetTimestamp();
            _isCancelled = false;
            IsWaiting = true;
        }

        public ValueTask<FlowError> AsValueTask() => new(this, _core.Version);

        /// <summary>Starts the clock. It may be woken already, and even wait again: then it ends too early once.</summary>
        public void Arm()
        {
            _timer.Change(_length, Timeout.InfiniteTimeSpan);
            if (!_cancellation.CanBeCanceled) return;
            _registration = _cancellation.UnsafeRegister(static (pause, _) => ((Pause)pause!).Cancel(), this);
        }

        public void Take(FlowError result)
        {
            IsWaiting = false;
            _result = result;
        }

        public void Wake() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);

        public void Execute()
        {
            if (_isCancelled) _core.SetException(new OperationCanceledException(_cancellation));
            else _core.SetResult(_result);
        }

        public FlowError GetResult(short token)
        {
            try
            {
                return _core.GetResult(token);
            }
            finally
            {
                _registration.Dispose();
                _registration = default;
                _owner.Recycle(this);
            }
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);

        private void Expire()
        {
            // The timer of a wait that was woken may fire in the next one: that is woken for nothing, but its time is not over.
            var isOver = _owner.Time.GetElapsedTime(_start) >= _length;
            if (_owner.TryTake(this, isOver ? _then : FlowError.None)) Execute();
        }

        private void Cancel()
        {
            if (!_owner.TryTake(this, FlowError.None)) return;
            _isCancelled = true;
            Wake();
        }
    }
}
