using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Network;

/// <summary>One direction of a flow of the layer below: packets take the link's time, some are lost, and all while the link is cut.</summary>
internal sealed class SimFlowSink(NodeNetwork network, NodeLink link, FlowEndpoint peer, Func<Action?> delivered) : IPacketSink
{
    private bool _closed;

    public int MaxPacketSize => 1400;

    public int QueueLength => 0;

    public FlowError Send(Packet packet)
    {
        if (_closed) return FlowError.FlowDown;
        if (link.IsCut || network.IsLost())
        {
            packet.Dispose();
            return FlowError.None;
        }
        network.After(link.Delay, () =>
        {
            if (link.IsCut || peer.Deliver(packet) != FlowError.None) packet.Dispose();
            else delivered()?.Invoke();
        });
        return FlowError.None;
    }

    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => ValueTask.FromResult(FlowError.None);

    public void WakeWriters()
    {
        // Nobody waits.
    }

    public void LinkChanged(bool up)
    {
        // Nobody marks flows.
    }

    public void AccessChanged(bool writable)
    {
        // Nobody marks flows.
    }

    /// <summary>The process of this end is gone: nobody is told.</summary>
    public void Cut() => _closed = true;

    public void Close()
    {
        if (_closed) return;
        _closed = true;
        if (link.IsCut || network.IsLost()) return;
        network.After(link.Delay, () =>
        {
            if (link.IsCut) return;
            peer.OnPeerClosed();
            delivered()?.Invoke();
        });
    }
}
