using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow;

/// <summary>
/// Puts a receiver in the place of a ring's reader. What waits in the ring goes first; as long as somebody hands that over, newcomers line up behind
/// it. Then packets go past the ring, and the ring's edge tells of the few that a thread put there because it had not seen the hook yet.
/// </summary>
internal sealed class ReceiverHook(FlowEndpoint endpoint, PacketRing ring, IFlowReceiver receiver) : IRingListener
{
    private volatile IFlowReceiver? _receiver = receiver;
    private WorkGate _work = WorkGate.Owned;

    /// <summary>Hands over what waits; called once, when newcomers can find the hook.</summary>
    public void Start()
    {
        ring.Listener = this;
        RunOwned();
    }

    /// <summary>Leaves what comes to the ring again. A call that is under way in another thread still ends.</summary>
    public void Stop()
    {
        _receiver = null;
        ring.Listener = null;
    }

    /// <summary>Takes a packet; on anything but None it stays with the caller.</summary>
    public FlowError Take(Packet packet)
    {
        var state = ring.State;
        if ((state & (RingState.FlowDown | RingState.ReadOnly)) != 0) return (state & RingState.FlowDown) != 0 ? FlowError.FlowDown : FlowError.NotAllocated;
        if (!_work.IsIdle || ring.Count != 0 || _receiver is not { } to) return ring.TryWrite(packet);
        to.OnPacket(endpoint, packet);
        return FlowError.None;
    }

    /// <summary>Tells the receiver what happened.</summary>
    public void Notify(FlowEventType events) => _receiver?.OnEvent(endpoint, events);

    /// <inheritdoc/>
    public void OnReadable()
    {
        if (_work.Ask()) RunOwned();
    }

    /// <inheritdoc/>
    public void OnStateChanged(RingState state)
    {
        // The endpoint tells of what matters to a receiver.
    }

    private void RunOwned()
    {
        do
        {
            _work.Begin();
            var handedOver = false;
            while (_receiver is { } to && ring.TryRead(out var packet) == FlowError.None)
            {
                to.OnPacket(endpoint, packet);
                handedOver = true;
            }
            if (handedOver) endpoint.Stage?.OnRead();
        }
        while (_work.IsAskedAgain());
    }
}
