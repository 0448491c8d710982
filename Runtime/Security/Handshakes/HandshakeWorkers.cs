namespace Ouroboros.Runtime.Security.Handshakes;

/// <summary>
/// The threads of handshakes, apart from those of actors and packets. There are as many as processors; for each that has been at the same job
/// for <see cref="StuckAfter"/>, with a token or file system that does not answer, another one is added while jobs wait, up to a limit.
/// </summary>
internal sealed class HandshakeWorkers : IDisposable
{
    /// <summary>How long a job may run before a thread is added for those behind it.</summary>
    public static readonly TimeSpan StuckAfter = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly LinkedList<HandshakeJob> _queue = [];
    private readonly HashSet<HandshakeJob> _running = [];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly int _threads;
    private readonly int _maxThreads;
    private int _live;
    private int _idle;
    private int _number;
    private bool _disposed;

    public HandshakeWorkers(SecuritySettings settings, TimeProvider time)
    {
        _threads = settings.Threads == 0 ? Environment.ProcessorCount : settings.Threads;
        _maxThreads = Math.Max(_threads, settings.MaxThreads);
        _time = time;
        _timer = time.CreateTimer(static state => ((HandshakeWorkers)state!).LookForStuck(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Threads that there are, jobs that no thread has taken yet, jobs that one is at.</summary>
    public (int Threads, int Waiting, int Running) State
    {
        get { lock (_gate) return (_live, _queue.Count, _running.Count); }
    }

    /// <summary>Hands over a job. The caller bounds how many there are.</summary>
    public void Submit(HandshakeJob job)
    {
        lock (_gate)
        {
            if (_disposed) return;
            _queue.AddLast(job);
            if (_queue.Count > _idle) AddThread();
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Lets a job go, whether it waits, runs or has finished, with all that it made and what it works with.</summary>
    public void Abandon(HandshakeJob job, IDisposable? lent)
    {
        bool waited;
        lock (_gate) waited = _queue.Remove(job);
        job.Abandon(lent);
        if (waited) lent?.Dispose();
    }

    /// <summary>Takes no more jobs; what runs is left to end by itself.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _queue.Clear();
            Monitor.PulseAll(_gate);
        }
        _timer.Dispose();
    }

    /// <summary>Within the lock: one more thread, if there may be one; else somebody looks again later.</summary>
    private bool AddThread()
    {
        if (_live < Math.Min(_maxThreads, _threads + _running.Count(IsStuck)))
        {
            _live++;
            _idle++;
            new Thread(Work) { IsBackground = true, Name = $"oap-{++_number}" }.Start();
            return true;
        }
        if (_live < _maxThreads) _timer.Change(StuckAfter, Timeout.InfiniteTimeSpan);
        return false;
    }

    private bool IsStuck(HandshakeJob job) => _time.GetElapsedTime(job.Began) >= StuckAfter;

    private void LookForStuck()
    {
        lock (_gate)
        {
            while (!_disposed && _queue.Count > _idle && AddThread())
            {
            }
        }
    }

    private void Work()
    {
        while (Next() is { } job)
        {
            job.Run();
            lock (_gate)
            {
                _running.Remove(job);
                _idle++;
            }
        }
    }

    /// <summary>The next job; null = this thread is not needed any more.</summary>
    private HandshakeJob? Next()
    {
        lock (_gate)
        {
            while (_queue.First is null)
            {
                // Not on the runtime's clock: when an idle thread ends is of no consequence.
                if (!_disposed && (Monitor.Wait(_gate, IdleTime) || _queue.First is not null)) continue;
                _live--;
                _idle--;
                return null;
            }
            var job = _queue.First.Value;
            _queue.RemoveFirst();
            _idle--;
            job.Began = _time.GetTimestamp();
            _running.Add(job);
            // Those behind it have nobody yet who looks after them.
            if (_queue.Count > _idle) AddThread();
            return job;
        }
    }
}
