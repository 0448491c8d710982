using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>One direction of a link between two endpoints.</summary>
internal sealed class SimLink(SimClock clock, Random random, LinkQuality quality, Func<FlowEndpoint> peer) : IPacketSink
{
    private long _freeAt;
    private TaskCompletionSource<FlowError> _writers = new();

    public int MaxPacketSize => quality.MaxPacketSize;

    public int QueueLength => 0;

    /// <summary>Nothing gets across any more.</summary>
    public bool IsCut { get; set; }

    /// <summary>Refuses packets, as a layer whose queue is full.</summary>
    public bool IsFull { get; set; }

    public long Sent { get; private set; }

    public long Lost { get; private set; }

    /// <summary>Sees every packet before anything happens to it; true = lose it.</summary>
    public Func<byte[], bool>? Filter { get; set; }

    public FlowError Send(Packet packet)
    {
        if (IsFull) return FlowError.TryAgain;
        Sent++;
        if (IsCut || (Filter is { } filter && filter(packet.Span.ToArray())) || random.NextDouble() < quality.Loss)
        {
            Lose(packet);
            return FlowError.None;
        }
        if (quality.Serialization != 0)
        {
            var start = Math.Max(clock.Now, _freeAt);
            if (start - clock.Now > quality.Serialization * quality.Queue)
            {
                Lose(packet);
                return FlowError.None;
            }
            _freeAt = start + quality.Serialization;
        }
        if (random.NextDouble() < quality.Duplication && packet.TryCopy(out var copy)) Carry(copy);
        Carry(packet);
        return FlowError.None;
    }

    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => new(_writers.Task);

    /// <summary>Lets those who wait go on in this thread: the clock has one. With NUnit's context in place they would go on in the thread pool.</summary>
    public void WakeWriters()
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        Interlocked.Exchange(ref _writers, new TaskCompletionSource<FlowError>()).TrySetResult(FlowError.None);
        SynchronizationContext.SetSynchronizationContext(context);
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

    private void Lose(Packet packet)
    {
        Lost++;
        packet.Dispose();
    }

    private void Carry(Packet packet)
    {
        if (packet.Length > 0 && random.NextDouble() < quality.Corruption)
        {
            for (var n = random.Next(1, 4); n > 0; n--) packet.Span[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
        }
        var delay = quality.Delay;
        if (quality.Jitter > 0) delay += random.NextInt64(quality.Jitter);
        if (random.NextDouble() < quality.Reordering) delay += random.NextInt64((10 * quality.Jitter) + 1_000_000);
        clock.At(Math.Max(clock.Now, _freeAt) + delay, () =>
        {
            if (peer().Deliver(packet) != FlowError.None) packet.Dispose();
        });
    }
}
