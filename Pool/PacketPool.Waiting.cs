using System.Runtime.CompilerServices;

namespace Ouroboros.Pool;

public sealed unsafe partial class PacketPool
{
    private const int MaxSpares = 64;

    private readonly Lock _waitLock = new();
    private readonly WaiterQueue<Packet>[] _waiters = new WaiterQueue<Packet>[PoolLayout.Classes];
    private readonly Stack<RentWaiter> _spares = new();
    private long _ticket;
    private int _waiting;

    /// <summary>
    /// Rents a packet; waits while no block is free. Those who wait for blocks of one size get them in the order in which they came, and
    /// nobody who does not wait overtakes them.
    /// </summary>
    /// <param name="length">Payload bytes; the payload holds whatever was there.</param>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero not at all.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="file">Filled in by the compiler, for leak reports.</param>
    /// <param name="line">Filled in by the compiler, for leak reports.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.MessageTooLong"/>, at once: longer than <see cref="MaxLength"/>; <see cref="FlowError.TimedOut"/>;
    /// <see cref="FlowError.BrokenPipe"/>: the pool was disposed meanwhile.
    /// </exception>
    public ValueTask<Packet> RentAsync(
        int length, TimeSpan timeout, CancellationToken cancellationToken = default,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        RentWaiter? waiter = RentOrQueue(length, timeout, cancellationToken, blocking: false, file, line, out Packet packet);
        return waiter is null ? new ValueTask<Packet>(packet) : waiter.AsValueTask();
    }

    /// <summary>As <see cref="RentAsync"/>, but blocks the calling thread.</summary>
    public Packet Rent(
        int length, TimeSpan timeout, CancellationToken cancellationToken = default,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        RentWaiter? waiter = RentOrQueue(length, timeout, cancellationToken, blocking: true, file, line, out Packet packet);
        return waiter is null ? packet : waiter.Block();
    }

    internal bool TryWithdraw(RentWaiter waiter, bool dueOnly)
    {
        lock (_waitLock)
        {
            if (!waiter.Queued || (dueOnly && !waiter.IsDue)) return false;
            Dequeue(waiter);
            if (dueOnly) _timedOut++;
            else _cancelled++;
            return true;
        }
    }

    internal void Recycle(RentWaiter waiter)
    {
        lock (_waitLock)
        {
            if (_spares.Count < MaxSpares) _spares.Push(waiter);
        }
    }

    private RentWaiter? RentOrQueue(
        int length, TimeSpan timeout, CancellationToken cancellation, bool blocking, string file, int line, out Packet packet)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "a time-out is zero, positive or infinite");
        int c = ClassOf(length);
        cancellation.ThrowIfCancellationRequested();
        if (CacheOfThread()->TryRent(c, length, out packet) || TryRentSlowly(c, length, out packet))
        {
            if (Checked) Note(packet, file, line);
            return null;
        }
        if (timeout == TimeSpan.Zero)
        {
            Interlocked.Increment(ref _exhausted);
            throw Exhausted(FlowError.TimedOut, length);
        }
        RentWaiter waiter;
        lock (_waitLock)
        {
            ObjectDisposedException.ThrowIf(IsRetired, this);
            if (!_spares.TryPop(out waiter!)) waiter = new RentWaiter(this, _time);
            waiter.Prepare(timeout, cancellation, blocking);
            waiter.SizeClass = c;
            waiter.Length = length;
            waiter.File = file;
            waiter.Line = line;
            waiter.Ticket = _ticket++;
            _waiters[c].Enqueue(waiter);
            _waiting++;
            _waited++;
            foreach (int k in _candidates[c]) Interlocked.Increment(ref _classes[k]!.Attention);
        }

        // Every return that comes after the barrier in this sees us; what was returned before, the caches and shards hold.
        TakeAwayFromCaches(c, certain: true);
        Dispatch();
        waiter.Arm();
        return waiter;
    }

    /// <summary>Gives free blocks to those who wait, oldest first among those whom a block would help.</summary>
    private void Dispatch()
    {
        Waiter<Packet>? served = null, last = null;
        lock (_waitLock)
        {
            Span<bool> exhausted = stackalloc bool[PoolLayout.Classes];
            exhausted.Clear();
            while (Oldest(exhausted) is { } waiter)
            {
                if (!TryTakeFromShards(waiter.SizeClass, waiter.Length, mayOvertake: true, out Packet packet))
                {
                    exhausted[waiter.SizeClass] = true;
                    continue;
                }
                if (Checked) Note(packet, waiter.File, waiter.Line);
                Dequeue(waiter);
                waiter.SetResult(packet);
                if (last is null) served = waiter;
                else last.Next = waiter;
                last = waiter;
            }
        }
        Waiter<Packet>.WakeAll(served);
    }

    private RentWaiter? Oldest(ReadOnlySpan<bool> skip)
    {
        RentWaiter? oldest = null;
        for (int c = 0; c < _waiters.Length; c++)
        {
            if (!skip[c] && _waiters[c].First is RentWaiter w && (oldest is null || w.Ticket < oldest.Ticket)) oldest = w;
        }
        return oldest;
    }

    private void Dequeue(RentWaiter waiter)
    {
        _waiters[waiter.SizeClass].Remove(waiter);
        _waiting--;
        foreach (int k in _candidates[waiter.SizeClass]) Interlocked.Decrement(ref _classes[k]!.Attention);
    }

    private void BreakWaits()
    {
        Waiter<Packet>? all = null;
        lock (_waitLock)
        {
            for (int c = 0; c < _waiters.Length; c++)
            {
                while (_waiters[c].First is RentWaiter waiter)
                {
                    Dequeue(waiter);
                    waiter.SetError(new FlowException(FlowError.BrokenPipe, $"{this} was disposed while somebody waited for a block"));
                    waiter.Next = all;
                    all = waiter;
                }
            }
        }
        Waiter<Packet>.WakeAll(all);
    }
}
