using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow;

/// <summary>
/// Takes what arrives on a flow in the thread of the layer below, past ring and mailbox: for IPCPs, whose packets go on to another flow. Calls
/// must be short, must not block and must not throw.
/// </summary>
public interface IFlowReceiver
{
    /// <summary>A packet has arrived. The receiver owns it.</summary>
    void OnPacket(FlowEndpoint from, Packet packet);

    /// <summary>Something other than a packet has happened: down, up, released by the peer, peer dead.</summary>
    void OnEvent(FlowEndpoint from, FlowEventType events);
}
