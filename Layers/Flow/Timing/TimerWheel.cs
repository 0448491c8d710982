using System.Numerics;

namespace Ouroboros.Layers.Flow.Timing;

/// <summary>
/// The timers of all flows of a runtime: a hierarchical timing wheel of four levels with 256 slots each, the finest of 2^20 ns (1.05 ms, as
/// the reference's), driven by one timer of the runtime's clock. A slot is an array of entries: cascading touches no timer, only entries.
/// Timers are never taken out; an entry that no longer counts is dropped when its slot comes.
/// </summary>
internal sealed class TimerWheel : IDisposable
{
    /// <summary>Nanoseconds of a tick, as a power of two.</summary>
    public const int TickBits = 20;

    private const int Levels = 4;
    private const int SlotBits = 8;
    private const int Slots = 1 << SlotBits;
    private const int Mask = Slots - 1;

    // 52 days; a timer that wants more is called early and schedules again.
    private const long Longest = (1L << (SlotBits * Levels)) - 1;

    private readonly FlowClock _clock;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly Slot[] _slots = new Slot[Levels * Slots];
    private readonly ulong[] _occupied = new ulong[Levels * Slots / 64];
    private readonly long _start;
    private List<WheelTimer> _due = [];
    private List<WheelTimer>? _spare = [];
    private long _current;
    private long _armed = WheelTimer.None;
    private bool _disposed;

    /// <summary>Makes a wheel without entries.</summary>
    public TimerWheel(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _clock = new FlowClock(time);
        _start = _clock.Now;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static wheel => ((TimerWheel)wheel!).OnTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Nanoseconds on its clock.</summary>
    public long Now => _clock.Now;

    /// <summary>Entries, those that no longer count included.</summary>
    public long Entries
    {
        get
        {
            lock (_lock) return _slots.Sum(s => (long)s.Count);
        }
    }

    /// <summary>
    /// Sees to it that a timer is called at <paramref name="due"/> at the latest, plus one tick; it may be called earlier. Call it as often as
    /// the deadline changes: an entry that comes early enough is left alone.
    /// </summary>
    public void Schedule(WheelTimer timer, long due)
    {
        if (due == long.MaxValue) return;
        var tick = ((due - _start) >> TickBits) + 1;
        // Unguarded reads: a stale value is one that was true a moment ago, and then the timer is about to run, which schedules again.
        if (tick >= Volatile.Read(ref timer.Near) || tick >= Volatile.Read(ref timer.Far)) return;
        lock (_lock)
        {
            if (_disposed) return;
            tick = Math.Clamp(tick, _current + 1, _current + Longest);
            if (tick >= timer.Near || tick >= timer.Far) return;
            if (tick - _current < Slots) timer.Near = tick;
            else timer.Far = tick;
            Add(timer, tick);
            if (tick < _armed) Arm(tick);
        }
    }

    /// <summary>Forgets a timer, so that the wheel does not keep what it belongs to alive.</summary>
    public void Cancel(WheelTimer timer)
    {
        lock (_lock)
        {
            Remove(timer, timer.Near);
            Remove(timer, timer.Far);
            timer.Near = timer.Far = WheelTimer.None;
        }
    }

    /// <summary>Calls nobody any more.</summary>
    public void Dispose()
    {
        lock (_lock) _disposed = true;
        _timer.Dispose();
    }

    private void Add(WheelTimer timer, long tick)
    {
        var distance = tick - _current;
        var level = 0;
        while (level < Levels - 1 && distance >= 1L << (SlotBits * (level + 1))) level++;
        var index = (level * Slots) + (int)((tick >> (SlotBits * level)) & Mask);
        _slots[index].Add(new Entry(timer, tick));
        _occupied[index >> 6] |= 1UL << (index & 63);
    }

    private void Remove(WheelTimer timer, long tick)
    {
        if (tick == WheelTimer.None) return;
        for (var level = 0; level < Levels; level++)
        {
            var index = (level * Slots) + (int)((tick >> (SlotBits * level)) & Mask);
            ref var slot = ref _slots[index];
            for (var i = slot.Count - 1; i >= 0; i--)
            {
                if (slot.Entries![i].Timer != timer || slot.Entries[i].Tick != tick) continue;
                slot.Entries[i] = slot.Entries[--slot.Count];
                slot.Entries[slot.Count] = default;
                if (slot.Count == 0) _occupied[index >> 6] &= ~(1UL << (index & 63));
                return;
            }
        }
    }

    private void OnTick()
    {
        List<WheelTimer> due;
        var now = _clock.Now;
        lock (_lock)
        {
            if (_disposed) return;
            due = Interlocked.Exchange(ref _spare, null) ?? [];
            _due = due;
            Advance((now - _start) >> TickBits);
        }
        foreach (var timer in due) timer.OnTimer(now);
        due.Clear();
        // What was scheduled meanwhile has armed the clock if it had to.
        lock (_lock)
        {
            _spare = due;
            if (_disposed) return;
            Arm(NextOccupied());
        }
    }

    /// <summary>Goes to a tick; everything that is due by then is put into the list.</summary>
    private void Advance(long target)
    {
        while (_current < target)
        {
            var next = NextOccupied();
            if (next > target)
            {
                _current = target;
                return;
            }
            _current = next;
            // Coarser slots begin at this tick: spread them before the finest is taken.
            for (var level = Levels - 1; level > 0; level--)
            {
                if ((_current & ((1L << (SlotBits * level)) - 1)) == 0) Take((level * Slots) + (int)((_current >> (SlotBits * level)) & Mask));
            }
            Take((int)(_current & Mask));
        }
    }

    private void Take(int index)
    {
        ref var slot = ref _slots[index];
        var (entries, count) = (slot.Entries, slot.Count);
        if (count == 0) return;
        slot = default;
        _occupied[index >> 6] &= ~(1UL << (index & 63));
        for (var i = 0; i < count; i++)
        {
            var (timer, tick) = entries![i];
            if (tick > _current)
            {
                Add(timer, tick);
                continue;
            }
            if (tick == timer.Near) Volatile.Write(ref timer.Near, WheelTimer.None);
            else if (tick == timer.Far) Volatile.Write(ref timer.Far, WheelTimer.None);
            else continue;
            _due.Add(timer);
        }
        // The array is kept where the next ones of this kind will come.
        if (count <= Slot.Kept && _slots[index].Entries is null)
        {
            Array.Clear(entries!, 0, count);
            _slots[index].Entries = entries;
        }
    }

    /// <summary>The next tick with something to do: an entry that is due or a slot to be spread.</summary>
    private long NextOccupied()
    {
        var best = WheelTimer.None;
        for (var level = 0; level < Levels; level++)
        {
            var position = _current >> (SlotBits * level);
            var distance = NextInLevel(level, (int)(position & Mask));
            if (distance > 0) best = Math.Min(best, (position + distance) << (SlotBits * level));
        }
        return best;
    }

    /// <summary>Slots from a position to the next occupied one behind it, 1 to 256; 0 = none.</summary>
    private int NextInLevel(int level, int position)
    {
        var words = _occupied.AsSpan(level * Slots / 64, Slots / 64);
        var start = (position + 1) & Mask;
        for (var i = 0; i <= words.Length; i++)
        {
            var word = ((start >> 6) + i) % words.Length;
            var bits = words[word];
            if (i == 0) bits &= ulong.MaxValue << (start & 63);
            else if (i == words.Length) bits &= (start & 63) == 0 ? 0 : ulong.MaxValue >> (64 - (start & 63));
            if (bits == 0) continue;
            var found = (word << 6) + BitOperations.TrailingZeroCount(bits);
            var distance = (found - position) & Mask;
            return distance == 0 ? Slots : distance;
        }
        return 0;
    }

    private void Arm(long tick)
    {
        _armed = tick;
        if (tick == WheelTimer.None) return;
        // Timers count milliseconds and cut off what is less.
        var wait = _start + (tick << TickBits) - _clock.Now;
        var milliseconds = wait <= 0 ? 0 : (wait + 999_999) / 1_000_000;
        try
        {
            _timer.Change(TimeSpan.FromMilliseconds(Math.Min(milliseconds, int.MaxValue)), Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The runtime ends.
        }
    }

    private readonly record struct Entry(WheelTimer Timer, long Tick);

    private struct Slot
    {
        public const int Kept = 64;

        public Entry[]? Entries;
        public int Count;

        public void Add(Entry entry)
        {
            if (Entries is null) Entries = new Entry[4];
            else if (Count == Entries.Length) Array.Resize(ref Entries, Count * 2);
            Entries[Count++] = entry;
        }
    }
}
