using System.Text;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Connections.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Enrolment;

/// <summary>Connection establishment and the table of connections, without flows or time of their own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ConnectionManagerTests : IConnectionOutput, IDisposable
{
    private const ulong Own = 0x43cf5e27;
    private const ulong Peer = 0x5d1f862f;

    private readonly PacketPool _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
    private readonly ConnectionTable _table = new();
    private readonly List<(long Attempt, string Destination)> _allocations = [];
    private readonly Dictionary<int, List<byte[]>> _sent = [];
    private readonly HashSet<int> _released = [];
    private readonly List<object> _events = [];
    private readonly List<int> _served = [];
    private readonly List<(int Flow, double Timeout, double SendEvery)> _watched = [];
    private readonly List<(long Command, FlowError Error, string? Reason)> _answers = [];
    private ConnectionManager _manager;
    private TimeSpan _now = TimeSpan.FromSeconds(100);
    private int _lastFlow;
    private int _clashes;
    private bool _sends = true;

    public ConnectionManagerTests() => _manager = Make(Component.OfUnicast, Own);

    private ConnectionCounters Counters => _table.Counters;

    public void Dispose() => _pool.Dispose();

    [Test]
    public void The_captured_requests_are_answered_as_the_reference_does()
    {
        var enrolment = Accept("cep-enrolment");
        Assert.That(_sent[enrolment].Single(), Is.EqualTo(Messages.Get("cep-enrolment")));
        Assert.That(_served, Is.EqualTo(new[] { enrolment }));

        var management = Accept("cep-management-u1");
        Assert.That(_sent[management].Single(), Is.EqualTo(Messages.Get("cep-management-u2")));
        var data = Accept("cep-dt-u1");
        Assert.That(_sent[data].Single(), Is.EqualTo(Messages.Get("cep-dt-u2")));
        Assert.That(_events.Cast<ConnectionEvents.Added>().Select(e => (e.Component, e.Peer, e.Flow.Id, e.Initiated)), Is.EqualTo(new[]
        {
            ("Management", Peer, management, false), ("Data Transfer", Peer, data, false),
        }));
    }

    [Test]
    public void Two_of_ours_agree_how_often_they_are_heard_of_and_the_reference_is_told_nothing_it_did_not_ask_for()
    {
        Accept("cep-dt-u1");
        Assert.That(_watched, Is.Empty);
        var impatient = Accept(CepMessage.Of(Component.DataTransfer, Peer, peerTimeout: 4000));
        Assert.That(_watched[^1], Is.EqualTo((impatient, 10.0, 1.0)), "given up as we want it, heard of as the peer wants it");
        Assert.That(CepMessage.TryParse(_sent[impatient].Single(), out var answer) ? answer.PeerTimeout : 0, Is.EqualTo(10_000));
        var absurd = Accept(CepMessage.Of(Component.Management, Peer, peerTimeout: 1));
        Assert.That(_watched[^1], Is.EqualTo((absurd, 10.0, 0.25)));
        var patient = Initiate("peer", "Management", out _);
        Assert.That(CepMessage.TryParse(_sent[patient].Single(), out var request) ? request.PeerTimeout : 0, Is.EqualTo(10_000));
        _manager.Receive(patient, CepMessage.Of(Component.Management, Peer, peerTimeout: 100_000), _now);
        Assert.That(_watched[^1], Is.EqualTo((patient, 10.0, 2.5)));
    }

    [Test]
    public void Turned_off_nothing_is_said_of_it_and_nobody_watched()
    {
        _manager = new ConnectionManager(Component.OfUnicast, Own, new ConnectionSettings { PeerTimeout = TimeSpan.Zero }, _table, this, new Random(1), _now);
        Accept(CepMessage.Of(Component.DataTransfer, Peer, peerTimeout: 4000));
        var flow = Initiate("peer", "Management", out _);
        Assert.That(_sent[flow].Single(), Is.EqualTo(CepMessage.Of(Component.Management, Own)));
        Assert.That(_watched, Is.Empty);
    }

    [Test]
    public void A_component_that_is_not_here_is_refused_with_the_ten_bytes_of_the_reference()
    {
        var flow = Accept(CepMessage.Write(Encoding.UTF8.GetBytes("Foo"), Encoding.UTF8.GetBytes("foo"), 1, 0, 1));
        Assert.That(_sent[flow].Single(), Is.EqualTo(Messages.Get("cep-unknown-component-reply")));
        AssertRefused(flow, CepFailure.UnknownComponent);
        AssertRefused(Accept(CepMessage.Refusal()), CepFailure.UnknownComponent, "an empty name is none, either");
    }

    [TestCase("XXX", 1, 2, Peer, CepFailure.ProtocolMismatch)]
    [TestCase("dtp", 9, 2, Peer, CepFailure.VersionMismatch)]
    [TestCase("dtp", 1, 0, Peer, CepFailure.SyntaxMismatch)]
    [TestCase("XXX", 9, 0, Peer, CepFailure.ProtocolMismatch)]
    [TestCase("dtp", 1, 2, 0ul, CepFailure.NoAddress)]
    [TestCase("dtp", 1, 2, 1ul << 32, CepFailure.NoAddress)]
    [TestCase("dtp", 1, 2, Own, CepFailure.AddressClash)]
    public void What_does_not_fit_makes_no_neighbour_on_either_side(string protocol, int version, int syntax, ulong address, CepFailure reason)
    {
        var message = CepMessage.Write(Encoding.UTF8.GetBytes("Data Transfer"), Encoding.UTF8.GetBytes(protocol), version, syntax, address);
        var accepted = Accept(message);
        Assert.That(_sent[accepted].Single(), Is.EqualTo(Messages.Get("cep-dt-u2")), "the other side is told what is here");
        AssertRefused(accepted, reason);

        var initiated = Initiate("peer", "Data Transfer", out _);
        _manager.Receive(initiated, message, _now);
        Assert.That(Counters[reason], Is.EqualTo(2));
        Assert.That(_answers.Single().Error, Is.EqualTo(FlowError.NotPermitted));
        Assert.That(_released, Does.Contain(initiated));
        Assert.That(_events, Is.Empty);
        Assert.That(_clashes, Is.EqualTo(reason == CepFailure.AddressClash ? 1 : 0), "who was asked takes another address");
    }

    [Test]
    public void The_name_in_an_answer_does_not_count()
    {
        var flow = Initiate("peer", "Data Transfer", out var command);
        _manager.Receive(flow, CepMessage.Write(Encoding.UTF8.GetBytes("whatever"), Encoding.UTF8.GetBytes("dtp"), 1, 2, Peer), _now);
        Assert.That(_answers.Single(), Is.EqualTo((command, FlowError.None, (string?)null)));
        Assert.That(_table.Find(flow)!.Destination, Is.EqualTo("peer"));
    }

    [Test]
    public void A_refusal_nonsense_and_silence_for_a_second_are_failures_with_their_reasons()
    {
        _manager.Receive(Initiate("a", "Management", out _), CepMessage.Refusal(), _now);
        _manager.Receive(Initiate("b", "Management", out _), [1, 2, 3], _now);
        var silent = Initiate("c", "Management", out _);
        Pass(TimeSpan.FromMilliseconds(999));
        Assert.That(_answers, Has.Count.EqualTo(2));
        Pass(TimeSpan.FromMilliseconds(1));
        _manager.OnFlowEnded(Initiate("d", "Management", out _), _now);
        Assert.That(_answers.Select(a => a.Error), Is.EqualTo(new[] { FlowError.NotPermitted, FlowError.NotPermitted, FlowError.TimedOut, FlowError.FlowDown }));
        Assert.That(_answers.Select(a => a.Reason), Has.All.Not.Empty);
        Assert.That(_released, Does.Contain(silent).And.Count.EqualTo(4));
        Assert.That(_manager.Deadline, Is.EqualTo(TimeSpan.MaxValue), "what never was connected is not tried again");
    }

    [Test]
    public void A_silent_peer_holds_nobody_up_and_goes_after_a_second()
    {
        var silent = Offer();
        Pass(TimeSpan.FromMilliseconds(500));
        _manager.Receive(silent, [], _now); // a keep-alive
        Accept("cep-dt-u1");
        Assert.That(_events, Has.Count.EqualTo(1));
        Pass(TimeSpan.FromMilliseconds(500));
        AssertRefused(silent, CepFailure.Silent);
        Assert.That(_manager.HalfOpenCount, Is.Zero);
    }

    [Test]
    public void Floods_of_silent_and_of_fast_flows_are_bounded_and_counted()
    {
        for (var i = 0; i < 10_000; i++) Offer();
        var settings = new ConnectionSettings();
        Assert.That(_manager.HalfOpenCount, Is.EqualTo(settings.MaxHalfOpen));
        Assert.That(Counters[CepFailure.TooManyHalfOpen], Is.EqualTo(10_000 - settings.MaxHalfOpen));
        Pass(TimeSpan.FromSeconds(1));
        Assert.That(_manager.HalfOpenCount, Is.Zero);
        for (var i = 0; i < 10_000; i++) Accept([0xff]);
        Assert.That(Counters[CepFailure.Malformed], Is.InRange(settings.AcceptBurst - settings.MaxHalfOpen, settings.AcceptBurst + settings.AcceptRate));
        Assert.That(Counters[CepFailure.TooFast], Is.Positive);
        Pass(TimeSpan.FromSeconds(10));
        Accept("cep-dt-u1");
        Assert.That(_events, Has.Count.EqualTo(1));
        Assert.That(_released, Has.Count.EqualTo(20_000));
    }

    [Test]
    public void Connected_twice_it_is_one_connection_and_once_disconnected_it_is_none()
    {
        var flow = Connect("peer", "Data Transfer");
        _manager.Connect(77, "peer", "Data Transfer", QosSpec.Raw, keep: false, _now);
        Assert.That(_answers[^1], Is.EqualTo((77L, FlowError.None, (string?)null)));
        Assert.That(_allocations, Has.Count.EqualTo(1));

        _manager.Disconnect(78, "peer", "Data Transfer", _now);
        Assert.That(_events[^1], Is.EqualTo(new ConnectionEvents.Removed("Data Transfer", Peer, flow, ConnectionLoss.Disconnected)));
        Pass(TimeSpan.FromMinutes(1));
        Assert.That(_allocations, Has.Count.EqualTo(1), "nobody wants it any more");
        _manager.Disconnect(79, "peer", "Data Transfer", _now);
        Assert.That(_answers[^2..].Select(a => a.Error), Is.EqualTo(new[] { FlowError.None, FlowError.NameUnknown }));
    }

    [TestCase("2f.86.1f.5d")]
    [TestCase("1562347055")]
    public void Who_connected_can_be_disconnected_by_its_address_and_is_not_let_in_until_it_is_wanted(string address)
    {
        Accept("cep-dt-u1");
        _manager.Disconnect(1, address, "Data Transfer", _now);
        Assert.That(_events[^1], Is.InstanceOf<ConnectionEvents.Removed>());
        AssertRefused(Accept("cep-dt-u1"), CepFailure.Unwanted);
        Accept("cep-management-u1");
        Assert.That(_events, Has.Count.EqualTo(3), "only of that component");
    }

    [Test]
    public void A_lost_connection_is_tried_again_later_and_later_until_it_is_there()
    {
        var flow = Connect("peer", "Management");
        _manager.OnFlowEvent(flow, FlowEventType.Dealloc, isGone: true, _now);
        Assert.That(_events[^1], Is.EqualTo(new ConnectionEvents.Removed("Management", Peer, flow, ConnectionLoss.PeerReleased)));
        var waits = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            var before = _now;
            Pass(_manager.Deadline - _now);
            waits.Add((_now - before).TotalSeconds);
            Assert.That(_allocations, Has.Count.EqualTo(i + 2));
            _manager.OnNotAllocated(_allocations[^1].Attempt, FlowError.IpcpFailed, "nobody there", _now);
        }
        Assert.That(waits[0], Is.InRange(0.375, 0.625));
        Assert.That(waits[^1], Is.InRange(3.75, 6.25));
        Pass(_manager.Deadline - _now);
        var again = Give();
        _manager.Receive(again, Messages.Get("cep-management-u1"), _now);
        Assert.That(_table.Connections.Single().Flow.Id, Is.EqualTo(again));
        Assert.That(_manager.Deadline, Is.EqualTo(TimeSpan.MaxValue));
    }

    [TestCase(FlowEventType.Peer, false, ConnectionLoss.PeerDead)]
    [TestCase(FlowEventType.Down, true, ConnectionLoss.LayerFailed)]
    public void A_dead_peer_and_a_failed_layer_are_the_loss_of_a_neighbour(FlowEventType events, bool isGone, ConnectionLoss reason)
    {
        var flow = Accept("cep-management-u1");
        _manager.OnFlowEvent(flow, events, isGone, _now);
        Assert.That(_events[^1], Is.EqualTo(new ConnectionEvents.Removed("Management", Peer, flow, reason)));
        Assert.That(Counters[reason], Is.EqualTo(1));
        _manager.OnFlowEvent(flow, events, isGone, _now);
        Assert.That(_events, Has.Count.EqualTo(2), "once");
    }

    [Test]
    public void A_link_that_is_down_and_up_is_told_once_each_and_the_connection_stays()
    {
        var flow = Accept("cep-dt-u1");
        foreach (var what in new[] { FlowEventType.Down, FlowEventType.Down, FlowEventType.Up, FlowEventType.Up }) _manager.OnFlowEvent(flow, what, isGone: false, _now);
        Assert.That(_events[1..], Is.EqualTo(new object[] { new ConnectionEvents.Down("Data Transfer", Peer, flow), new ConnectionEvents.Up("Data Transfer", Peer, flow) }));
    }

    [Test]
    public void A_neighbour_keeps_its_newest_connections_and_the_oldest_is_replaced()
    {
        var flows = Enumerable.Range(0, 6).Select(_ => Accept("cep-dt-u1")).ToList();
        Assert.That(_table.Find("Data Transfer", Peer).Select(c => c.Flow.Id), Is.EqualTo(flows[2..]));
        Assert.That(_events.OfType<ConnectionEvents.Removed>().Select(e => (e.FlowId, e.Reason)), Is.EqualTo(new[] { (flows[0], ConnectionLoss.Replaced), (flows[1], ConnectionLoss.Replaced) }));
    }

    [Test]
    public void A_connection_that_leads_back_here_is_none_and_no_reason_for_another_address()
    {
        Initiate("me", "Data Transfer", out _);
        AssertRefused(Accept("cep-dt-u2"), CepFailure.OwnFlow);
        Assert.That(_clashes, Is.Zero);
    }

    [Test]
    public void A_new_manager_goes_on_with_the_table_and_tries_what_is_not_there()
    {
        Connect("peer", "Data Transfer");
        Initiate("other", "Data Transfer", out var command);
        var waiting = Offer();
        _manager.Stop();
        Assert.That(_released, Does.Contain(waiting).And.Count.EqualTo(2), "half-open flows go");
        Assert.That(_answers[^1].Command, Is.EqualTo(command));
        Assert.That(_answers[^1].Error, Is.EqualTo(FlowError.BrokenPipe));

        _manager = Make(Component.OfUnicast, Own);
        Pass(TimeSpan.Zero);
        Assert.That(_allocations[^1].Destination, Is.EqualTo("other"));
        Assert.That(_table.Connections, Has.Count.EqualTo(1));
    }

    [Test]
    public void Broadcast_members_have_data_transfer_without_addresses_and_no_management()
    {
        _manager = Make(Component.OfBroadcast, 0);
        var flow = Accept("cep-dt-broadcast");
        Assert.That(_sent[flow].Single(), Is.EqualTo(Messages.Get("cep-dt-broadcast")));
        Assert.That(_events, Has.Count.EqualTo(1));
        _manager.Connect(1, "peer", "Management", QosSpec.Raw, keep: false, _now);
        Assert.That(_answers.Single().Reason, Does.Contain("'Data Transfer'"));
    }

    [Test]
    public void A_hundred_thousand_mutations_of_each_request_leave_the_manager_sound()
    {
        var buffer = new byte[128];
        foreach (var message in Messages.All.Where(m => m.Kind == "cep_msg"))
        {
            var random = new Random(message.Bytes.Length);
            for (var i = 0; i < 100_000; i++)
            {
                _now += TimeSpan.FromMilliseconds(10);
                var length = MessageMutator.Mutate(message.Bytes, buffer, random);
                var flow = Offer();
                _manager.Receive(flow, buffer.AsSpan(0, length), _now);
                _sent.Clear();
                _events.Clear();
                _released.Clear();
            }
        }
        _manager.Tick(_now + TimeSpan.FromSeconds(2));
        Assert.That(_manager.HalfOpenCount, Is.Zero);
    }

    void IConnectionOutput.Allocate(long attempt, string destination, QosSpec qos, TimeSpan timeout) => _allocations.Add((attempt, destination));

    bool IConnectionOutput.Send(LowerFlow flow, ReadOnlySpan<byte> message)
    {
        if (!_sent.TryGetValue(flow.Id, out var list)) _sent.Add(flow.Id, list = []);
        list.Add(message.ToArray());
        return _sends;
    }

    void IConnectionOutput.Listen(LowerFlow flow)
    {
    }

    void IConnectionOutput.Watch(LowerFlow flow, TimeSpan timeout, TimeSpan sendEvery) => _watched.Add((flow.Id, timeout.TotalSeconds, sendEvery.TotalSeconds));

    void IConnectionOutput.Release(LowerFlow flow) => Assert.That(_released.Add(flow.Id), Is.True, "released twice");

    void IConnectionOutput.Tell(object @event) => _events.Add(@event);

    void IConnectionOutput.Serve(LowerFlow flow) => _served.Add(flow.Id);

    void IConnectionOutput.Answer(long command, FlowError error, string? reason) => _answers.Add((command, error, reason));

    void IConnectionOutput.OnAddressClash() => _clashes++;

    void IConnectionOutput.OnTrouble(WantedConnection wanted, string reason, TimeSpan again)
    {
    }

    private ConnectionManager Make(IReadOnlyList<Component> components, ulong address) =>
        new(components, address, new ConnectionSettings(), _table, this, new Random(1), _now);

    private LowerFlow NewFlow() => new(++_lastFlow, new FlowEndpoint(_pool, TimeProvider.System), QosSpec.Raw, () => { });

    private int Offer()
    {
        var flow = NewFlow();
        _manager.OnAccepted(flow, _now);
        return flow.Id;
    }

    private int Accept(string message) => Accept(Messages.Get(message));

    private int Accept(byte[] message)
    {
        var flow = Offer();
        _manager.Receive(flow, message, _now);
        return flow;
    }

    private int Give()
    {
        var flow = NewFlow();
        _manager.OnAllocated(_allocations[^1].Attempt, flow, _now);
        return flow.Id;
    }

    private int Initiate(string destination, string component, out long command)
    {
        command = 1000 + _lastFlow;
        _manager.Connect(command, destination, component, QosSpec.Raw, keep: false, _now);
        return Give();
    }

    private int Connect(string destination, string component)
    {
        var flow = Initiate(destination, component, out _);
        _manager.Receive(flow, Messages.Get(component == "Management" ? "cep-management-u1" : "cep-dt-u1"), _now);
        return flow;
    }

    private void Pass(TimeSpan time)
    {
        _now += time;
        _manager.Tick(_now);
    }

    private void AssertRefused(int flow, CepFailure reason, string? why = null)
    {
        Assert.That(_released, Does.Contain(flow), why);
        Assert.That(Counters[reason], Is.Positive, why);
    }
}
