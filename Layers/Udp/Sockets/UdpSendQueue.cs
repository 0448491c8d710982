using System.Diagnostics;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>
/// The way from any number of writers to one socket. A writer that finds nobody before it sends by itself, in its own thread, which is the
/// quickest; who finds the socket taken, or sends faster than that pays, leaves the packet in a ring, which a thread of its own empties 64 at a
/// time. Packets of one writer never overtake each other.
/// </summary>
public sealed class UdpSendQueue : IDisposable
{
    private const int BusyAfter = 32;
    private const int QuietAfter = 32;

    // Two sends closer than this are a burst; a system call for each takes about 2 us.
    private static readonly long Close = Stopwatch.Frequency / 200_000;

    private readonly UdpSender _sender;
    private readonly PacketRing _ring;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private readonly Packet[] _batch = new Packet[UdpSender.BatchSize];
    private long _last;
    private int _streak;
    private int _gate;
    private volatile bool _busy;
    private volatile bool _stopping;

    /// <summary>Starts it.</summary>
    /// <param name="socket">Where to; stopped before this is disposed.</param>
    /// <param name="capacity">Packets that wait at most.</param>
    /// <param name="time">Clock of the waits of writers.</param>
    public UdpSendQueue(UdpSocket socket, int capacity = PacketRing.DefaultCapacity, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _sender = new UdpSender(socket);
        _ring = new PacketRing(capacity, time) { Listener = new Wake(_wake) };
        _thread = new Thread(Run) { IsBackground = true, Name = $"udp send {socket.Local}" };
        _thread.Start();
    }

    /// <summary>Packets that wait.</summary>
    public int Count => _ring.Count;

    /// <summary>Sends a packet [sockaddr of the destination | datagram], now or soon; does not wait.</summary>
    /// <returns><see cref="FlowError.None"/>: taken. <see cref="FlowError.TryAgain"/>: full; <see cref="FlowError.FlowDown"/>: stopped; the caller still owns the packet.</returns>
    public FlowError Send(Packet packet)
    {
        if (!_busy && Interlocked.CompareExchange(ref _gate, 1, 0) == 0)
        {
            // Under the gate an empty ring means that nothing is before this one.
            var sent = _ring.Count == 0 && !_stopping && _sender.Send(new ReadOnlySpan<Packet>(in packet), wait: false) == 1;
            if (sent) NoteSpeed();
            Volatile.Write(ref _gate, 0);
            if (sent) return FlowError.None;
        }
        return _ring.TryWrite(packet);
    }

    /// <summary>Completes when <see cref="Send"/> is worth another try.</summary>
    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => _ring.WaitWritableAsync(timeout, cancellationToken);

    /// <summary>Wakes the writers that wait.</summary>
    public void WakeWriters() => _ring.WakeWriters();

    /// <summary>Ends the thread and drops what waits.</summary>
    public void Dispose()
    {
        if (_stopping) return;
        _ring.ChangeState(RingState.FlowDown, RingState.ReadWrite);
        _stopping = true;
        _wake.Set();
        _thread.Join();
        EnterGate();
        _ring.Drain();
        _sender.Dispose();
        _wake.Dispose();
    }

    private void NoteSpeed()
    {
        var now = Stopwatch.GetTimestamp();
        _streak = now - _last < Close ? _streak + 1 : 0;
        _last = now;
        if (_streak < BusyAfter) return;
        _streak = 0;
        _busy = true;
    }

    private void Run()
    {
        var quiet = 0;
        while (!_stopping)
        {
            EnterGate();
            var n = _ring.ReadBatch(_batch);
            if (n > 0) _sender.Send(_batch.AsSpan(0, n), wait: true);
            Volatile.Write(ref _gate, 0);
            quiet = n <= 1 ? quiet + 1 : 0;
            if (quiet >= QuietAfter)
            {
                _busy = false;
                quiet = 0;
            }
            if (n == 0) _wake.WaitOne();
        }
    }

    private void EnterGate()
    {
        var spin = new SpinWait();
        while (Interlocked.CompareExchange(ref _gate, 1, 0) != 0) spin.SpinOnce(sleep1Threshold: -1);
    }

    private sealed class Wake(AutoResetEvent wake) : IRingListener
    {
        public void OnReadable() => wake.Set();

        public void OnStateChanged(RingState state)
        {
        }
    }
}
