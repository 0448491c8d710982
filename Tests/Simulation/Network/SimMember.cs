using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Congestion;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Enrolment;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Layers.Unicast.Routing;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Network;

/// <summary>One life of an IPCP: the cores of all its parts, joined as the actors join them.</summary>
internal sealed partial class SimMember
{
    private readonly NodeNetwork _network;
    private readonly SimNode _node;
    private readonly UnicastConfig _config;
    private readonly ulong[] _known;
    private readonly ConnectionTable _table = new();
    private readonly ConnectionManager _connections;
    private readonly EnrolmentServer _enrolments;
    private readonly LinkStateNode _routing;
    private readonly DhtNode _directory;
    private readonly FlowAllocatorState _flowState;
    private readonly FlowAllocatorCore _flows;
    private readonly Dictionary<int, SimFlowEnd> _ends = [];
    private readonly Dictionary<int, int> _adjacencies = [];
    private readonly Queue<Packet> _messages = new();
    private TimeSpan _armedFor = TimeSpan.MaxValue;
    private bool _isOver;

    public SimMember(NodeNetwork network, SimNode node, UnicastConfig config, ulong address, DhtKey id, ulong[] known)
    {
        _network = network;
        _node = node;
        _config = config;
        _known = known;
        Address = address;
        DataTransfer = new DataTransfer(address, new DataTransferConfig
        {
            MaxTtl = config.MaxTtl,
            Congestion = CongestionPolicies.Find(config.Congestion),
            Forwarding = ForwardingPolicies.Find(config.Routing.Policy),
            QueueCapacity = 63,
        }, network.Pool, network.Time);
        DataTransfer.AdjacencyChanged = e => OnFlowEvent(_adjacencies.FirstOrDefault(a => a.Value == e.Adjacency).Key, e.Events);
        _connections = new ConnectionManager(Component.OfUnicast, address, new ConnectionSettings(), _table, this, network.Random, network.Now);
        _enrolments = new EnrolmentServer(new EnrolmentSettings(), new EnrolmentCounters(), this) { Offer = UnicastEnrolment.Instance.Write(config, address) };
        _routing = new LinkStateNode(config.Routing, address, this, network.Random, network.Milliseconds);
        _directory = new DhtNode(((DhtConfig)config.Directory).Options, id, address, this, network.Random);
        _flowState = new FlowAllocatorState(DataTransfer);
        _flows = new FlowAllocatorCore(DataTransfer, DirectoryHash.Sha3_256, new FlowAllocatorSettings(), _flowState, this, network.Random);
        DataTransfer.Register(IDirectoryCarrier.Eid, new Component1(this));
        DataTransfer.Register(FlowAllocatorCore.Eid, new Component0(this));
    }

    public ulong Address { get; }

    public DataTransfer DataTransfer { get; }

    public LinkStateNode Routing => _routing;

    public DhtNode Directory => _directory;

    private DhtTime DhtNow => DhtTime.Of(_network.Time, 0);

    public void Start(IReadOnlyList<SimNode> neighbours) => Do(() =>
    {
        _directory.Start(_config.Directory is DhtConfig dht ? dht.Peer : 0, DhtNow);
        _directory.Register(DhtKey.From(_node.Service), DhtNow);
        foreach (var neighbour in neighbours)
        {
            foreach (var component in new[] { ComponentNames.Management, ComponentNames.DataTransfer })
            {
                _connections.Connect(_network.NextNumber(), $"n{neighbour.Number}", component, QosSpec.Raw, keep: true, _network.Now);
            }
        }
    });

    public void Accept(SimFlowEnd end)
    {
        _ends[end.Flow.Id] = end;
        Do(() => _connections.OnAccepted(end.Flow, _network.Now));
    }

    /// <summary>Members that the directory knew, for the next life.</summary>
    public ulong[] KnownMembers()
    {
        var contacts = new DhtContact[32];
        return [.. contacts[.._directory.CopyContacts(contacts)].Select(c => c.Address)];
    }

    public void End()
    {
        _flows.Shutdown(_network.Now);
        _isOver = true;
        _connections.Stop();
        _enrolments.Stop();
        foreach (var connection in _table.Connections) connection.Flow.Endpoint.SetReceiver(null);
        DataTransfer.Close();
        _flowState.Close();
        while (_messages.TryDequeue(out var message)) message.Dispose();
    }

    /// <summary>What is known of it, for the message of a failure.</summary>
    public string Describe() =>
        $"n{_node.Number} {UnicastAddress.Format(Address)}: {string.Join(" ", _table.Connections.Select(c => $"{c.Component[0]}{UnicastAddress.Format(c.Peer)}"))}, "
        + $"{_table.Wanted.Count(w => w.Connection is null)} wanted, {_routing.RouteCount} routes, {_directory.ContactCount} contacts, {_directory.ValueCount} values";

    public bool Keeps(NameHash name) => _directory.Keeps(DhtKey.From(name)) || _directory.IsRegistered(DhtKey.From(name));

    private void Do(Action action)
    {
        if (_isOver) return;
        action();
        Arm();
    }

    private void Later(Action action) => _network.After(TimeSpan.Zero, () => Do(action));

    private void Arm()
    {
        var due = Least(_connections.Deadline, _enrolments.Deadline);
        due = Least(due, _flows.Deadline);
        due = Least(due, FromMilliseconds(_routing.NextDeadline));
        due = Least(due, FromMilliseconds(_directory.NextDeadline));
        var least = _network.Now + TimeSpan.FromMilliseconds(1);
        if (due < least) due = least;
        if (due >= _armedFor) return;
        _armedFor = due;
        _network.After(due - _network.Now, () =>
        {
            if (_armedFor != due) return;
            _armedFor = TimeSpan.MaxValue;
            Do(Tick);
        });
    }

    private void Tick()
    {
        var now = _network.Now;
        if (_connections.Deadline <= now) _connections.Tick(now);
        if (_enrolments.Deadline <= now) _enrolments.Tick(now);
        if (_flows.Deadline <= now) _flows.Tick(now);
        if (_routing.NextDeadline <= _network.Milliseconds) _routing.Tick(_network.Milliseconds);
        if (_directory.NextDeadline <= DhtNow.Milliseconds) _directory.Tick(DhtNow);
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan FromMilliseconds(long value) => value == long.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(value);

    private void OnFlowEvent(int flow, FlowEventType events) => Later(() =>
    {
        if (_table.Find(flow) is { } connection) _connections.OnFlowEvent(flow, events, connection.Flow.Endpoint.IsPeerGone, _network.Now);
    });

    private void OnAdded(ConnectionEvents.Added e)
    {
        if (e.Component == ComponentNames.DataTransfer)
        {
            _adjacencies[e.Flow.Id] = DataTransfer.AddAdjacency(e.Flow.Endpoint, e.Peer, e.Flow.Qos.Cube);
            _routing.AddLink(e.Flow.Id, e.Peer, _network.Milliseconds);
        }
        else
        {
            _routing.AddManagement(e.Flow.Id, e.Peer, _network.Milliseconds);
            e.Flow.Endpoint.SetReceiver(new ManagementReceiver(this, e.Flow.Id));
        }
        if (e.Flow.Endpoint.PeerHasReleased) _connections.OnFlowEvent(e.Flow.Id, FlowEventType.Dealloc, isGone: true, _network.Now);
    }

    private void OnRemoved(ConnectionEvents.Removed e)
    {
        if (_adjacencies.Remove(e.FlowId, out var adjacency))
        {
            DataTransfer.RemoveAdjacency(adjacency);
            _routing.RemoveLink(e.FlowId, _network.Milliseconds);
        }
        else
        {
            _routing.RemoveManagement(e.FlowId);
        }
        if (!_ends.Remove(e.FlowId, out var end)) return;
        end.Endpoint.SetReceiver(null);
        end.Endpoint.Close();
    }

    private sealed class ManagementReceiver(SimMember member, int flow) : IFlowReceiver
    {
        public void OnPacket(FlowEndpoint from, Packet packet)
        {
            var bytes = packet.Span.ToArray();
            packet.Dispose();
            member.Later(() => member._routing.Receive(flow, bytes, member._network.Milliseconds));
        }

        public void OnEvent(FlowEndpoint from, FlowEventType events) => member.OnFlowEvent(flow, events);
    }

    private sealed class Component0(SimMember member) : IDataTransferComponent
    {
        public void OnMessage(Packet message)
        {
            member._flowState.Inbox.OnMessage(message);
            member.Later(member.DrainFlows);
        }
    }

    private sealed class Component1(SimMember member) : IDataTransferComponent
    {
        public void OnMessage(Packet message)
        {
            if (member._isOver)
            {
                message.Dispose();
                return;
            }
            member._messages.Enqueue(message);
            member.Later(member.DrainDirectory);
        }
    }

    private void DrainFlows()
    {
        while (_flowState.Inbox.TryTake(out var message))
        {
            _flows.Receive(message.Span, _network.Now);
            message.Dispose();
        }
    }

    private void DrainDirectory()
    {
        while (_messages.TryDequeue(out var message))
        {
            _directory.Receive(message.Span, DhtNow);
            message.Dispose();
        }
    }
}
