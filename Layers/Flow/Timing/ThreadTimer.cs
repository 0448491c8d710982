using System.Diagnostics;

namespace Ouroboros.Layers.Flow.Timing;

/// <summary>
/// A timer of the system's clock with a thread that does nothing else. One of the thread pool is woken by the thread of all timers, and spins for half a
/// millisecond before it sleeps again: for a wheel that comes round a few times a second that was half of what it cost, and a pool that is busy
/// would be late. The thread starts with the first time that is set.
/// </summary>
internal sealed class ThreadTimer : ITimer
{
    private const long Never = long.MaxValue;

    private readonly object _gate = new();
    private readonly Action _call;
    private readonly string _name;
    private long _due = Never;
    private bool _started;
    private bool _disposed;

    /// <summary>Makes a timer that is not set.</summary>
    /// <param name="call">What to call; must not throw or block.</param>
    /// <param name="name">What to call the thread.</param>
    public ThreadTimer(Action call, string name)
    {
        _call = call;
        _name = name;
    }

    /// <summary>Sets the time, once.</summary>
    /// <param name="dueTime">From now; <see cref="Timeout.InfiniteTimeSpan"/> = never.</param>
    /// <param name="period">Must be infinite.</param>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(period, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            if (_disposed) return false;
            var before = _due;
            _due = dueTime == Timeout.InfiniteTimeSpan ? Never : Stopwatch.GetTimestamp() + (long)(dueTime.TotalSeconds * Stopwatch.Frequency);
            // One that sleeps too short looks at the time and sleeps on.
            if (_due < before) Wake();
            return true;
        }
    }

    /// <summary>Calls nobody any more, but for a call that is under way.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Wake()
    {
        if (_started)
        {
            Monitor.Pulse(_gate);
            return;
        }
        _started = true;
        // Whoever sets the first time is nothing to those that come after.
        new Thread(Run) { IsBackground = true, Name = _name }.UnsafeStart();
    }

    private void Run()
    {
        while (Wait()) _call();
    }

    /// <summary>Sleeps until the time has come.</summary>
    /// <returns>false when there will be none any more.</returns>
    private bool Wait()
    {
        lock (_gate)
        {
            while (!_disposed)
            {
                var wait = _due == Never ? Timeout.Infinite : (int)Math.Clamp(Math.Ceiling((_due - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency), 0, int.MaxValue);
                if (wait == 0)
                {
                    _due = Never;
                    return true;
                }
                Monitor.Wait(_gate, wait);
            }
            return false;
        }
    }
}
