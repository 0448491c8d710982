using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Congestion;
using Ouroboros.Layers.Unicast.Wire;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>Allocation and release of flows between members, every row of unicast-data-plane.md section 9.</summary>
public sealed class AllocationTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private UnicastNetwork _network = null!;

    private UnicastNode Client => _network[1];

    private UnicastNode Server => _network[3];

    [SetUp]
    public void Make()
    {
        _network = new UnicastNetwork(3);
        Client.Addresses = [3];
        Server.Accept = _ => _network.End();
    }

    [TearDown]
    public void Check() => _network.Dispose();

    [Test]
    public void A_flow_is_allocated_over_a_member_in_between_and_carries_packets_both_ways()
    {
        var end = Allocate(1);
        _network.Run(s_second);
        var flow = Client.Opened.Single().Flow;
        Assert.That(Client.Opened[0].Data, Is.EqualTo(UnicastNetwork.Handshake(1)));
        var other = Server.State.Flows.Flows.Single();
        Assert.That(flow.Remote, Is.EqualTo(new RemoteEnd(3, other.Eid)));
        Assert.That(other.Remote, Is.EqualTo(new RemoteEnd(1, flow.Eid)));
        Assert.That(flow.Eid, Is.GreaterThanOrEqualTo(1UL << 32));
        Assert.That(other.Eid, Is.GreaterThanOrEqualTo(1UL << 32));
        Assert.That(end.TryWrite("ping"u8), Is.EqualTo(FlowError.None));
        Assert.That(Read(other.Endpoint), Is.EqualTo("ping"u8.ToArray()));
        Assert.That(other.Endpoint.TryWrite("pong"u8), Is.EqualTo(FlowError.None));
        Assert.That(Read(end), Is.EqualTo("pong"u8.ToArray()));
    }

    [Test]
    public void Packets_that_overtake_the_reply_are_delivered()
    {
        byte[]? reply = null;
        Server.Lose = (_, message) =>
        {
            reply = message;
            return true;
        };
        var end = Allocate(1);
        _network.Run(TimeSpan.FromMilliseconds(100));
        Assert.That(Server.State.Flows.Flows.Single().Endpoint.TryWrite("early"u8), Is.EqualTo(FlowError.None));
        Assert.That(Client.Opened, Is.Empty);
        Client.Inject(reply!);
        _network.Run(TimeSpan.FromMilliseconds(1));
        Assert.That(Client.Opened, Has.Count.EqualTo(1));
        Assert.That(Read(end), Is.EqualTo("early"u8.ToArray()));
    }

    [Test]
    public void A_refusal_is_told_as_it_came_and_leaves_nothing()
    {
        Server.Accept = null;
        Allocate(1);
        _network.Run(TimeSpan.FromMilliseconds(10));
        Server.Core.Respond(Server.Requests.Single().Number, FlowError.AuthenticationFailed, 0, null, default, null, _network.Now);
        _network.Run(TimeSpan.FromSeconds(60));
        Assert.That(Client.Refused, Is.EqualTo(new[] { (1, FlowError.AuthenticationFailed) }));
        AssertEmpty();
    }

    [Test]
    public void A_name_that_is_nowhere_is_refused_at_once()
    {
        Client.Addresses = [];
        Allocate(1);
        _network.Run(TimeSpan.FromMilliseconds(1));
        Assert.That(Client.Refused, Is.EqualTo(new[] { (1, FlowError.NameUnknown) }));
        _network.Run(TimeSpan.FromSeconds(60));
        AssertEmpty();
    }

    [Test]
    public void A_directory_that_does_not_answer_is_asked_again_until_time_is_up()
    {
        Client.Addresses = null;
        Allocate(1);
        _network.Run(TimeSpan.FromSeconds(5));
        Assert.That(Client.Refused, Is.Empty);
        Client.Addresses = [3];
        _network.Run(s_second * 2);
        Assert.That(Client.Opened, Has.Count.EqualTo(1));
        Client.Addresses = null;
        Allocate(2);
        _network.Run(TimeSpan.FromSeconds(30));
        Assert.That(Client.Refused, Is.EqualTo(new[] { (2, FlowError.TimedOut) }));
    }

    [Test]
    public void An_address_that_does_not_answer_is_forgotten_and_the_next_one_is_asked()
    {
        Client.Addresses = [2, 3];
        Allocate(1);
        _network.Run(TimeSpan.FromSeconds(6));
        Assert.That(Client.Forgotten, Is.EqualTo(new ulong[] { 2 }));
        Assert.That(Client.Opened.Single().Flow.Remote!.Address, Is.EqualTo(3));
    }

    [Test]
    public void A_late_acceptance_of_ours_is_given_back()
    {
        byte[]? reply = null;
        Server.Lose = (_, message) =>
        {
            if (UnicastNode.CodeOf(message) == FlowAllocatorCode.Reply && message.Length > FlowAllocatorMessage.FixedLength) reply = message;
            return reply is not null;
        };
        var isDown = false;
        Client.Lose = (_, _) => isDown;
        Allocate(1);
        _network.Run(TimeSpan.FromMilliseconds(50));
        isDown = true;
        _network.Run(TimeSpan.FromSeconds(21));
        Assert.That(Client.Refused, Is.EqualTo(new[] { (1, FlowError.TimedOut) }));
        isDown = false;
        Client.Inject(reply!);
        _network.Run(s_second);
        Assert.That(Client.Opened, Is.Empty);
        Assert.That(Server.PeerReleased, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_lost_first_request_to_one_of_ours_is_repeated_once_that_is_known()
    {
        var lost = 0;
        Client.Lose = (_, message) => message.Length > FlowAllocatorMessage.FixedLength + 32 && lost++ < 3;
        Allocate(1);
        _network.Run(TimeSpan.FromSeconds(3));
        Assert.That(Client.Opened, Has.Count.EqualTo(1));
        Assert.That(Server.Requests, Has.Count.EqualTo(1));
        Assert.That(lost, Is.EqualTo(4));
    }

    [Test]
    public void A_lost_reply_is_had_again_by_repeating_and_the_request_is_served_once()
    {
        var lost = 0;
        Server.Lose = (_, message) => message.Length > FlowAllocatorMessage.FixedLength && lost++ < 2;
        Allocate(1);
        _network.Run(TimeSpan.FromSeconds(3));
        Assert.That(Client.Opened, Has.Count.EqualTo(1));
        Assert.That(Server.Requests, Has.Count.EqualTo(1));
        Assert.That(Server.Core.FlowCount, Is.EqualTo(1));
    }

    [Test]
    public void A_member_of_the_reference_gets_each_request_once_and_no_code_that_it_does_not_know()
    {
        _network.Dispose();
        _network = new UnicastNetwork(2);
        Client.Addresses = [2];
        var silent = _network[2];
        silent.Lose = (_, _) => true;
        Allocate(1);
        _network.Run(TimeSpan.FromSeconds(30));
        var requests = Client.Sent.Where(m => UnicastNode.CodeOf(m.Message) == FlowAllocatorCode.Request).ToList();
        Assert.That(requests.Count(m => m.Message.AsSpan(FlowAllocatorMessage.FixedLength).IndexOfAnyExcept((byte)0) >= 0), Is.EqualTo(1));
        Assert.That(requests, Has.Count.InRange(2, 5));
        Assert.That(Client.Sent.All(m => (int)UnicastNode.CodeOf(m.Message) <= 2), Is.True);
        Assert.That(Client.Refused, Is.EqualTo(new[] { (1, FlowError.TimedOut) }));
    }

    [Test]
    public void Replies_to_the_reference_are_its_own_and_a_released_flow_is_not_told()
    {
        _network.Dispose();
        _network = new UnicastNetwork(3, new FlowAllocatorSettings { MakeOffer = false });
        Client.Addresses = [3];
        Server.Accept = _ => _network.End();
        Allocate(1);
        _network.Run(s_second);
        Assert.That(Client.Opened, Has.Count.EqualTo(1));
        var reply = Server.Sent.Single().Message;
        Assert.That(reply.AsSpan(0, 8).IndexOfAnyExcept((byte)0), Is.Negative);
        Assert.That(reply.AsSpan(24, 34).IndexOfAnyExcept((byte)0), Is.Negative);
        Assert.That(Client.Core.Release(1, TimeSpan.Zero, null, _network.Now), Is.True);
        _network.Run(s_second);
        Assert.That(Client.Sent, Has.Count.EqualTo(1));
        Assert.That(Server.PeerReleased, Is.Empty);
    }

    [Test]
    public void Forged_duplicate_and_late_messages_do_not_touch_an_open_flow()
    {
        var end = Allocate(1);
        _network.Run(s_second);
        var flow = Client.Opened.Single().Flow;
        var remote = flow.Remote;
        Client.Inject(new FlowAllocatorMessage { Code = FlowAllocatorCode.Reply, Receiver = flow.Eid, Sender = 1UL << 40, Response = -1009 }.ToArray());
        Client.Inject(new FlowAllocatorMessage { Code = FlowAllocatorCode.Reply, Receiver = flow.Eid, Sender = 1UL << 40, Data = UnicastNetwork.Handshake(1) }.ToArray());
        Client.Inject(new FlowAllocatorMessage { Code = FlowAllocatorCode.Reply, Receiver = 0, Sender = 1UL << 40 }.ToArray());
        Client.Inject(new FlowAllocatorMessage { Code = FlowAllocatorCode.Update, Receiver = 0, Level = 100 }.ToArray());
        Client.Inject(new FlowAllocatorMessage { Code = FlowAllocatorCode.Release, Source = 2, Receiver = flow.Eid, Sender = remote!.Eid }.ToArray());
        Client.Inject(new FlowAllocatorMessage { Code = FlowAllocatorCode.Release, Source = 3, Receiver = flow.Eid, Sender = 99 }.ToArray());
        _network.Run(s_second);
        Assert.That(flow.Remote, Is.EqualTo(remote));
        Assert.That(flow.State, Is.EqualTo(UnicastFlowState.Open));
        Assert.That(Client.PeerReleased, Is.Empty);
        Assert.That(Client.Dropped(FlowAllocatorDrop.DuplicateReply), Is.EqualTo(2));
        Assert.That(Client.Dropped(FlowAllocatorDrop.UnaskedReply), Is.EqualTo(1));
        Assert.That(Client.Dropped(FlowAllocatorDrop.UnknownUpdate), Is.EqualTo(1));
        Assert.That(Client.Dropped(FlowAllocatorDrop.UnknownRelease), Is.EqualTo(2));
        Assert.That(end.TryWrite("still"u8), Is.EqualTo(FlowError.None));
        Assert.That(Read(Server.State.Flows.Flows.Single().Endpoint), Is.EqualTo("still"u8.ToArray()));
    }

    [Test]
    public void An_acceptance_with_another_handshake_opens_nothing()
    {
        Server.Accept = null;
        Allocate(1);
        _network.Run(TimeSpan.FromMilliseconds(10));
        var eid = Client.State.Flows.Flows.Single().Eid;
        Client.Inject(new FlowAllocatorMessage { Code = FlowAllocatorCode.Reply, Receiver = eid, Sender = 1UL << 40, Data = UnicastNetwork.Handshake(2) }.ToArray());
        Client.Inject(new FlowAllocatorMessage { Code = FlowAllocatorCode.Reply, Receiver = eid, Sender = 5, Data = UnicastNetwork.Handshake(1) }.ToArray());
        _network.Run(TimeSpan.FromMilliseconds(10));
        Assert.That(Client.Opened, Is.Empty);
        Assert.That(Client.Dropped(FlowAllocatorDrop.WrongHandshake), Is.EqualTo(1));
        Assert.That(Client.Dropped(FlowAllocatorDrop.BadField), Is.EqualTo(1));
    }

    [Test]
    public void An_update_is_taken_and_one_in_a_layer_without_congestion_avoidance_is_ignored()
    {
        Allocate(1);
        _network.Run(s_second);
        var flow = Client.Opened.Single().Flow;
        Client.Inject(new FlowAllocatorMessage { Code = FlowAllocatorCode.Update, Receiver = flow.Eid, Level = ushort.MaxValue }.ToArray());
        Assert.That(flow.GetStatistics().CongestionSender!.Value.Level, Is.EqualTo(8192));
        Assert.That(flow.GetStatistics().UpdatesReceived, Is.EqualTo(1));
        _network.Dispose();
        _network = new UnicastNetwork(3, config: new DataTransferConfig { Congestion = CongestionPolicies.Find(0) });
        Client.Addresses = [3];
        Server.Accept = _ => _network.End();
        Allocate(1);
        _network.Run(s_second);
        flow = Client.Opened.Single().Flow;
        Client.Inject(new FlowAllocatorMessage { Code = FlowAllocatorCode.Update, Receiver = flow.Eid, Level = 3 }.ToArray());
        Assert.That(flow.GetStatistics().CongestionSender, Is.Null);
        Assert.That(flow.State, Is.EqualTo(UnicastFlowState.Open));
    }

    [Test]
    public void A_release_reaches_the_other_end_also_when_it_is_lost_at_first_and_after_the_linger_time()
    {
        Allocate(1);
        _network.Run(s_second);
        var lost = 0;
        Client.Lose = (_, _) => lost++ < 2;
        Assert.That(Client.Core.Release(1, s_second, null, _network.Now), Is.True);
        _network.Run(TimeSpan.FromMilliseconds(900));
        Assert.That(Client.Released, Is.Empty);
        _network.Run(s_second);
        Assert.That(Client.Released, Is.EqualTo(new[] { 1 }));
        Assert.That(Server.PeerReleased, Has.Count.EqualTo(1));
        Assert.That(Server.Core.Release(1001, TimeSpan.Zero, null, _network.Now), Is.True);
        _network.Run(TimeSpan.FromSeconds(60));
        Assert.That(Client.Core.Release(1, TimeSpan.Zero, null, _network.Now), Is.False);
        AssertEmpty();
    }

    [Test]
    public void An_allocation_that_is_released_meanwhile_is_withdrawn()
    {
        // Once, so that it is known that they are ours.
        Allocate(1);
        _network.Run(s_second);
        Server.Accept = null;
        Allocate(2);
        _network.Run(TimeSpan.FromMilliseconds(10));
        Client.Core.Release(2, TimeSpan.Zero, null, _network.Now);
        _network.Run(s_second);
        Assert.That(Client.Released, Is.EqualTo(new[] { 2 }));
        Assert.That(Server.Core.Respond(Server.Requests[^1].Number, FlowError.None, 7, _network.End(), default, null, _network.Now), Is.EqualTo(FlowError.FlowDown));
    }

    [Test]
    public void Requests_are_served_side_by_side_and_answered_in_any_order()
    {
        Server.Accept = null;
        for (var id = 1; id <= 50; id++) Allocate(id);
        _network.Run(TimeSpan.FromMilliseconds(10));
        Assert.That(Server.Core.ArrivedCount, Is.EqualTo(50));
        foreach (var request in Server.Requests.AsEnumerable().Reverse())
        {
            Assert.That(Server.Core.Respond(request.Number, FlowError.None, (int)request.Number + 5000, _network.End(), request.Data, null, _network.Now), Is.EqualTo(FlowError.None));
        }
        _network.Run(TimeSpan.FromMilliseconds(10));
        Assert.That(Client.Opened.Select(o => o.Flow.FlowId).Order(), Is.EqualTo(Enumerable.Range(1, 50)));
        Assert.That(Client.Opened.Select(o => o.Flow.Eid).Distinct().Count(), Is.EqualTo(50));
        Assert.That(Client.Opened.All(o => o.Data.SequenceEqual(UnicastNetwork.Handshake(o.Flow.FlowId))), Is.True);
    }

    [Test]
    public void A_request_that_the_runtime_does_not_answer_is_refused_after_a_while()
    {
        Server.Accept = null;
        Allocate(1);
        _network.Run(TimeSpan.FromSeconds(11));
        Assert.That(Client.Refused, Is.EqualTo(new[] { (1, FlowError.IpcpFailed) }));
        Assert.That(Server.Core.ArrivedCount, Is.Zero);
    }

    [Test]
    public void A_flood_of_requests_from_one_source_is_limited_and_does_not_stop_another()
    {
        Server.Accept = null;
        for (ulong n = 0; n < 5000; n++)
        {
            Server.Inject(new FlowAllocatorMessage { Code = FlowAllocatorCode.Request, Source = 77, Sender = 1000 + n, Qos = QosSpec.Raw, Hash = UnicastNetwork.Name.Span }.ToArray());
            Server.Work();
        }
        Assert.That(Server.Core.ArrivedCount, Is.EqualTo(512));
        Assert.That(Server.Dropped(FlowAllocatorDrop.RateLimited) + Server.Dropped(FlowAllocatorDrop.TooManyRequests), Is.EqualTo(5000 - 512));
        Server.Accept = _ => _network.End();
        Allocate(1);
        _network.Run(s_second);
        Assert.That(Client.Opened, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_flow_allocator_that_ends_refuses_what_waits_and_its_flows_are_down()
    {
        var open = Allocate(1);
        _network.Run(s_second);
        Server.Accept = null;
        Allocate(2);
        _network.Run(TimeSpan.FromMilliseconds(10));
        Client.Addresses = null;
        Allocate(3);
        Client.Core.Shutdown(_network.Now);
        Assert.That(Client.Refused.Select(r => r.FlowId).Order(), Is.EqualTo(new[] { 2, 3 }));
        Assert.That(open.TryWrite("x"u8), Is.EqualTo(FlowError.FlowDown));
        Assert.That(Client.State.Flows.Count, Is.Zero);
        while (Server.Work())
        {
        }
        Assert.That(Server.PeerReleased, Has.Count.EqualTo(1));
        Assert.That(Server.Core.ArrivedCount, Is.Zero);
    }

    [Test]
    public void Without_a_way_an_allocation_waits_for_one_and_gives_up_in_seconds()
    {
        Client.Addresses = [9];
        Allocate(1);
        _network.Run(TimeSpan.FromSeconds(5));
        Assert.That(Client.Refused, Is.EqualTo(new[] { (1, FlowError.IpcpFailed) }));
        Allocate(2);
        _network.Run(s_second);
        Client.DataTransfer.Install([new(9, [2]), new(2, [2]), new(3, [2])]);
        _network.Run(s_second);
        Assert.That(Client.Sent.Select(m => m.To), Has.Member(9UL));
    }

    [Test]
    public void Thousands_of_refused_requests_leave_nothing()
    {
        Server.Accept = null;
        for (var id = 1; id <= 3000; id++)
        {
            Allocate(id);
            _network.Run(TimeSpan.FromMilliseconds(10));
            Server.Core.Respond(Server.Requests[^1].Number, FlowError.AuthenticationFailed, 0, null, default, null, _network.Now);
        }
        _network.Run(TimeSpan.FromSeconds(60));
        Assert.That(Client.Refused, Has.Count.EqualTo(3000));
        AssertEmpty();
    }

    private void AssertEmpty()
    {
        foreach (var member in _network.Members)
        {
            Assert.That(member.Core.Size, Is.Zero, $"member {member.Address}");
            Assert.That(member.State.Flows.Count, Is.Zero);
        }
    }

    private FlowEndpoint Allocate(int id)
    {
        var end = _network.End();
        Assert.That(Client.Core.Allocate(id, end, UnicastNetwork.Name, QosSpec.Raw, UnicastNetwork.Handshake(id), null, _network.Now), Is.EqualTo(FlowError.None));
        return end;
    }

    private static byte[] Read(FlowEndpoint end)
    {
        Assert.That(end.TryRead(out var packet), Is.EqualTo(FlowError.None));
        var bytes = packet.Span.ToArray();
        packet.Dispose();
        return bytes;
    }
}
