namespace Akka.Actor;

/// <summary>Calls scheduled work off.</summary>
public class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler _scheduler;

    // Set before anybody looks at what there is to cancel; whoever adds something looks at it afterwards. So one of the two sees the other,
    // without a lock, which most of these would never need a second time.
    private int _cancelled;
    private CancellationTokenSource? _source;
    private ScheduledWork? _work;

    // Locked: what more than one work is attached to is rare.
    private List<ScheduledWork>? _works;

    /// <summary>Makes it.</summary>
    /// <param name="scheduler">Measures delays.</param>
    public Cancelable(IScheduler scheduler) : this(scheduler.Advanced)
    {
    }

    /// <summary>Makes it.</summary>
    /// <param name="scheduler">Measures delays.</param>
    public Cancelable(IActionScheduler scheduler) => _scheduler = scheduler;

    /// <summary>Makes it, to be called off later.</summary>
    /// <param name="scheduler">Measures delays.</param>
    /// <param name="delay">When it is called off.</param>
    public Cancelable(IScheduler scheduler, TimeSpan delay) : this(scheduler) => CancelAfter(delay);

    /// <summary>Makes it, to be called off later.</summary>
    /// <param name="scheduler">Measures delays.</param>
    /// <param name="millisecondsDelay">When it is called off, in milliseconds.</param>
    public Cancelable(IScheduler scheduler, int millisecondsDelay) : this(scheduler) => CancelAfter(millisecondsDelay);

    /// <inheritdoc/>
    public bool IsCancellationRequested => Volatile.Read(ref _cancelled) != 0;

    /// <inheritdoc/>
    public CancellationToken Token
    {
        get
        {
            if (Volatile.Read(ref _source) is { } known) return known.Token;
            var fresh = new CancellationTokenSource();
            if (Interlocked.CompareExchange(ref _source, fresh, null) is { } other) return other.Token;
            if (IsCancellationRequested) fresh.Cancel();
            return fresh.Token;
        }
    }

    /// <summary>Whether it has been disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>One that has been called off already.</summary>
    public static ICancelable CreateCanceled() => AlreadyCancelled.Instance;

    /// <inheritdoc/>
    public void Cancel() => Cancel(false);

    /// <inheritdoc/>
    public void Cancel(bool throwOnFirstException)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (Interlocked.Exchange(ref _cancelled, 1) != 0) return;
        Volatile.Read(ref _work)?.Cancel();
        if (Volatile.Read(ref _works) is { } works)
        {
            lock (works)
            {
                foreach (var work in works) work.Cancel();
            }
        }
        Volatile.Read(ref _source)?.Cancel(throwOnFirstException);
    }

    /// <inheritdoc/>
    public void CancelAfter(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (!IsCancellationRequested) _scheduler.ScheduleOnce(delay, Cancel);
    }

    /// <inheritdoc/>
    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives its resources back.</summary>
    /// <param name="disposing">True.</param>
    protected virtual void Dispose(bool disposing)
    {
        IsDisposed = true;
        _source?.Dispose();
    }

    /// <summary>Takes the work out of the scheduler when this is called off; false when it has been already.</summary>
    internal bool Attach(ScheduledWork work)
    {
        var known = Volatile.Read(ref _work);
        if (known is { IsOver: false } || Interlocked.CompareExchange(ref _work, work, known) != known)
        {
            var works = Volatile.Read(ref _works) ?? Interlocked.CompareExchange(ref _works, [], null) ?? _works;
            lock (works) works.Add(work);
        }
        return !IsCancellationRequested;
    }

    private sealed class AlreadyCancelled : ICancelable
    {
        public static readonly AlreadyCancelled Instance = new();

        public bool IsCancellationRequested => true;

        public CancellationToken Token { get; } = new(true);

        public void Cancel()
        {
        }

        public void Cancel(bool throwOnFirstException)
        {
        }

        public void CancelAfter(TimeSpan delay)
        {
        }

        public void CancelAfter(int millisecondsDelay)
        {
        }
    }
}
