using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Network;

/// <summary>One end of a flow of the layer below, and who waits for the next message on it.</summary>
internal sealed class SimFlowEnd
{
    private readonly NodeNetwork _network;
    private Action<byte[]?>? _reader;

    public SimFlowEnd(NodeNetwork network)
    {
        _network = network;
        Endpoint = network.NewEndpoint();
        Flow = new LowerFlow(network.NextNumber(), Endpoint, QosSpec.Raw, () => Endpoint.Close());
    }

    public FlowEndpoint Endpoint { get; }

    public LowerFlow Flow { get; }

    public SimFlowSink? Sink { get; private set; }

    public void Attach(NodeLink link, SimFlowEnd peer)
    {
        Sink = new SimFlowSink(_network, link, peer.Endpoint, () => peer._reader is null ? null : peer.Look);
        Endpoint.Attach(Sink);
    }

    /// <summary>Gives the next message to the reader, or null when the flow has ended.</summary>
    public void Listen(Action<byte[]?> reader)
    {
        _reader = reader;
        Look();
    }

    private void Look()
    {
        if (_reader is not { } reader) return;
        var error = Endpoint.TryRead(out Packet packet);
        if (error == FlowError.TryAgain) return;
        _reader = null;
        var bytes = error == FlowError.None ? packet.Span.ToArray() : null;
        if (error == FlowError.None) packet.Dispose();
        _network.After(TimeSpan.Zero, () => reader(bytes));
    }
}
