using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>Takes what comes on a management flow, in the thread of the layer below: no keep-alive and no slow actor holds anything up there.</summary>
internal sealed class ManagementReceiver(int flow, RoutingInbox inbox, Action<int, FlowEventType> changed) : IFlowReceiver
{
    /// <inheritdoc/>
    public void OnPacket(FlowEndpoint from, Packet packet)
    {
        inbox.Post(flow, packet.Span);
        packet.Dispose();
    }

    /// <inheritdoc/>
    public void OnEvent(FlowEndpoint from, FlowEventType events) => changed(flow, events);
}
