using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace Ouroboros.Pool;

/// <summary>
/// One sleeper: an awaiting task or a blocked thread, with its time-out and cancellation. It is reused, so a wait in the steady state
/// allocates nothing. The queue it sits in belongs to its owner (a pool, a ring, a set), whose lock guards <see cref="Queued"/>.
/// Whoever takes it out of the queue, and nobody else, sets the outcome and wakes it.
/// </summary>
/// <typeparam name="TResult">What the sleeper gets.</typeparam>
internal abstract class Waiter<TResult>(TimeProvider time) : IValueTaskSource<TResult>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<TResult> _core;
    private ITimer? _timer;
    private bool _timerArmed;
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellation;
    private long _start;
    private TimeSpan _timeout;
    private bool _blocking;
    private bool _woken;
    private TResult _result = default!;
    private Exception? _error;

    /// <summary>Neighbours in the owner's queue, or in a private list of waiters that are about to be woken.</summary>
    public Waiter<TResult>? Next, Previous;

    /// <summary>Is in the owner's queue; guarded by the owner's lock.</summary>
    public bool Queued;

    public CancellationToken Cancellation => _cancellation;

    public bool IsDue => _timeout != Timeout.InfiniteTimeSpan && time.GetElapsedTime(_start) >= _timeout;

    /// <summary>Before it is queued: forget the last wait.</summary>
    public void Prepare(TimeSpan timeout, CancellationToken cancellation, bool blocking)
    {
        _core.Reset();
        _timeout = timeout;
        _start = timeout == Timeout.InfiniteTimeSpan ? 0 : time.GetTimestamp();
        _cancellation = cancellation;
        _blocking = blocking;
        _woken = false;
        _error = null;
        _result = default!;
    }

    /// <summary>After it is queued, outside the owner's lock: start clock and cancellation. It may be woken already.</summary>
    public void Arm()
    {
        if (_timeout != Timeout.InfiniteTimeSpan)
        {
            _timerArmed = true;
            _timer ??= CreateTimer();
            // Not what remains: timers drop what is less than a millisecond, and would fire one too early and have to be set again.
            _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
        }
        if (_cancellation.CanBeCanceled)
            _registration = _cancellation.UnsafeRegister(static (state, _) => ((Waiter<TResult>)state!).Cancel(), this);
    }

    /// <summary>After it was put back into the queue: its timer may have fired while it was out.</summary>
    public void Rearm()
    {
        if (_timeout != Timeout.InfiniteTimeSpan) _timer?.Change(Remaining(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>The awaitable of a waiter that is not blocking.</summary>
    public ValueTask<TResult> AsValueTask() => new(this, _core.Version);

    /// <summary>Blocks the calling thread until it is woken; then as <see cref="IValueTaskSource{TResult}.GetResult"/>.</summary>
    public TResult Block()
    {
        Debug.Assert(_blocking);
        lock (this)
        {
            while (!_woken) Monitor.Wait(this);
        }
        return Finish();
    }

    public void SetResult(TResult result) => _result = result;

    public void SetError(Exception error) => _error = error;

    /// <summary>Hands the outcome to the sleeper. It may be in use again when this returns.</summary>
    public void Wake()
    {
        if (!_blocking)
        {
            // Never on the waker's stack: it may be a packet's sender, or hold a lock of its own.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
            return;
        }
        lock (this)
        {
            _woken = true;
            Monitor.Pulse(this);
        }
    }

    /// <summary>Wakes a private list of waiters.</summary>
    public static void WakeAll(Waiter<TResult>? first)
    {
        while (first is not null)
        {
            Waiter<TResult>? next = first.Next;
            first.Next = null;
            first.Wake();
            first = next;
        }
    }

    public void Execute()
    {
        if (!ReadyToFinish()) return;
        if (_error is null) _core.SetResult(_result);
        else _core.SetException(_error);
    }

    public TResult GetResult(short token)
    {
        try
        {
            _ = _core.GetResult(token);
        }
        catch (Exception) when (_error is not null)
        {
            // Finish throws it again, after it has put this object back.
        }
        return Finish();
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Takes this out of the owner's queue, under the owner's lock.</summary>
    /// <param name="dueOnly">Only when <see cref="IsDue"/>: the timer of an earlier wait may fire late.</param>
    /// <returns>False when somebody else has taken it out, or it is not due.</returns>
    protected abstract bool TryWithdraw(bool dueOnly);

    /// <summary>Sets the outcome of a wait whose time is over.</summary>
    protected abstract void SetTimedOut();

    /// <summary>Puts this object back to where it is reused from.</summary>
    protected abstract void Recycle();

    /// <summary>What has been set so far.</summary>
    protected TResult Outcome => _result;

    /// <summary>Woken for nothing, and meanwhile the wait was cancelled or its time ran out: the outcome is that.</summary>
    protected void FinishEmpty()
    {
        if (_cancellation.IsCancellationRequested) _error = new OperationCanceledException(_cancellation);
        else SetTimedOut();
    }

    /// <summary>Last step before the continuation runs, on a thread of the pool; false when it went back to sleep.</summary>
    protected virtual bool ReadyToFinish() => true;

    private TResult Finish()
    {
        if (_timerArmed)
        {
            _timerArmed = false;
            _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        if (_cancellation.CanBeCanceled)
        {
            _registration.Dispose();
            _registration = default;
            _cancellation = default;
        }
        TResult result = _result;
        Exception? error = _error;
        _result = default!;
        _error = null;
        Recycle();
        return error is null ? result : throw error;
    }

    private ITimer CreateTimer()
    {
        // The timer outlives the wait; it must not keep the first caller's execution context alive.
        bool restore = false;
        try
        {
            if (!ExecutionContext.IsFlowSuppressed())
            {
                ExecutionContext.SuppressFlow();
                restore = true;
            }
            return time.CreateTimer(static state => ((Waiter<TResult>)state!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            if (restore) ExecutionContext.RestoreFlow();
        }
    }

    private TimeSpan Remaining()
    {
        TimeSpan rest = _timeout - time.GetElapsedTime(_start);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    private void Expire()
    {
        if (TryWithdraw(dueOnly: true))
        {
            SetTimedOut();
            Wake();
        }
        else if (Volatile.Read(ref Queued) && _timeout != Timeout.InfiniteTimeSpan)
        {
            // A clock of milliseconds can fire before a clock of nanoseconds says so.
            TimeSpan rest = Remaining();
            _timer?.Change(rest > TimeSpan.FromMilliseconds(1) ? rest : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private void Cancel()
    {
        if (!TryWithdraw(dueOnly: false)) return;
        _error = new OperationCanceledException(_cancellation);
        Wake();
    }
}
