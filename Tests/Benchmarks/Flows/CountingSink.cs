using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Benchmarks.Flows;

/// <summary>A layer that takes everything and counts it. One thread at a time for an exact count.</summary>
internal sealed class CountingSink(int maxPacketSize) : IPacketSink
{
    public long Sent;

    public int MaxPacketSize => maxPacketSize;

    public int QueueLength => 0;

    public FlowError Send(Packet packet)
    {
        packet.Dispose();
        Sent++;
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
}
