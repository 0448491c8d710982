namespace Akka.Actor;

/// <summary>
/// All that a system does later, in one heap by due time behind one timer of the <see cref="TimeProvider"/>. What is due at the same time
/// runs in
/// the order in which it was scheduled.
/// </summary>
internal sealed class TimerHeap : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action<Exception> _onError;
    private readonly long _start;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private ScheduledWork[] _heap = new ScheduledWork[16];
    private int _count;
    private long _order;
    private long _armed = long.MaxValue;
    private bool _firing;
    private bool _disposed;

    public TimerHeap(TimeProvider time, Action<Exception> onError)
    {
        _time = time;
        _onError = onError;
        _start = time.GetTimestamp();
        // Timers flow the execution context of who makes them; this one belongs to nobody.
        using (ExecutionContext.SuppressFlow())
            _timer = time.CreateTimer(static heap => ((TimerHeap)heap!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ticks since the heap was made, plus one: never 0.</summary>
    public long Now => _time.GetElapsedTime(_start).Ticks + 1;

    public ScheduledWork? TryAdd(long delay, Action action, long interval = 0)
    {
        var work = new ScheduledAction(this, delay, interval, null, action);
        return TryAdd(work) ? work : null;
    }

    public void Cancel(ScheduledWork work)
    {
        work.Cancelled = true;
        lock (_lock)
        {
            if (work.Index >= 0) RemoveAt(work.Index);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            Array.Clear(_heap, 0, _count);
            _count = 0;
        }
        _timer.Dispose();
    }

    /// <summary>False when the heap has been disposed.</summary>
    public bool TryAdd(ScheduledWork work)
    {
        lock (_lock)
        {
            if (_disposed) return false;
            work.Order = _order++;
            Push(work);
            if (!_firing) Arm();
            return true;
        }
    }

    private void Fire()
    {
        lock (_lock)
        {
            if (_firing || _disposed) return;
            _firing = true;
            _armed = long.MaxValue;
        }
        while (true)
        {
            ScheduledWork work;
            lock (_lock)
            {
                if (_disposed) return;
                if (_count == 0 || _heap[0].Due > Now)
                {
                    _firing = false;
                    Arm();
                    return;
                }
                work = _heap[0];
                RemoveAt(0);
                if (work.Interval > 0)
                {
                    work.Due += work.Interval;
                    work.Order = _order++;
                    Push(work);
                }
            }
            if (work.Cancelled) continue;
            try
            {
                work.Run();
            }
            catch (Exception e)
            {
                _onError(e);
            }
        }
    }

    private void Arm()
    {
        if (_count == 0 || _heap[0].Due >= _armed) return;
        _armed = _heap[0].Due;
        // Timers take whole milliseconds and cut off the rest, which would wake us too early.
        var milliseconds = Math.Max(0, (_armed - Now + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(milliseconds, int.MaxValue - 1L)), Timeout.InfiniteTimeSpan);
        if (milliseconds >= int.MaxValue) _armed = Now + ((int.MaxValue - 1L) * TimeSpan.TicksPerMillisecond);
    }

    private void Push(ScheduledWork work)
    {
        if (_count == _heap.Length) Array.Resize(ref _heap, _count * 2);
        Up(_count++, work);
    }

    private void RemoveAt(int index)
    {
        _heap[index].Index = -1;
        var last = _heap[--_count];
        _heap[_count] = null!;
        if (index == _count) return;
        if (index > 0 && Before(last, _heap[(index - 1) / 2])) Up(index, last);
        else Down(index, last);
    }

    private void Up(int index, ScheduledWork work)
    {
        while (index > 0)
        {
            var parent = (index - 1) / 2;
            if (!Before(work, _heap[parent])) break;
            Set(index, _heap[parent]);
            index = parent;
        }
        Set(index, work);
    }

    private void Down(int index, ScheduledWork work)
    {
        while (true)
        {
            var child = (2 * index) + 1;
            if (child >= _count) break;
            if (child + 1 < _count && Before(_heap[child + 1], _heap[child])) child++;
            if (!Before(_heap[child], work)) break;
            Set(index, _heap[child]);
            index = child;
        }
        Set(index, work);
    }

    private void Set(int index, ScheduledWork work)
    {
        _heap[index] = work;
        work.Index = index;
    }

    private static bool Before(ScheduledWork a, ScheduledWork b) => a.Due < b.Due || (a.Due == b.Due && a.Order < b.Order);
}
