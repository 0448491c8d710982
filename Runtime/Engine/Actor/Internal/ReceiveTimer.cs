namespace Akka.Actor;

/// <summary>
/// The receive time-out of one actor. It is not moved at every message: when it comes due, it looks how long ago the last one was, and
/// sleeps on.
/// </summary>
internal sealed class ReceiveTimer(ActorCell cell, TimeSpan timeout) : IDisposable
{
    private readonly Lock _lock = new();
    private ScheduledWork? _work;
    private long _lastActivity;
    private bool _paused = true;
    private bool _disposed;
    private TimeSpan _timeout = timeout;
    private bool _changed = true;

    public TimeSpan Timeout
    {
        get => _timeout;
        set
        {
            lock (_lock)
            {
                _timeout = value;
                _changed = true;
            }
        }
    }

    /// <summary>A message is being handled: the time does not run.</summary>
    public void Pause(object message)
    {
        if (!Counts(message)) return;
        lock (_lock) _paused = true;
    }

    /// <summary>The message has been handled: the time starts anew, unless the message does not count.</summary>
    public void Continue(object? message)
    {
        lock (_lock)
        {
            if (_disposed) return;
            if (!_changed && !Counts(message)) return;
            var timers = cell.SystemImpl.Timers;
            _paused = false;
            _lastActivity = timers.Now;
            if (_work is not null && !_changed) return;
            _changed = false;
            _work?.Cancel();
            Arm(_timeout.Ticks);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _work?.Cancel();
            _work = null;
        }
    }

    private static bool Counts(object? message) =>
        message is not (INotInfluenceReceiveTimeout or Internal.TimerMessage { Message: INotInfluenceReceiveTimeout });

    private void Arm(long ticks) => _work = cell.SystemImpl.Timers.TryAdd(Math.Max(0, ticks), Due);

    private void Due()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _work = null;
            // Continue arms it again.
            if (_paused) return;
            var left = _lastActivity + _timeout.Ticks - cell.SystemImpl.Timers.Now;
            if (left > 0)
            {
                Arm(left);
                return;
            }
            _paused = true;
        }
        cell.Tell(ReceiveTimeout.Instance, cell);
    }
}
