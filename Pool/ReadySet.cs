namespace Ouroboros.Pool;

/// <summary>
/// The core of a flow set: tells one or more waiters which members have packets or other events. Per member it stores one word of
/// pending bits, so no number of notifications overflows it. Packets are level-triggered: a member whose ring still holds some is
/// reported by the next wait again; all other events are reported once each. Members are reported in the order in which they became
/// ready. A ring is in at most one set.
/// </summary>
/// <typeparam name="T">What it holds, e.g. a flow; compared by reference.</typeparam>
public sealed class ReadySet<T>
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<T, ReadyMember<T>> _members = new(ReferenceEqualityComparer.Instance);
    private readonly TimeProvider _time;
    private ReadyMember<T>? _firstReady, _lastReady;
    private int _readyCount;
    private WaiterQueue<int> _waiters;
    private ReadyWaiter<T>? _spare;

    /// <summary>Makes an empty set.</summary>
    /// <param name="timeProvider">Clock of all time-outs; the system's when null.</param>
    public ReadySet(TimeProvider? timeProvider = null) => _time = timeProvider ?? TimeProvider.System;

    /// <summary>Number of members.</summary>
    public int Count
    {
        get { lock (_lock) return _members.Count; }
    }

    /// <summary>Adds a member; when its ring holds packets, it is ready at once.</summary>
    /// <param name="member">What <see cref="ReadyEvent{T}.Member"/> will be.</param>
    /// <param name="ring">The ring whose reading end belongs to the member.</param>
    /// <exception cref="FlowException"><see cref="FlowError.NotPermitted"/>: the member or its ring is in this or another set.</exception>
    public void Add(T member, PacketRing ring)
    {
        if (!TryAdd(member, ring))
            throw new FlowException(FlowError.NotPermitted, "the flow is in a set already; remove it from that set first");
    }

    /// <summary>As <see cref="Add"/>.</summary>
    /// <returns>False instead of <see cref="FlowError.NotPermitted"/>.</returns>
    public bool TryAdd(T member, PacketRing ring)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(ring);
        var entry = new ReadyMember<T>(this, member, ring);
        lock (_lock)
        {
            if (_members.ContainsKey(member) || !ring.TrySetMember(entry, expected: null)) return false;
            _members.Add(member, entry);
        }
        if (ring.Count > 0) MakeReady(entry, FlowEventType.None);
        return true;
    }

    /// <summary>Takes a member out; nothing of it is reported by any wait that ends after this returns.</summary>
    /// <returns>False when it was not in this set.</returns>
    public bool Remove(T member)
    {
        lock (_lock)
        {
            if (!_members.Remove(member, out ReadyMember<T>? entry)) return false;
            Detach(entry);
            return true;
        }
    }

    /// <summary>Whether it is in this set.</summary>
    public bool Contains(T member)
    {
        lock (_lock) return _members.ContainsKey(member);
    }

    /// <summary>Takes all members out, with everything that is pending for them.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            foreach (ReadyMember<T> entry in _members.Values) Detach(entry);
            _members.Clear();
        }
    }

    /// <summary>Notes events of a member; they are reported once. Nothing happens when it is not in this set.</summary>
    /// <param name="member">The member.</param>
    /// <param name="events">What happened. <see cref="FlowEventType.Packet"/> needs no call for packets in the member's ring.</param>
    public void Notify(T member, FlowEventType events)
    {
        if (events == FlowEventType.None) return;
        ReadyMember<T>? entry;
        lock (_lock)
        {
            if (!_members.TryGetValue(member, out entry)) return;
        }
        MakeReady(entry, events);
    }

    /// <summary>Waits for events.</summary>
    /// <param name="events">Receives them, one entry per member. What does not fit is reported by the next wait.</param>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero not at all.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Number of entries written; zero when the time is over.</returns>
    public ValueTask<int> WaitAsync(Memory<ReadyEvent<T>> events, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Check(events.Length, timeout);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<int>(cancellationToken);
        int n = CollectOrQueue(events, timeout, cancellationToken, blocking: false, out ReadyWaiter<T>? waiter);
        return waiter is null ? new ValueTask<int>(n) : waiter.AsValueTask();
    }

    /// <summary>As <see cref="WaitAsync"/>, but blocks the calling thread.</summary>
    public int Wait(Memory<ReadyEvent<T>> events, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Check(events.Length, timeout);
        cancellationToken.ThrowIfCancellationRequested();
        long start = _time.GetTimestamp();
        TimeSpan rest = timeout;
        while (true)
        {
            int n = CollectOrQueue(events, rest, cancellationToken, blocking: true, out ReadyWaiter<T>? waiter);
            if (n > 0 || waiter is null) return n;
            bool timedOut = waiter.Block() == 0;
            if (timedOut) rest = TimeSpan.Zero;
            else if (timeout != Timeout.InfiniteTimeSpan)
            {
                rest = timeout - _time.GetElapsedTime(start);
                if (rest < TimeSpan.Zero) rest = TimeSpan.Zero;
            }
        }
    }

    /// <summary>Puts a member at the end of the ready queue, unless it is there, and wakes a waiter.</summary>
    internal void MakeReady(ReadyMember<T> entry, FlowEventType events)
    {
        Waiter<int>? waiter;
        lock (_lock)
        {
            if (entry.Removed) return;
            entry.Pending |= events;
            Enqueue(entry);
            waiter = TakeWaiter();
        }
        waiter?.Wake();
    }

    /// <summary>A woken waiter collects what woke it, into its own buffer, or goes back to sleep in front of the others.</summary>
    /// <returns>Negative when it sleeps again.</returns>
    internal int CollectOrRequeue(ReadyWaiter<T> waiter)
    {
        Waiter<int>? next = null;
        int n;
        lock (_lock)
        {
            n = Collect(waiter.Events.Span);
            if (n > 0) next = _readyCount > 0 ? TakeWaiter() : null;
            else if (!waiter.Cancellation.IsCancellationRequested && !waiter.IsDue)
            {
                _waiters.EnqueueFirst(waiter);
                n = -1;
            }
        }
        next?.Wake();
        return n;
    }

    internal bool TryWithdraw(ReadyWaiter<T> waiter, bool dueOnly)
    {
        lock (_lock)
        {
            if (!waiter.Queued || (dueOnly && !waiter.IsDue)) return false;
            _waiters.Remove(waiter);
            return true;
        }
    }

    internal void Recycle(ReadyWaiter<T> waiter) => Volatile.Write(ref _spare, waiter);

    private static void Check(int length, TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfZero(length, "events");
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "a time-out is zero, positive or infinite");
    }

    private int CollectOrQueue(
        Memory<ReadyEvent<T>> events, TimeSpan timeout, CancellationToken cancellation, bool blocking, out ReadyWaiter<T>? queued)
    {
        queued = null;
        ReadyWaiter<T>? waiter = null;
        if (timeout != TimeSpan.Zero)
        {
            waiter = Interlocked.Exchange(ref _spare, null) ?? new ReadyWaiter<T>(this, _time);
            waiter.Prepare(timeout, cancellation, blocking);
            waiter.Events = events;
        }
        Waiter<int>? next = null;
        int n;
        lock (_lock)
        {
            n = Collect(events.Span);
            if (n > 0) next = _readyCount > 0 ? TakeWaiter() : null;
            else if (waiter is not null)
            {
                _waiters.Enqueue(waiter);
                queued = waiter;
            }
        }
        next?.Wake();
        if (queued is not null) queued.Arm();
        else if (waiter is not null)
        {
            waiter.Events = default;
            Recycle(waiter);
        }
        return n;
    }

    /// <summary>Under the lock: one round over the ready queue. Members with packets left go to its end, the others leave it.</summary>
    private int Collect(Span<ReadyEvent<T>> events)
    {
        int n = 0;
        for (int left = _readyCount; left > 0 && n < events.Length; left--)
        {
            ReadyMember<T> entry = Dequeue();
            FlowEventType pending = entry.Pending;
            entry.Pending = FlowEventType.None;

            // Out of the queue first, then look: a writer that finds the ring empty after this look queues the member again.
            if (entry.Ring.Count > 0)
            {
                pending |= FlowEventType.Packet;
                Enqueue(entry);
            }
            if (pending != FlowEventType.None) events[n++] = new ReadyEvent<T>(entry.Item, pending);
        }
        return n;
    }

    private Waiter<int>? TakeWaiter()
    {
        Waiter<int>? waiter = _waiters.First;
        if (waiter is not null)
        {
            _waiters.Remove(waiter);
            waiter.SetResult(1);
        }
        return waiter;
    }

    private void Enqueue(ReadyMember<T> entry)
    {
        if (entry.IsQueued) return;
        entry.IsQueued = true;
        entry.Previous = _lastReady;
        if (_lastReady is null) _firstReady = entry;
        else _lastReady.Next = entry;
        _lastReady = entry;
        _readyCount++;
    }

    private ReadyMember<T> Dequeue()
    {
        ReadyMember<T> entry = _firstReady!;
        Unlink(entry);
        return entry;
    }

    private void Unlink(ReadyMember<T> entry)
    {
        if (entry.Previous is null) _firstReady = entry.Next;
        else entry.Previous.Next = entry.Next;
        if (entry.Next is null) _lastReady = entry.Previous;
        else entry.Next.Previous = entry.Previous;
        entry.Next = entry.Previous = null;
        entry.IsQueued = false;
        _readyCount--;
    }

    private void Detach(ReadyMember<T> entry)
    {
        entry.Removed = true;
        entry.Pending = FlowEventType.None;
        if (entry.IsQueued) Unlink(entry);
        entry.Ring.TrySetMember(null, expected: entry);
    }
}
