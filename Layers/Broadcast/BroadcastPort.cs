using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Broadcast;

/// <summary>One flow of a member: to another member, or that of an application which joined. Both are treated alike, as in the reference.</summary>
internal sealed class BroadcastPort(BroadcastHub hub, int flow, FlowEndpoint endpoint, bool isMember, Action<int, FlowEventType> changed)
    : IFlowReceiver, IPacketSink
{
    private volatile bool _isClosed;

    /// <summary>Number of the flow.</summary>
    public int Flow => flow;

    /// <summary>Whether another member is at the other end.</summary>
    public bool IsMember => isMember;

    /// <summary>The IPCP's end of the flow to a member; the application's end of a flow that joined.</summary>
    public FlowEndpoint Endpoint => endpoint;

    /// <inheritdoc/>
    int IPacketSink.MaxPacketSize => hub.MaxPacketSize;

    /// <inheritdoc/>
    int IPacketSink.QueueLength => 0;

    /// <inheritdoc/>
    bool IPacketSink.IsLocal => true;

    /// <summary>Takes part from now on.</summary>
    public void Open()
    {
        if (isMember) endpoint.SetReceiver(this);
        else endpoint.Attach(this);
    }

    /// <summary>Takes no part any more.</summary>
    public void Shut()
    {
        _isClosed = true;
        if (isMember) endpoint.SetReceiver(null);
        else endpoint.OnPeerClosed();
    }

    /// <summary>Gives a copy to the other end. On anything but None it stays with the caller.</summary>
    public FlowError Give(Packet packet) => isMember ? endpoint.TryWrite(packet) : endpoint.Deliver(packet);

    /// <inheritdoc/>
    void IFlowReceiver.OnPacket(FlowEndpoint from, Packet packet)
    {
        if (packet.Length == 0) packet.Dispose();
        else if (_isClosed) hub.Drop(packet, BroadcastDrop.NoPort);
        else hub.Forward(this, packet);
    }

    /// <inheritdoc/>
    void IFlowReceiver.OnEvent(FlowEndpoint from, FlowEventType events) => changed(flow, events);

    /// <inheritdoc/>
    FlowError IPacketSink.Send(Packet packet)
    {
        if (_isClosed) return FlowError.FlowDown;
        if (packet.Length > hub.MaxPacketSize) return FlowError.MessageTooLong;
        if (packet.Length == 0) packet.Dispose();
        else hub.Forward(this, packet);
        return FlowError.None;
    }

    /// <inheritdoc/>
    ValueTask<FlowError> IPacketSink.WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        new(_isClosed ? FlowError.FlowDown : FlowError.None);

    /// <inheritdoc/>
    void IPacketSink.WakeWriters()
    {
        // Nobody ever waits: what there is no room for is dropped.
    }

    /// <inheritdoc/>
    void IPacketSink.LinkChanged(bool up)
    {
        // Nobody is to be told: the layer is more than one other end.
    }

    /// <inheritdoc/>
    void IPacketSink.AccessChanged(bool writable)
    {
        // The endpoint refuses what it does not take.
    }

    /// <inheritdoc/>
    void IPacketSink.Close() => hub.Remove(flow);
}
