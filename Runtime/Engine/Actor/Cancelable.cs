namespace Akka.Actor;

/// <summary>Calls scheduled work off.</summary>
public class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler _scheduler;
    private readonly Lock _lock = new();
    private CancellationTokenSource? _source;
    private List<ScheduledWork>? _works;
    private ScheduledWork? _work;
    private volatile bool _cancelled;

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
    public bool IsCancellationRequested => _cancelled;

    /// <inheritdoc/>
    public CancellationToken Token
    {
        get
        {
            lock (_lock)
            {
                if (_source is not null) return _source.Token;
                _source = new CancellationTokenSource();
                if (_cancelled) _source.Cancel();
                return _source.Token;
            }
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
        CancellationTokenSource? source;
        lock (_lock)
        {
            if (_cancelled) return;
            _cancelled = true;
            source = _source;
        }
        _work?.Cancel();
        if (_works is not null)
            foreach (var work in _works) work.Cancel();
        source?.Cancel(throwOnFirstException);
    }

    /// <inheritdoc/>
    public void CancelAfter(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (!_cancelled) _scheduler.ScheduleOnce(delay, Cancel);
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
        lock (_lock)
        {
            if (_cancelled) return false;
            if (_work is null || _work.IsOver) _work = work;
            else (_works ??= []).Add(work);
            return true;
        }
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
