using Ouroboros.Pool;

namespace Ouroboros.Layers.Devices;

/// <summary>
/// Sends what any number of threads hand over, in order, in batches and without locks. Whoever comes while nobody sends, sends himself, and
/// what others queue meanwhile; so a lone packet costs no hand-over. A burst, i.e. packets that come faster than anybody waits for answers, is
/// queued for a thread of the pump, which sends it in few system calls. The thread goes on, too, where the system has no room, or somebody has
/// sent for others long enough.
/// </summary>
internal sealed class SendPump : IDisposable
{
    /// <summary>Packets in one system call.</summary>
    public const int BatchSize = 64;

    // A writer is not to be kept from its own work for longer than it takes to send this many.
    private const int Generosity = 4 * BatchSize;
    private const int WaitMilliseconds = 100;

    // Whoever waits for an answer takes longer than this from one send to the next; a round trip over veth takes 15 us.
    private const int BurstMicroseconds = 3;
    private const int BurstAfter = 16;
    private static readonly long BurstGap = BurstMicroseconds * System.Diagnostics.Stopwatch.Frequency / 1_000_000;

    private readonly PacketRing _ring;
    private readonly IBatchSender _sender;
    private readonly Packet[] _batch = new Packet[BatchSize];
    private readonly AutoResetEvent _handedOver = new(false);
    private readonly Thread _thread;
    private int _batchStart;
    private int _batchEnd;
    private int _gate;
    private long _lastSend;
    private int _inARow;
    private volatile bool _threadHasGate;
    private volatile bool _disposed;

    /// <summary>Makes the pump and starts its thread.</summary>
    /// <param name="name">Name of the thread.</param>
    /// <param name="sender">The system call.</param>
    /// <param name="time">Clock of waits for room.</param>
    /// <param name="capacity">Packets that can wait.</param>
    public SendPump(string name, IBatchSender sender, TimeProvider time, int capacity)
    {
        _sender = sender;
        _ring = new PacketRing(capacity, time);
        _thread = new Thread(Help) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Packets that wait.</summary>
    public int QueueLength => _ring.Count;

    /// <summary>Sends or queues frames, in order.</summary>
    /// <returns>How many were taken.</returns>
    public int Send(ReadOnlySpan<Packet> frames)
    {
        if (_disposed) return 0;
        var taken = 0;
        if (System.Diagnostics.Stopwatch.GetTimestamp() - Volatile.Read(ref _lastSend) >= BurstGap) _inARow = 0;
        else if (++_inARow >= BurstAfter) return Queue(frames);
        if (_ring.Count == 0 && TryEnter())
        {
            // Nobody waits: no detour through the ring.
            while (taken < frames.Length && _batchStart == _batchEnd && _ring.Count == 0)
            {
                var n = Math.Min(BatchSize, frames.Length - taken);
                frames.Slice(taken, n).CopyTo(_batch);
                (_batchStart, _batchEnd) = (0, n);
                taken += n;
                if (!SendRest()) break;
            }
            Leave();
        }
        if (taken < frames.Length) taken += _ring.WriteBatch(frames[taken..]);
        // The queued packet is to be seen before the gate is looked at: see Leave.
        Interlocked.MemoryBarrier();
        Pump();
        Volatile.Write(ref _lastSend, System.Diagnostics.Stopwatch.GetTimestamp());
        return taken;
    }

    /// <summary>Part of a burst: leaves it to the thread.</summary>
    private int Queue(ReadOnlySpan<Packet> frames)
    {
        var taken = _ring.WriteBatch(frames);
        Interlocked.MemoryBarrier();
        if (TryEnter())
        {
            _threadHasGate = true;
            _handedOver.Set();
        }
        Volatile.Write(ref _lastSend, System.Diagnostics.Stopwatch.GetTimestamp());
        return taken;
    }

    /// <summary>As <see cref="ILinkDevice.WaitWritableAsync"/>.</summary>
    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => _ring.WaitWritableAsync(timeout, cancellationToken);

    /// <summary>As <see cref="ILinkDevice.WakeWriters"/>.</summary>
    public void WakeWriters() => _ring.WakeWriters();

    /// <summary>Stops; gives back what was not sent.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _ring.ChangeState(RingState.FlowDown, RingState.ReadWrite);
        _handedOver.Set();
        _thread.Join();
        // Handed over in the moment in which the thread ended: then the gate is nobody's.
        while (!_threadHasGate && !TryEnter()) Thread.Yield();
        while (_batchStart < _batchEnd) _batch[_batchStart++].Dispose();
        _ring.Drain();
        _handedOver.Dispose();
    }

    // Between the last look at the ring and leaving the gate somebody may have queued a packet and found the gate shut: hence the loop.
    private void Pump()
    {
        while ((_ring.Count > 0 || _batchStart < _batchEnd) && !_disposed && TryEnter())
        {
            if (!Drain(Generosity))
            {
                // The gate stays shut until the thread has opened it: nobody else is to try meanwhile.
                _threadHasGate = true;
                _handedOver.Set();
                return;
            }
            Leave();
        }
    }

    /// <summary>Sends what is queued; with the gate.</summary>
    /// <returns>false: there is more, and the thread is to go on.</returns>
    private bool Drain(int limit)
    {
        var sent = 0;
        while (true)
        {
            if (_batchStart == _batchEnd)
            {
                if (sent >= limit) return _ring.Count == 0;
                (_batchStart, _batchEnd) = (0, _ring.ReadBatch(_batch));
                if (_batchEnd == 0) return true;
                sent += _batchEnd;
            }
            if (!SendRest()) return false;
        }
    }

    /// <summary>Sends what is left of the batch; false when there is no room.</summary>
    private bool SendRest()
    {
        _batchStart += _sender.SendBatch(_batch.AsSpan(_batchStart, _batchEnd - _batchStart));
        return _batchStart == _batchEnd;
    }

    private void Help()
    {
        while (true)
        {
            _handedOver.WaitOne();
            if (_threadHasGate)
            {
                while (!_disposed && !Drain(int.MaxValue)) _sender.WaitWritable(WaitMilliseconds);
                _threadHasGate = false;
                Leave();
            }
            if (_disposed) return;
            Pump();
        }
    }

    private bool TryEnter() => Volatile.Read(ref _gate) == 0 && Interlocked.CompareExchange(ref _gate, 1, 0) == 0;

    // With a full fence: who leaves looks at the ring once more, who queues looks at the gate once more, and one of them must see the other.
    private void Leave() => Interlocked.Exchange(ref _gate, 0);
}
