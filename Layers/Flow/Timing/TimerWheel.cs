using System.Numerics;
using System.Runtime.InteropServices;

namespace Ouroboros.Layers.Flow.Timing;

/// <summary>
/// The timers of all flows of a runtime: a hierarchical timing wheel of four levels with 256 slots each, the finest of 2^20 ns (1.05 ms, as
/// the reference's), driven by one timer of the runtime's clock. A slot is a list of chunks of entries: cascading touches no timer, only entries.
/// A timer that wants to be called earlier gets another entry; the one that no longer counts is dropped when its slot comes.
/// </summary>
internal sealed class TimerWheel : IDisposable
{
    /// <summary>Nanoseconds of a tick, as a power of two.</summary>
    public const int TickBits = 20;

    private const int Levels = 4;
    private const int SlotBits = 8;
    private const int Slots = 1 << SlotBits;
    private const int Mask = Slots - 1;

    // Timers between the one that is looked at and the one that is fetched: as many as the processor fetches at a time.
    private const int Ahead = 12;

    // What a timer on its own begins with.
    private const int TimerBytes = 64;

    // Timers that are called between two turns at the lock; few enough to stay in the nearest cache.
    private const int Part = 64;

    private const int FewChunks = 64;

    // 52 days; a timer that wants more is called early and schedules again.
    private const long Longest = (1L << (SlotBits * Levels)) - 1;

    private readonly FlowClock _clock;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly EntryChunk?[] _slots = new EntryChunk?[Levels * Slots];
    private readonly ulong[] _occupied = new ulong[Levels * Slots / 64];
    private readonly long _start;
    private List<EntryChunk.Entry> _due = [];
    private List<EntryChunk.Entry>? _spare = [];
    private EntryChunk? _spareChunks;
    private int _chunks;
    private int _spares;
    private long _current;
    private long _armed = TimerTicks.None;
    private bool _disposed;

    /// <summary>Makes a wheel without entries.</summary>
    public TimerWheel(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _clock = new FlowClock(time);
        // So that deadlines that are rounded to a slot of the second level come due when it is spread: one wake-up for both.
        _start = _clock.Now & -(1L << (TickBits + SlotBits));
        Keepalives = new KeepaliveTable(this);
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time == TimeProvider.System
                ? new ThreadTimer(OnTick, "flow timers")
                : time.CreateTimer(static wheel => ((TimerWheel)wheel!).OnTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Nanoseconds on its clock.</summary>
    public long Now => _clock.Now;

    /// <summary>The keepalives of its flows.</summary>
    public KeepaliveTable Keepalives { get; }

    /// <summary>Entries, those that no longer count included.</summary>
    public long Entries
    {
        get
        {
            lock (_lock)
            {
                long entries = 0;
                foreach (var slot in _slots)
                {
                    for (var chunk = slot; chunk is not null; chunk = chunk.Next) entries += chunk.Count;
                }
                return entries;
            }
        }
    }

    /// <inheritdoc cref="Schedule(TimerGroup, int, long)"/>
    public void Schedule(WheelTimer timer, long due) => Schedule(timer, EntryChunk.Entry.Single, due);

    /// <summary>
    /// Sees to it that a timer is called at <paramref name="due"/> at the latest, plus one tick; it may be called earlier. Call it as often as
    /// the deadline changes: an entry that comes early enough is left alone.
    /// </summary>
    public void Schedule(TimerGroup of, int index, long due)
    {
        if (due == long.MaxValue) return;
        var tick = TickOf(due);
        ref var ticks = ref of.TicksOf(index);
        // Unguarded reads: a stale value is one that was true a moment ago, and then the timer is about to run, which schedules again.
        if (tick >= Volatile.Read(ref ticks.Near) || tick >= Volatile.Read(ref ticks.Far)) return;
        lock (_lock)
        {
            if (!_disposed) Enter(of, index, due);
        }
    }

    /// <summary>Forgets a timer for good, so that the wheel does not keep what it belongs to alive.</summary>
    public void Cancel(WheelTimer timer)
    {
        ref var ticks = ref timer.TicksOf(EntryChunk.Entry.Single);
        lock (_lock)
        {
            Remove(timer, ticks.Near);
            Remove(timer, ticks.Far);
            ticks.Near = ticks.Far = TimerTicks.Never;
        }
    }

    /// <summary>Calls nobody any more.</summary>
    public void Dispose()
    {
        lock (_lock) _disposed = true;
        _timer.Dispose();
    }

    /// <summary>The first tick that is not before a time.</summary>
    private long TickOf(long due) => (due - _start + (1L << TickBits) - 1) >> TickBits;

    private void Enter(TimerGroup of, int index, long due)
    {
        var tick = Math.Clamp(TickOf(due), _current + 1, _current + Longest);
        ref var ticks = ref of.TicksOf(index);
        if (tick >= ticks.Near || tick >= ticks.Far) return;
        if (tick - _current < Slots) ticks.Near = tick;
        else ticks.Far = tick;
        Add(of, index, tick);
        if (tick < _armed) Arm(tick);
    }

    private void Add(TimerGroup of, int index, long tick)
    {
        var distance = tick - _current;
        var level = 0;
        while (level < Levels - 1 && distance >= 1L << (SlotBits * (level + 1))) level++;
        var slot = (level * Slots) + (int)((tick >> (SlotBits * level)) & Mask);
        var chunk = _slots[slot];
        if (chunk is null || chunk.IsFull)
        {
            _slots[slot] = chunk = TakeChunk(chunk);
            _occupied[slot >> 6] |= 1UL << (slot & 63);
        }
        chunk.Add(of, index, tick);
    }

    private EntryChunk TakeChunk(EntryChunk? next)
    {
        _chunks++;
        var chunk = _spareChunks;
        if (chunk is null) return new EntryChunk { Next = next };
        _spareChunks = chunk.Next;
        _spares--;
        chunk.Next = next;
        return chunk;
    }

    private void GiveChunk(EntryChunk chunk)
    {
        chunk.Clear();
        // As many as are in use, at most: what a burst of timers needed goes again.
        if (_spares > --_chunks + FewChunks) return;
        chunk.Next = _spareChunks;
        _spareChunks = chunk;
        _spares++;
    }

    private void Remove(WheelTimer timer, long tick)
    {
        if (tick is TimerTicks.None or TimerTicks.Never) return;
        for (var level = 0; level < Levels; level++)
        {
            var index = (level * Slots) + (int)((tick >> (SlotBits * level)) & Mask);
            var head = _slots[index];
            for (var chunk = head; chunk is not null; chunk = chunk.Next)
            {
                for (var at = 0; at < chunk.Count; at++)
                {
                    if (chunk.Entries[at].Of != timer || chunk.Entries[at].Tick != tick) continue;
                    // The newest takes its place.
                    var last = head!.RemoveLast();
                    if (chunk != head || at < head.Count) chunk.Entries[at] = last;
                    if (head.Count > 0) return;
                    _slots[index] = head.Next;
                    GiveChunk(head);
                    if (_slots[index] is null) _occupied[index >> 6] &= ~(1UL << (index & 63));
                    return;
                }
            }
        }
    }

    private void OnTick()
    {
        List<EntryChunk.Entry> due;
        var now = _clock.Now;
        lock (_lock)
        {
            if (_disposed) return;
            due = Interlocked.Exchange(ref _spare, null) ?? [];
            _due = due;
            Advance((now - _start) >> TickBits);
        }
        Call(CollectionsMarshal.AsSpan(due), now);
        due.Clear();
        // What was scheduled meanwhile has armed the clock if it had to.
        lock (_lock)
        {
            _spare = due;
            if (_disposed) return;
            Arm(NextOccupied());
        }
    }

    /// <summary>Calls those whose time has come, and enters them again for when they want to be called next.</summary>
    private void Call(ReadOnlySpan<EntryChunk.Entry> due, long now)
    {
        Span<bool> live = stackalloc bool[Part];
        Span<long> next = stackalloc long[Part];
        while (due.Length > 0)
        {
            var part = due[..Math.Min(due.Length, Part)];
            lock (_lock)
            {
                if (_disposed) return;
                // The first look at each of them: none is in a cache.
                for (var i = 0; i < part.Length; i++)
                {
                    if (i + Ahead < due.Length) Fetch(due[i + Ahead]);
                    live[i] = Claim(part[i]);
                }
            }
            for (var i = 0; i < part.Length; i++) next[i] = live[i] ? part[i].Of.OnTimer(part[i].Index, now) : TimerTicks.None;
            lock (_lock)
            {
                if (_disposed) return;
                for (var i = 0; i < part.Length; i++)
                {
                    if (next[i] != TimerTicks.None) Enter(part[i].Of, part[i].Index, next[i]);
                }
            }
            due = due[part.Length..];
        }
    }

    private static void Fetch(EntryChunk.Entry entry)
    {
        if (entry.Index == EntryChunk.Entry.Single) CacheLines.Fetch(entry.Of, TimerBytes);
        else entry.Of.Fetch(entry.Index);
    }

    /// <summary>Whether an entry still counts; then it is no longer one.</summary>
    private static bool Claim(EntryChunk.Entry entry)
    {
        ref var ticks = ref entry.Of.TicksOf(entry.Index);
        if (entry.Tick == ticks.Near) Volatile.Write(ref ticks.Near, TimerTicks.None);
        else if (entry.Tick == ticks.Far) Volatile.Write(ref ticks.Far, TimerTicks.None);
        else return false;
        return true;
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
        var chunk = _slots[index];
        if (chunk is null) return;
        _slots[index] = null;
        _occupied[index >> 6] &= ~(1UL << (index & 63));
        while (chunk is not null)
        {
            foreach (var entry in chunk.Entries.AsSpan(0, chunk.Count))
            {
                // Without a look at the timer: it is in no cache, and will not be when its time has come.
                if (entry.Tick > _current) Add(entry.Of, entry.Index, entry.Tick);
                else _due.Add(entry);
            }
            var done = chunk;
            chunk = chunk.Next;
            GiveChunk(done);
        }
    }

    /// <summary>The next tick with something to do: an entry that is due or a slot to be spread.</summary>
    private long NextOccupied()
    {
        var best = TimerTicks.None;
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
        if (tick == TimerTicks.None) return;
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
}
