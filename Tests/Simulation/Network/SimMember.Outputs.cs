using System.Buffers.Binary;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;
using Ouroboros.Layers.Unicast.Enrolment;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Layers.Unicast.Routing;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Network;

/// <content>What the cores have done by others. What would call a core back waits until the call that is under way has ended.</content>
internal sealed partial class SimMember : IConnectionOutput, IEnrolmentOutput, ILinkStateOutput, IDhtOutput, IFlowAllocatorOutput
{
    private readonly Dictionary<long, NameHash> _queries = [];
    private readonly Dictionary<int, Exchange> _exchanges = [];

    /// <summary>Allocates a flow to a name and gets an answer over it.</summary>
    public Exchange Ask(NameHash service)
    {
        var exchange = new Exchange(_network.NextNumber());
        Do(() => Try(exchange, service));
        return exchange;
    }

    private void Try(Exchange exchange, NameHash service)
    {
        exchange.Endpoint = _network.NewEndpoint();
        exchange.Service = service;
        var handshake = new byte[36];
        _network.Random.NextBytes(handshake.AsSpan(0, 16));
        BinaryPrimitives.WriteInt32BigEndian(handshake, exchange.FlowId);
        _exchanges[exchange.FlowId] = exchange;
        var error = _flows.Allocate(exchange.FlowId, exchange.Endpoint, service, QosSpec.Raw, handshake, null, _network.Now);
        if (error != FlowError.None) exchange.Failure = error.ToString();
    }

    private void Write(Exchange exchange)
    {
        if (exchange.IsDone || exchange.Endpoint.IsClosed) return;
        if (exchange.Writes++ == 20)
        {
            exchange.Failure = "no answer over the flow";
            return;
        }
        exchange.Endpoint.TryWrite([1, 2, 3]);
        _network.After(TimeSpan.FromMilliseconds(500), () => Do(() => Write(exchange)));
    }

    private void Finish(Exchange exchange)
    {
        exchange.IsDone = true;
        exchange.Endpoint.SetReceiver(null);
        exchange.Endpoint.Close();
        _flows.Release(exchange.FlowId, TimeSpan.Zero, null, _network.Now);
        _exchanges.Remove(exchange.FlowId);
    }

    void IConnectionOutput.Allocate(long attempt, string destination, QosSpec qos, TimeSpan timeout)
    {
        var to = _network.Nodes[int.Parse(destination.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)];
        _network.Allocate(_node, to, end =>
        {
            if (end is not null && _isOver) end.Endpoint.Close();
            Do(() =>
            {
                if (end is null)
                {
                    _connections.OnNotAllocated(attempt, FlowError.IpcpFailed, "nobody there", _network.Now);
                    return;
                }
                _ends[end.Flow.Id] = end;
                _connections.OnAllocated(attempt, end.Flow, _network.Now);
            });
        });
    }

    bool IConnectionOutput.Send(LowerFlow flow, ReadOnlySpan<byte> message) => flow.Endpoint.TryWrite(message) == FlowError.None;

    void IConnectionOutput.Listen(LowerFlow flow) => _ends[flow.Id].Listen(message => Do(() =>
    {
        if (message is null) _connections.OnFlowEnded(flow.Id, _network.Now);
        else _connections.Receive(flow.Id, message, _network.Now);
    }));

    void IConnectionOutput.Watch(LowerFlow flow, TimeSpan timeout, TimeSpan sendEvery) => flow.Endpoint.Watch(timeout, sendEvery);

    void IConnectionOutput.Release(LowerFlow flow) => Release(flow);

    void IConnectionOutput.Tell(object @event) => Later(() =>
    {
        if (@event is ConnectionEvents.Added added) OnAdded(added);
        else if (@event is ConnectionEvents.Removed removed) OnRemoved(removed);
    });

    void IConnectionOutput.Serve(LowerFlow flow) => Later(() => _enrolments.Serve(flow, _network.Now));

    void IConnectionOutput.Answer(long command, FlowError error, string? reason)
    {
        // Nobody waits.
    }

    void IConnectionOutput.OnAddressClash() => throw new InvalidOperationException("two members have one address");

    void IConnectionOutput.OnTrouble(WantedConnection wanted, string reason, TimeSpan again)
    {
        // It is tried again.
    }

    bool IEnrolmentOutput.Send(LowerFlow flow, ReadOnlySpan<byte> message) => flow.Endpoint.TryWrite(message) == FlowError.None;

    void IEnrolmentOutput.Listen(LowerFlow flow) => _ends[flow.Id].Listen(message => Do(() =>
    {
        if (message is null) _enrolments.OnFlowEnded(flow.Id);
        else _enrolments.Receive(flow.Id, message, _network.Time.GetUtcNow(), _network.Now);
    }));

    void IEnrolmentOutput.Release(LowerFlow flow) => Release(flow);

    bool ILinkStateOutput.Send(int flow, ReadOnlySpan<byte> message)
    {
        if (_ends.TryGetValue(flow, out var end)) end.Endpoint.TryWrite(message);
        return true;
    }

    void ILinkStateOutput.Install(IReadOnlyList<Route> routes) => DataTransfer.Install(routes);

    void ILinkStateOutput.AddressLost(ulong address) => Later(() => _directory.Lose(address, DhtNow));

    void ILinkStateOutput.AddressesGained(IReadOnlyList<ulong> addresses, int members) => Later(() => _directory.Gain(addresses, members, DhtNow));

    bool IDhtOutput.Send(ulong address, in DhtMessage message)
    {
        var bytes = new byte[message.Size];
        return DataTransfer.Carrier.Send(address, bytes.AsSpan(0, message.Write(bytes)));
    }

    bool IDhtOutput.CanReach(ulong address) => DataTransfer.Carrier.CanReach(address);

    int IDhtOutput.Members(Span<ulong> into)
    {
        var count = DataTransfer.Carrier.Members(into);
        foreach (var member in _known)
        {
            if (count < into.Length && !into[..count].Contains(member)) into[count++] = member;
        }
        return count;
    }

    void IDhtOutput.Complete(in DhtQueryResult result)
    {
        if (!_queries.Remove(result.Query, out var hash)) return;
        var (addresses, error) = (result.Addresses, result.Addresses.Count > 0 ? FlowError.None : FlowError.NameUnknown);
        Later(() => _flows.OnResolved(hash, addresses, error, _network.Now));
    }

    bool IFlowAllocatorOutput.Send(ulong address, ReadOnlySpan<byte> message) => DataTransfer.SendMessage(address, FlowAllocatorCore.Eid, message);

    void IFlowAllocatorOutput.Resolve(NameHash hash) => Later(() =>
    {
        var query = _network.NextNumber();
        _queries[query] = hash;
        _directory.Query(query, DhtKey.From(hash), DhtNow);
    });

    void IFlowAllocatorOutput.Forget(NameHash hash, ulong address) => Later(() => _directory.Forget(DhtKey.From(hash), address, DhtNow));

    void IFlowAllocatorOutput.Opened(UnicastFlow flow, ReadOnlyMemory<byte> data)
    {
        if (!_exchanges.TryGetValue(flow.FlowId, out var exchange)) return;
        exchange.Endpoint.SetReceiver(new Client(this, exchange));
        Later(() => Write(exchange));
    }

    void IFlowAllocatorOutput.Refused(int flowId, FlowError error, object? token)
    {
        if (!_exchanges.Remove(flowId, out var exchange)) return;
        exchange.Endpoint.Close();
        // As any user would: once more.
        if (exchange.Tries++ < _network.Layer.Tries) Later(() => Try(exchange, exchange.Service));
        else exchange.Failure = $"refused: {error}";
    }

    void IFlowAllocatorOutput.RequestArrived(long request, NameHash hash, QosSpec qos, ReadOnlyMemory<byte> data) => Later(() =>
    {
        if (hash != _node.Service)
        {
            _flows.Respond(request, FlowError.NameUnknown, 0, null, default, null, _network.Now);
            return;
        }
        var endpoint = _network.NewEndpoint();
        endpoint.SetReceiver(new Echo());
        if (_flows.Respond(request, FlowError.None, _network.NextNumber(), endpoint, data.Span, null, _network.Now) != FlowError.None) endpoint.Close();
    });

    void IFlowAllocatorOutput.Released(int flowId, object? token)
    {
        // Nobody waits.
    }

    void IFlowAllocatorOutput.PeerReleased(UnicastFlow flow) => Later(() =>
    {
        flow.Endpoint.OnPeerClosed();
        flow.Endpoint.Close();
        _flows.Release(flow.FlowId, TimeSpan.Zero, null, _network.Now);
    });

    private void Release(LowerFlow flow)
    {
        _ends.Remove(flow.Id);
        flow.Release();
    }

    /// <summary>One flow from one node to a service, and what became of it.</summary>
    public sealed class Exchange(int flowId)
    {
        public int FlowId => flowId;

        public FlowEndpoint Endpoint { get; set; } = null!;

        public NameHash Service { get; set; }

        public int Writes { get; set; }

        public int Tries { get; set; }

        public bool IsDone { get; set; }

        public string? Failure { get; set; }

        public bool IsOver => IsDone || Failure is not null;
    }

    private sealed class Client(SimMember member, Exchange exchange) : IFlowReceiver
    {
        public void OnPacket(FlowEndpoint from, Packet packet)
        {
            packet.Dispose();
            member.Later(() =>
            {
                if (!exchange.IsDone) member.Finish(exchange);
            });
        }

        public void OnEvent(FlowEndpoint from, FlowEventType events)
        {
            // Its limit is the number of writes.
        }
    }

    private sealed class Echo : IFlowReceiver
    {
        public void OnPacket(FlowEndpoint from, Packet packet)
        {
            if (from.TryWrite(packet) != FlowError.None) packet.Dispose();
        }

        public void OnEvent(FlowEndpoint from, FlowEventType events)
        {
            // The flow allocator tells when the client has released it.
        }
    }
}
