using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow;

/// <summary>
/// One direction between two endpoints of this runtime: what one end sends goes straight into the other's receive ring, copied once
/// where the two belong to different trust domains.
/// </summary>
public sealed class EndpointLink : IPacketSink
{
    private readonly FlowEndpoint _peer;

    private EndpointLink(FlowEndpoint peer) => _peer = peer;

    /// <inheritdoc/>
    public int MaxPacketSize => _peer.Pool.MaxLength;

    /// <inheritdoc/>
    public int QueueLength => _peer.ReceiveQueueLength;

    /// <inheritdoc/>
    public bool IsLocal => true;

    /// <summary>Joins two endpoints in both directions.</summary>
    public static void Connect(FlowEndpoint a, FlowEndpoint b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        a.Attach(new EndpointLink(b));
        b.Attach(new EndpointLink(a));
    }

    /// <inheritdoc/>
    public FlowError Send(Packet packet) => _peer.Deliver(packet);

    /// <inheritdoc/>
    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        _peer.WaitForRoomAsync(timeout, cancellationToken);

    /// <inheritdoc/>
    public void WakeWriters() => _peer.WakeWriters();

    /// <inheritdoc/>
    public void LinkChanged(bool up) => _peer.OnLinkChanged(up);

    /// <inheritdoc/>
    public void AccessChanged(bool writable)
    {
        // The receive ring of the end that changed carries the mark; nothing is to be told to the other side.
    }

    /// <inheritdoc/>
    public void Close() => _peer.OnPeerClosed();
}
