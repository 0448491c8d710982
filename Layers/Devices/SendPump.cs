using Ouroboros.Pool;

namespace Ouroboros.Layers.Devices;

/// <summary>
/// Sends what any number of threads hand over, in order, in batches and without locks. Whoever comes while nobody sends, sends himself, and
/// what others queue meanwhile; so a lone packet costs no hand-over, and a burst leaves in few system calls. Where the system has no room, or
/// somebody has sent for others long enough, a thread of the pump goes on.
/// </summary>
internal sealed class SendPump : IDisposable
{
    /// <summary>Packets in one system call.</summary>
    public const int BatchSize = 64;

    // A writer is not to be kept from its own work for longer than it takes to send this many.
    private const int Generosity = 4 * BatchSize;
    private const int WaitMilliseconds = 100;

    private readonly PacketRing _ring;
    private readonly IBatchSender _sender;
    private readonly Packet[] _batch = new Packet[BatchSize];
    private readonly AutoResetEvent _handedOver = new(false);
    private readonly Thread _thread;
    private int _batchStart;
    private int _batchEnd;
    private int _gate;
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
        Pump();
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

    private void Leave() => Volatile.Write(ref _gate, 0);
}
