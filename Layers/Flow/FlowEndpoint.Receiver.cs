using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow;

/// <content>A receiver in the place of a reader; see <see cref="IFlowReceiver"/>.</content>
public sealed partial class FlowEndpoint
{
    private volatile ReceiverHook? _receiver;

    /// <summary>
    /// Gives packets and events to a receiver instead of readers and sets. What waits to be read is handed over first, in this thread, and so is that
    /// the flow is down. Packets of a flow with stages come in the stages' order. Null: back to the ring; calls that are under way in other threads still end.
    /// </summary>
    public void SetReceiver(IFlowReceiver? receiver)
    {
        var hook = receiver is null ? null : new ReceiverHook(this, _receive, receiver);
        ReceiverHook? before;
        lock (_stateLock)
        {
            before = _receiver;
            _receiver = hook;
        }
        before?.Stop();
        if (hook is null) return;
        hook.Start();
        var missed = MissedEvents();
        if (missed != FlowEventType.None) hook.Notify(missed);
    }

    /// <summary>Hands a packet to whoever takes what arrives; on anything but None it stays with the caller.</summary>
    internal FlowError HandUp(Packet packet) => _receiver is { } receiver ? receiver.Take(packet) : _receive.TryWrite(packet);

    /// <summary>What somebody has to know who was not there when it happened.</summary>
    private FlowEventType MissedEvents()
    {
        var missed = FlowEventType.None;
        if ((_receive.State & RingState.PeerDead) != 0) missed |= FlowEventType.Peer;
        lock (_stateLock)
        {
            if ((_down & DownReasons.PeerClosed) != 0) missed |= FlowEventType.Dealloc;
            if ((_down & (DownReasons.Link | DownReasons.LayerFailed | DownReasons.PeerSilent)) != 0) missed |= FlowEventType.Down;
        }
        return missed;
    }

    private void Notify(FlowEventType type)
    {
        Volatile.Read(ref _set)?.Notify(this, type);
        _receiver?.Notify(type);
    }
}
