using System.Text;
using Ouroboros.Layers.Broadcast;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Broadcast;

/// <summary>Members of a broadcast layer, joined by flows of this process or by links that a test looks at, and applications that joined them.</summary>
internal sealed class HubRig(PacketPool pool, TimeProvider time)
{
    private readonly List<FlowEndpoint> _endpoints = [];
    private int _lastFlow;

    public List<BroadcastHub> Hubs { get; } = [];

    public List<int> Loops { get; } = [];

    public BroadcastHub Add(bool guard = true, int maxPacketSize = 1399)
    {
        var hub = new BroadcastHub(pool, time, maxPacketSize, guard) { LoopFound = flow => Loops.Add(flow) };
        Hubs.Add(hub);
        return hub;
    }

    /// <summary>A flow between two members.</summary>
    public (int A, int B) Connect(BroadcastHub a, BroadcastHub b)
    {
        var (here, there) = (NewEndpoint(), NewEndpoint());
        EndpointLink.Connect(here, there);
        var (flowA, flowB) = (++_lastFlow, ++_lastFlow);
        a.AddMember(flowA, here);
        b.AddMember(flowB, there);
        return (flowA, flowB);
    }

    /// <summary>A flow to a member that is only an endpoint here.</summary>
    public (int Flow, FlowEndpoint Far) Neighbour(BroadcastHub hub)
    {
        var (here, there) = (NewEndpoint(), NewEndpoint());
        EndpointLink.Connect(here, there);
        hub.AddMember(++_lastFlow, here);
        return (_lastFlow, there);
    }

    public (int Flow, FlowEndpoint Endpoint) Join(BroadcastHub hub, PacketPool? own = null)
    {
        var endpoint = new FlowEndpoint(own ?? pool, time) { Qos = QosSpec.Np1 };
        _endpoints.Add(endpoint);
        hub.Join(++_lastFlow, endpoint);
        return (_lastFlow, endpoint);
    }

    public static string Read(FlowEndpoint endpoint)
    {
        var texts = new List<string>();
        while (endpoint.TryRead(out Packet packet) == FlowError.None)
        {
            texts.Add(Encoding.UTF8.GetString(packet.Span));
            packet.Dispose();
        }
        return string.Join(',', texts);
    }

    public static FlowError Write(FlowEndpoint endpoint, string text) => endpoint.TryWrite(Encoding.UTF8.GetBytes(text));

    public void Close()
    {
        foreach (var hub in Hubs) hub.Close();
        foreach (var endpoint in _endpoints) endpoint.Close();
    }

    private FlowEndpoint NewEndpoint()
    {
        var endpoint = new FlowEndpoint(pool, time);
        _endpoints.Add(endpoint);
        return endpoint;
    }
}
