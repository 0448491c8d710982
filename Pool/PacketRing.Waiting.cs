namespace Ouroboros.Pool;

public sealed partial class PacketRing
{
    /// <summary>
    /// Who is told that an empty ring became non-empty; one, usually the owner of the reading end. Setting it on a ring that holds
    /// packets counts as such an edge, so nothing that came earlier is missed.
    /// </summary>
    public IRingListener? Listener
    {
        get => _listeners?.Reader;
        set => SetListeners(l => l with { Reader = value }, tell: value);
    }

    /// <summary>Who is told, by <see cref="IRingListener.OnWritable"/>, that there is room again after a write was refused.</summary>
    public IRingListener? WriterListener
    {
        get => _listeners?.Writer;
        set => SetListeners(l => l with { Writer = value }, tell: null);
    }

    /// <summary>The set that this ring is a member of; independent of <see cref="Listener"/>.</summary>
    internal IRingListener? SetMember => _listeners?.Member;

    /// <summary>Changes the state and wakes every sleeper on both ends.</summary>
    /// <param name="set">Flags to set.</param>
    /// <param name="clear">Flags to clear; <paramref name="set"/> wins where both name one.</param>
    public void ChangeState(RingState set, RingState clear)
    {
        SpinGate.Enter(ref _writeGate);
        SpinGate.Enter(ref _readGate);
        var old = (RingState)_writeState;
        RingState state = (old & ~clear) | set;
        if (state == old)
        {
            SpinGate.Exit(ref _readGate);
            SpinGate.Exit(ref _writeGate);
            return;
        }
        _readState = (byte)state;
        Volatile.Write(ref _writeState, (byte)state);
        FlowError whenEmpty = WhenEmpty(state);
        Waiter<FlowError>? readers = _readers.TakeAll(whenEmpty == FlowError.TryAgain ? FlowError.None : whenEmpty);
        Waiter<FlowError>? writers = _writers.TakeAll(WhenWriting(state));
        _writeAttention &= unchecked((byte)~Sleepers);
        _readAttention &= unchecked((byte)~Sleepers);
        SpinGate.Exit(ref _readGate);
        SpinGate.Exit(ref _writeGate);
        Waiter<FlowError>.WakeAll(readers);
        Waiter<FlowError>.WakeAll(writers);
        _listeners?.TellState(state);
    }

    /// <summary>Waits until a read can succeed or will never.</summary>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero not at all.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>
    /// <see cref="FlowError.None"/>: try to read now (another reader may be faster); <see cref="FlowError.TimedOut"/>;
    /// <see cref="FlowError.FlowDown"/> or <see cref="FlowError.PeerDead"/> when nothing is queued either.
    /// </returns>
    public ValueTask<FlowError> WaitReadableAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<FlowError>(cancellationToken);
        FlowError now = QueueReader(timeout, cancellationToken, blocking: false, out RingWaiter? waiter);
        return waiter is null ? new ValueTask<FlowError>(now) : waiter.AsValueTask();
    }

    /// <summary>Waits until a write can succeed or will never.</summary>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero not at all.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>
    /// <see cref="FlowError.None"/>: try to write now; <see cref="FlowError.TimedOut"/>; <see cref="FlowError.FlowDown"/>;
    /// <see cref="FlowError.NotAllocated"/> when read-only.
    /// </returns>
    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<FlowError>(cancellationToken);
        FlowError now = QueueWriter(timeout, cancellationToken, blocking: false, out RingWaiter? waiter);
        return waiter is null ? new ValueTask<FlowError>(now) : waiter.AsValueTask();
    }

    /// <summary>Takes the oldest packet; blocks the thread while there is none.</summary>
    /// <param name="packet">The packet, owned by the caller, or null.</param>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <returns>As <see cref="TryRead"/>, with <see cref="FlowError.TimedOut"/> instead of <see cref="FlowError.TryAgain"/>.</returns>
    public FlowError Read(out Packet packet, TimeSpan timeout)
    {
        CheckTimeout(timeout);
        FlowError error = TryRead(out packet);
        if (error != FlowError.TryAgain) return error;
        long start = _time.GetTimestamp();
        while (true)
        {
            error = QueueReader(Rest(timeout, start), default, blocking: true, out RingWaiter? waiter);
            if (waiter is not null) error = waiter.Block();
            FlowError read = TryRead(out packet);
            if (read != FlowError.TryAgain) return read;
            if (error == FlowError.TimedOut) return error;
        }
    }

    /// <summary>Queues a packet; blocks the thread while the ring is full.</summary>
    /// <param name="packet">The packet; the ring owns it when the result is <see cref="FlowError.None"/>, else the caller still does.</param>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <returns>As <see cref="TryWrite"/>, with <see cref="FlowError.TimedOut"/> instead of <see cref="FlowError.TryAgain"/>.</returns>
    public FlowError Write(Packet packet, TimeSpan timeout)
    {
        CheckTimeout(timeout);
        FlowError error = TryWrite(packet);
        if (error != FlowError.TryAgain) return error;
        long start = _time.GetTimestamp();
        while (true)
        {
            error = QueueWriter(Rest(timeout, start), default, blocking: true, out RingWaiter? waiter);
            if (waiter is not null) error = waiter.Block();
            FlowError written = TryWrite(packet);
            if (written != FlowError.TryAgain) return written;
            if (error == FlowError.TimedOut) return error;
        }
    }

    /// <summary>Makes this ring a member of a set, unless it is one of another.</summary>
    internal bool TrySetMember(IRingListener? member, IRingListener? expected)
    {
        while (true)
        {
            RingListeners? old = Volatile.Read(ref _listeners);
            if (!ReferenceEquals(old?.Member, expected)) return false;
            if (Interlocked.CompareExchange(ref _listeners, (old ?? RingListeners.None) with { Member = member }, old) != old) continue;
            TrackEdges(tell: null);
            return true;
        }
    }

    /// <summary>A timer or a token: takes a waiter out of whichever queue it is in.</summary>
    internal bool TryWithdraw(RingWaiter waiter, bool dueOnly)
    {
        ref int gate = ref waiter.ForReading ? ref _writeGate : ref _readGate;
        SpinGate.Enter(ref gate);
        bool found = waiter.Queued && (!dueOnly || waiter.IsDue);
        if (found)
        {
            if (waiter.ForReading)
            {
                _readers.Remove(waiter);
                if (_readers.IsEmpty) _writeAttention &= unchecked((byte)~Sleepers);
            }
            else
            {
                _writers.Remove(waiter);
                if (_writers.IsEmpty) _readAttention &= unchecked((byte)~Sleepers);
            }
        }
        SpinGate.Exit(ref gate);
        return found;
    }

    internal void Recycle(RingWaiter waiter)
    {
        if (waiter.ForReading) Volatile.Write(ref _spareReader, waiter);
        else Volatile.Write(ref _spareWriter, waiter);
    }

    private static void CheckTimeout(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "a time-out is zero, positive or infinite");
    }

    private TimeSpan Rest(TimeSpan timeout, long start)
    {
        if (timeout == Timeout.InfiniteTimeSpan) return timeout;
        TimeSpan rest = timeout - _time.GetElapsedTime(start);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    private FlowError QueueReader(TimeSpan timeout, CancellationToken cancellation, bool blocking, out RingWaiter? queued)
    {
        CheckTimeout(timeout);
        RingWaiter waiter = Interlocked.Exchange(ref _spareReader, null) ?? new RingWaiter(this, _time, forReading: true);
        waiter.Prepare(timeout, cancellation, blocking);
        SpinGate.Enter(ref _writeGate);
        FlowError now = FlowError.None;
        if (_head == Volatile.Read(ref _tail))
        {
            now = WhenEmpty((RingState)_writeState);
            if (now == FlowError.TryAgain && timeout == TimeSpan.Zero) now = FlowError.TimedOut;
        }
        bool wait = now == FlowError.TryAgain;
        if (wait)
        {
            _readers.Enqueue(waiter);
            _writeAttention |= Sleepers;
        }
        SpinGate.Exit(ref _writeGate);
        return Queued(waiter, wait, now, out queued);
    }

    private FlowError QueueWriter(TimeSpan timeout, CancellationToken cancellation, bool blocking, out RingWaiter? queued)
    {
        CheckTimeout(timeout);
        RingWaiter waiter = Interlocked.Exchange(ref _spareWriter, null) ?? new RingWaiter(this, _time, forReading: false);
        waiter.Prepare(timeout, cancellation, blocking);
        SpinGate.Enter(ref _readGate);
        FlowError now = WhenWriting((RingState)_readState);
        if (now == FlowError.None && Volatile.Read(ref _head) - _tail >= (uint)_capacity)
            now = timeout == TimeSpan.Zero ? FlowError.TimedOut : FlowError.TryAgain;
        bool wait = now == FlowError.TryAgain;
        if (wait)
        {
            _writers.Enqueue(waiter);
            _readAttention |= Sleepers;
        }
        SpinGate.Exit(ref _readGate);
        return Queued(waiter, wait, now, out queued);
    }

    private FlowError Queued(RingWaiter waiter, bool wait, FlowError now, out RingWaiter? queued)
    {
        if (wait)
        {
            queued = waiter;
            waiter.Arm();
        }
        else
        {
            queued = null;
            Recycle(waiter);
        }
        return now;
    }

    private void SetListeners(Func<RingListeners, RingListeners> change, IRingListener? tell)
    {
        while (true)
        {
            RingListeners? old = Volatile.Read(ref _listeners);
            if (Interlocked.CompareExchange(ref _listeners, change(old ?? RingListeners.None), old) == old) break;
        }
        TrackEdges(tell);
    }

    /// <summary>Starts to note when the ring goes empty; what is queued already is an edge for the new listener.</summary>
    private void TrackEdges(IRingListener? tell)
    {
        SpinGate.Enter(ref _writeGate);
        SpinGate.Enter(ref _readGate);
        bool track = _listeners is { } l && (l.Reader is not null || l.Member is not null);
        bool empty = _head == _tail;
        _tracksEdges = track ? (byte)1 : (byte)0;
        if (track && empty) _writeAttention |= Edge;
        else _writeAttention &= unchecked((byte)~Edge);
        SpinGate.Exit(ref _readGate);
        SpinGate.Exit(ref _writeGate);
        if (!empty) tell?.OnReadable();
    }
}
