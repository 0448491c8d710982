namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>Virtual time: nanoseconds that stand still between events. What is due at one moment happens in the order in which it was asked for.</summary>
internal sealed class SimClock : TimeProvider
{
    private readonly PriorityQueue<Action, (long Due, long Order)> _events = new();
    private long _now = 1_000_000_000;
    private long _order;

    public override long TimestampFrequency => 1_000_000_000;

    public long Now => _now;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_now / 100);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void At(long due, Action action) => _events.Enqueue(action, (Math.Max(due, _now), _order++));

    /// <summary>Goes to the next event and lets it happen.</summary>
    /// <returns>False when there is none before the limit; then the clock stands at the limit.</returns>
    public bool Step(long limit)
    {
        if (!_events.TryPeek(out var action, out var at) || at.Due > limit)
        {
            _now = Math.Max(_now, limit);
            return false;
        }
        _events.Dequeue();
        _now = at.Due;
        action();
        return true;
    }

    /// <summary>Lets everything happen for a while.</summary>
    public void Advance(TimeSpan by)
    {
        var limit = _now + (by.Ticks * 100);
        while (Step(limit))
        {
        }
    }

    private sealed class Timer(SimClock clock, TimerCallback callback, object? state) : ITimer
    {
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = ++_version;
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            clock.At(clock.Now + (dueTime.Ticks * 100), () =>
            {
                if (_version == version) callback(state);
            });
            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
