using System.Diagnostics;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Benchmarks.Flows;

/// <summary>One direction of a link in this process that loses and delays packets; a thread of its own carries them.</summary>
internal sealed class LossyLink : IPacketSink, IDisposable
{
    private readonly FlowEndpoint _peer;
    private readonly double _loss;
    private readonly long _delay;
    private readonly Random _random;
    private readonly Lock _lock = new();
    private readonly Queue<(long Due, Packet Packet)> _queue = [];
    private readonly Thread _carrier;
    private volatile bool _stopped;

    public LossyLink(FlowEndpoint peer, double loss, TimeSpan delay, int seed)
    {
        _peer = peer;
        _loss = loss;
        _delay = (long)(delay.TotalSeconds * Stopwatch.Frequency);
        _random = new Random(seed);
        _carrier = new Thread(Carry) { IsBackground = true };
        _carrier.Start();
    }

    public int MaxPacketSize => 1500;

    public int QueueLength => 0;

    public FlowError Send(Packet packet)
    {
        lock (_lock)
        {
            if (_stopped || _random.NextDouble() < _loss) packet.Dispose();
            else _queue.Enqueue((Stopwatch.GetTimestamp() + _delay, packet));
        }
        return FlowError.None;
    }

    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => new(FlowError.None);

    public void WakeWriters()
    {
    }

    public void LinkChanged(bool up)
    {
    }

    public void AccessChanged(bool writable)
    {
    }

    public void Close()
    {
    }

    public void Dispose()
    {
        _stopped = true;
        _carrier.Join();
        foreach (var (_, packet) in _queue) packet.Dispose();
    }

    private void Carry()
    {
        while (!_stopped)
        {
            (long Due, Packet Packet) next = default;
            lock (_lock)
            {
                if (_queue.Count > 0 && _queue.Peek().Due <= Stopwatch.GetTimestamp()) next = _queue.Dequeue();
            }
            if (next.Packet.IsNull) Thread.Yield();
            else if (_peer.Deliver(next.Packet) != FlowError.None) next.Packet.Dispose();
        }
    }
}
