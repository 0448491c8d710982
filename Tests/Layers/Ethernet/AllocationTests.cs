using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet.Wire;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;

namespace Ouroboros.Tests.Layers.Ethernet;

/// <summary>Two of our cores, or one with a peer that behaves as the reference, over a wire that a test can break.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class AllocationTests(bool llc) : PoolTest
{
    private ShimHost _a = null!;
    private ShimHost _b = null!;

    [SetUp]
    public void MakeHosts()
    {
        _a = new ShimHost(Pool, EthernetCapture.ClientMac, llc, seed: 1);
        _b = new ShimHost(Pool, EthernetCapture.ServerMac, llc, seed: 2);
        _b.Core.Register(ShimHost.Oping);
    }

    [Test]
    public void Two_of_ours_open_a_flow_without_waiting()
    {
        var (client, server) = Open(1);

        Assert.That(client.Route, Is.EqualTo(new ShimRoute(_a.Own, _b.Own, client.Eid, server.Eid)));
        Assert.That(server.Route, Is.EqualTo(new ShimRoute(_b.Own, _a.Own, server.Eid, client.Eid)));
        Assert.That((client.PeerIsOurs, server.PeerIsOurs), Is.EqualTo((true, true)));
        Assert.That((_a.Counters.Total, _b.Counters.Total), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void A_name_that_nobody_has_is_denied_within_200_ms_and_the_search_goes_on()
    {
        var unknown = Ouroboros.Crypto.Hashing.NameHash.Of(Ouroboros.Crypto.Hashing.DirectoryHash.Sha3_256, "nosuch");
        _a.Core.Query(unknown, "q", _a.Now);
        Assert.That(_a.Sent(), Has.Count.EqualTo(1));
        _a.Advance(199);

        Assert.That(_a.Single<ShimEvent.QueryAnswered>().Found, Is.False);
        Assert.That(_a.Sent(), Is.Not.Empty, "the query is repeated in case it was lost");
        Assert.That(_a.Core.QueryCount, Is.EqualTo(1));

        _b.Core.Register(unknown);
        _a.Core.Query(unknown, "again", _a.Now);
        _a.Advance(1700);
        foreach (var frame in _a.Sent()) _b.Receive(frame);
        foreach (var frame in _b.Sent()) _a.Receive(frame);
        Assert.That(_a.Core.DirectoryCount, Is.EqualTo(1), "a late reply still fills the directory");
        _a.Core.Query(unknown, "third", _a.Now);
        Assert.That(_a.Events().OfType<ShimEvent.QueryAnswered>().Single(e => (string)e.Token == "third").Found, Is.True);
    }

    [Test]
    public void A_query_ends_after_2_s()
    {
        _a.Core.Query(ShimHost.Oping, "q", _a.Now);
        _a.Advance(2000);

        Assert.That(_a.Core.QueryCount, Is.Zero);
    }

    [Test]
    public void One_reply_answers_all_who_wait()
    {
        for (var i = 0; i < 3; i++) _a.Core.Query(ShimHost.Oping, i, _a.Now);
        var sent = _a.Sent();
        Assert.That(sent, Has.Count.EqualTo(1), "one query for all");
        _b.Receive(sent[0]);
        foreach (var frame in _b.Sent()) _a.Receive(frame);

        Assert.That(_a.Events().OfType<ShimEvent.QueryAnswered>().Select(e => (e.Token, e.Found)), Is.EqualTo(new (object, bool)[] { (0, true), (1, true), (2, true) }));
    }

    [Test]
    public void Lost_frames_between_ours_are_made_good()
    {
        var random = new Random(3);
        const int Flows = 40;
        _a.Core.Query(ShimHost.Oping, "q", _a.Now);
        for (var i = 0; i < 40 && _a.Core.DirectoryCount == 0; i++) Carry(random, 0.2, 10);
        _a.Events();
        var opened = 0;
        var accepted = 0;
        for (var i = 1; i <= Flows; i++) Assert.That(_a.Allocate(i, ShimHost.Handshake(i)), Is.EqualTo(FlowError.None));
        for (var ms = 0; ms < 10_000 && opened < Flows; ms += 10)
        {
            Carry(random, 0.2, 10);
            foreach (var request in _b.Events().OfType<ShimEvent.RequestArrived>())
            {
                accepted++;
                _b.Core.Respond(request.Request, FlowError.None, 1000 + accepted, _b.NewEndpoint(), request.Data, null, _b.Now, out _);
            }
            opened += _a.Events().OfType<ShimEvent.Opened>().Count();
        }
        Assert.That((opened, accepted, _b.Core.FlowCount), Is.EqualTo((Flows, Flows, Flows)));
    }

    [Test]
    public void A_name_that_is_not_here_any_more_is_refused_at_once()
    {
        Find();
        _b.Core.Unregister(ShimHost.Oping);
        _a.Allocate(1, ShimHost.Handshake(1));
        _a.Exchange(_b);

        Assert.That(_a.Single<ShimEvent.Refused>().Error, Is.EqualTo(FlowError.NameUnknown));
        Assert.That((_a.Core.FlowCount, _a.Core.DirectoryCount), Is.EqualTo((0, 0)), "asked for again next time");
        Assert.That(_b.Counters[ShimDrop.UnknownName], Is.EqualTo(1));
    }

    [Test]
    public void A_thousand_rejections_leave_no_id_in_use()
    {
        Find();
        for (var i = 1; i <= 1000; i++)
        {
            Assert.That(_a.Allocate(i, ShimHost.Handshake(i)), Is.EqualTo(FlowError.None), $"request {i}");
            _a.Exchange(_b);
            _b.Core.Respond(_b.Single<ShimEvent.RequestArrived>().Request, FlowError.CryptoFailed, 0, null, default, null, _b.Now, out _);
            _a.Exchange(_b);
            Assert.That(_a.Single<ShimEvent.Refused>().Error, Is.EqualTo(FlowError.CryptoFailed));
            // Ids rest for 200 ms; the layer with 62 of them is not to run out.
            _a.Advance(10);
            _b.Advance(10);
        }
        Assert.That((_a.Core.FlowCount, _b.Core.FlowCount, _b.Core.ArrivedCount), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Without_an_answer_the_request_ends_a_little_after_20_s_and_its_id_is_free()
    {
        Find();
        _a.Allocate(1, ShimHost.Handshake(1));
        _a.Sent();
        _a.Advance(20_000);
        Assert.That(_a.Events(), Is.Empty);
        _a.Advance(1000);

        Assert.That(_a.Single<ShimEvent.Refused>().Error, Is.EqualTo(FlowError.TimedOut));
        Assert.That((_a.Core.FlowCount, _a.Core.DirectoryCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_lost_request_does_not_make_an_address_forgotten_that_answers_others()
    {
        Find();
        _a.Allocate(1, ShimHost.Handshake(1));
        // Lost, all of them.
        _a.Sent();
        _a.Advance(100);
        _a.Allocate(2, ShimHost.Handshake(2));
        foreach (var frame in _a.Sent()) _b.Receive(frame);
        var request = _b.Events().OfType<ShimEvent.RequestArrived>().Single();
        _b.Core.Respond(request.Request, FlowError.None, 2, _b.NewEndpoint(), ShimHost.Handshake(2), null, _b.Now, out _);
        foreach (var frame in _b.Sent()) _a.Receive(frame);
        Assert.That(_a.Events().OfType<ShimEvent.Opened>().Single().Flow.FlowId, Is.EqualTo(2));

        while (!_a.Events().OfType<ShimEvent.Refused>().Any())
        {
            _a.Advance(100);
            _a.Sent();
        }
        Assert.That(_a.Allocate(3, ShimHost.Handshake(3)), Is.EqualTo(FlowError.None), "still known");
    }

    [Test]
    public void A_request_that_the_irmd_never_answers_ends()
    {
        Find();
        _a.Allocate(1, ShimHost.Handshake(1));
        _a.Exchange(_b);
        var request = _b.Single<ShimEvent.RequestArrived>().Request;
        _b.Advance(10_000);
        _a.Exchange(_b);

        Assert.That(_a.Single<ShimEvent.Refused>().Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(_b.Core.ArrivedCount, Is.Zero);
        Assert.That(_b.Core.Respond(request, FlowError.None, 1, _b.NewEndpoint(), default, null, _b.Now, out var flow), Is.EqualTo(FlowError.FlowDown));
        Assert.That(flow, Is.Null);
    }

    [Test]
    public void Release_tells_a_peer_that_is_ours()
    {
        var (client, server) = Open(1);
        _a.Core.Release(1, TimeSpan.Zero, "done", _a.Now);

        Assert.That(_a.Single<ShimEvent.Released>().Token, Is.EqualTo("done"));
        _a.Exchange(_b);
        Assert.That(_b.Single<ShimEvent.PeerReleased>().Flow, Is.SameAs(server));
        _a.Advance(1000);
        _a.Exchange(_b);
        Assert.That(_b.Events(), Is.Empty, "repeats say nothing new");
        Assert.That(client.IsReleased, Is.True);
        _b.Core.Release(server.FlowId, TimeSpan.Zero, null, _b.Now);
        Assert.That(_b.Sent(), Is.Empty, "the peer knows");
        Assert.That((_a.Core.FlowCount, _b.Core.FlowCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_flow_goes_on_for_its_linger_time()
    {
        var (client, _) = Open(1);
        _a.Core.Release(1, TimeSpan.FromSeconds(5), "done", _a.Now);
        _a.Advance(4999);
        Assert.That((_a.Events().Count, client.IsReleased, _a.Core.Find(client.Eid)), Is.EqualTo((0, false, client)));
        _a.Advance(1);

        Assert.That(_a.Single<ShimEvent.Released>().Token, Is.EqualTo("done"));
        Assert.That((client.IsReleased, _a.Core.Find(client.Eid)), Is.EqualTo((true, (ShimFlow?)null)));
    }

    [Test]
    public void Who_gives_up_while_the_other_side_thinks_withdraws_the_request()
    {
        Find();
        _a.Allocate(1, ShimHost.Handshake(1));
        _a.Exchange(_b);
        var request = _b.Single<ShimEvent.RequestArrived>().Request;
        _a.Core.Release(1, TimeSpan.Zero, null, _a.Now);
        _a.Exchange(_b);

        Assert.That(_b.Core.Respond(request, FlowError.None, 1, _b.NewEndpoint(), default, null, _b.Now, out _), Is.EqualTo(FlowError.FlowDown));
        Assert.That(_b.Core.FlowCount, Is.Zero);
    }

    [Test]
    public void An_acceptance_of_a_request_that_was_given_up_is_taken_back()
    {
        Find();
        _a.Allocate(1, ShimHost.Handshake(1));
        _a.Exchange(_b);
        var request = _b.Single<ShimEvent.RequestArrived>();
        _b.Core.Respond(request.Request, FlowError.None, 7, _b.NewEndpoint(), request.Data, null, _b.Now, out var server);
        var reply = _b.Sent().Single();
        _a.Core.Release(1, TimeSpan.Zero, null, _a.Now);
        // The withdrawal is lost.
        _a.Sent();
        _a.Receive(reply);
        _a.Exchange(_b);

        Assert.That(_b.Single<ShimEvent.PeerReleased>().Flow, Is.SameAs(server));
        Assert.That(_a.Counters[ShimDrop.UnaskedReply], Is.EqualTo(1));
    }

    [Test]
    public void Replies_to_nothing_and_duplicate_replies_are_counted_and_change_nothing()
    {
        Find();
        _a.Allocate(1, ShimHost.Handshake(1));
        _a.Exchange(_b);
        var request = _b.Single<ShimEvent.RequestArrived>();
        _b.Core.Respond(request.Request, FlowError.None, 7, _b.NewEndpoint(), request.Data, null, _b.Now, out _);
        var reply = _b.Sent().Single();
        _a.Receive(reply);
        var route = _a.Single<ShimEvent.Opened>().Flow.Route;

        _a.Receive(reply);
        _a.Receive(Reply(_a.Core.FindFlow(1)!.Eid, 9, ShimHost.Handshake(99), from: LinkAddress.FromMac(0x020000000BAD)));
        _a.Receive(Reply(_a.Core.FindFlow(1)!.Eid == 5 ? 6u : 5u, 9, ShimHost.Handshake(98)));

        Assert.That(_a.Core.FindFlow(1)!.Route, Is.SameAs(route));
        Assert.That((_a.Counters[ShimDrop.DuplicateReply], _a.Counters[ShimDrop.UnaskedReply]), Is.EqualTo((2L, 1L)));
        Assert.That(_a.Events(), Is.Empty);
    }

    [Test]
    public void A_forged_acceptance_needs_the_id_of_the_handshake()
    {
        Find();
        _a.Allocate(1, ShimHost.Handshake(1));
        var eid = _a.Core.FindFlow(1)!.Eid;
        _a.Sent();

        _a.Receive(Reply(eid, 9, ShimHost.Handshake(2)));
        _a.Receive(Reply(eid, 9, []));
        Assert.That(_a.Counters[ShimDrop.WrongHandshake], Is.EqualTo(2));
        _a.Receive(Reply(eid, 9, ShimHost.Handshake(1), from: LinkAddress.FromMac(0x02000000CC01)));

        Assert.That(_a.Single<ShimEvent.Opened>().Flow.Route!.Peer, Is.EqualTo(LinkAddress.FromMac(0x02000000CC01)), "a host may answer with another interface");
    }

    [Test]
    public void A_forged_refusal_needs_the_address_that_was_asked()
    {
        Find();
        _a.Allocate(1, ShimHost.Handshake(1));
        var eid = _a.Core.FindFlow(1)!.Eid;

        _a.Receive(Reply(eid, 0, [], response: -1008, from: LinkAddress.FromMac(0x020000000BAD)));
        Assert.That((_a.Counters[ShimDrop.WrongPeer], _a.Events().Count), Is.EqualTo((1L, 0)));
        _a.Receive(Reply(eid, 0, [], response: -1008));

        Assert.That(_a.Single<ShimEvent.Refused>().Error, Is.EqualTo(FlowError.CryptoFailed));
    }

    [TestCase(int.MinValue)]
    [TestCase(5)]
    [TestCase(-10_000)]
    public void A_response_that_is_no_error_number_is_a_failure_of_the_ipcp(int response)
    {
        Find();
        _a.Allocate(1, ShimHost.Handshake(1));
        _a.Receive(Reply(_a.Core.FindFlow(1)!.Eid, 0, [], response: response));

        Assert.That(_a.Single<ShimEvent.Refused>().Error, Is.EqualTo(FlowError.IpcpFailed));
    }

    [Test]
    public void An_acceptance_with_an_id_out_of_range_is_not_taken()
    {
        Find();
        _a.Allocate(1, ShimHost.Handshake(1));
        var eid = _a.Core.FindFlow(1)!.Eid;

        foreach (var peer in llc ? new uint[] { 0, 1, 128, 255 } : [0, 0xFFFF]) _a.Receive(Reply(eid, peer, ShimHost.Handshake(1)));

        Assert.That(_a.Counters[ShimDrop.BadField], Is.EqualTo(llc ? 4 : 2));
        Assert.That((_a.Events().Count, _a.Core.FindFlow(1)!.State), Is.EqualTo((0, ShimFlowState.Pending)));
    }

    [Test]
    public void A_peer_of_the_reference_gets_each_request_once_and_its_replies_late()
    {
        var reference = new ShimHost(Pool, EthernetCapture.ServerMac, llc, new ShimSettings { MakeOffer = false });
        reference.Core.Register(ShimHost.Oping);
        _a.Core.Query(ShimHost.Oping, "q", _a.Now);
        foreach (var frame in _a.Sent()) reference.Receive(frame);
        reference.Advance(2);
        foreach (var frame in reference.Sent()) _a.Receive(frame);
        _a.Allocate(1, ShimHost.Handshake(1));
        Assert.That(_a.Sent(), Has.Count.EqualTo(1));
        for (var i = 0; i < 200; i++) _a.Advance(100);

        Assert.That(_a.Sent(), Is.Empty, "a repeat would be refused with -1009");
        // And the other way round: it asks, we answer after 1 ms at least.
        _a.Core.Register(ShimHost.Oping);
        reference.Core.Query(ShimHost.Oping, "q", reference.Now);
        foreach (var frame in reference.Sent()) _a.Receive(frame);
        _a.Advance(1);
        Assert.That(_a.Sent(), Is.Empty);
        _a.Advance(1);
        Assert.That(_a.Sent(), Has.Count.EqualTo(1));
    }

    [Test]
    public void No_dealloc_is_sent_to_a_peer_of_the_reference()
    {
        var reference = new ShimHost(Pool, EthernetCapture.ServerMac, llc, new ShimSettings { MakeOffer = false });
        reference.Core.Register(ShimHost.Oping);
        _a.Core.Learn(ShimHost.Oping, reference.Own, TimeSpan.FromHours(1), _a.Now);
        _a.Allocate(1, ShimHost.Handshake(1));
        _a.Exchange(reference);
        var request = reference.Single<ShimEvent.RequestArrived>();
        reference.Core.Respond(request.Request, FlowError.None, 7, reference.NewEndpoint(), request.Data, null, reference.Now, out _);
        reference.Advance(2);
        _a.Exchange(reference);
        Assert.That(_a.Core.FindFlow(1)!.PeerIsOurs, Is.False);

        _a.Core.Release(1, TimeSpan.Zero, null, _a.Now);
        _a.Advance(1000);

        Assert.That(_a.Sent(), Is.Empty);
    }

    [Test]
    public void A_flood_from_one_source_is_limited_and_leaves_room_for_others()
    {
        var settings = new ShimSettings();
        for (var i = 0; i < 5000; i++) _b.Receive(Request(1 + (uint)(i % 60), ShimHost.Handshake(i)));

        Assert.That(_b.Core.ArrivedCount, Is.LessThanOrEqualTo(settings.MaxArrived / 2));
        Assert.That(_b.Counters[ShimDrop.RateLimited] + _b.Counters[ShimDrop.TooManyRequests], Is.GreaterThanOrEqualTo(5000 - settings.RequestBurst));
        _b.Events();
        _b.Receive(Request(5, ShimHost.Handshake(9999), LinkAddress.FromMac(0x02000000EE01)));
        Assert.That(_b.Single<ShimEvent.RequestArrived>().Data, Is.EqualTo(ShimHost.Handshake(9999)));
        _b.Advance(60_000);
        _b.Advance(60_000);
        Assert.That((_b.Core.ArrivedCount, _b.Core.RememberedCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_flood_from_made_up_sources_is_bounded()
    {
        for (var i = 0; i < 20_000; i++) _b.Receive(Request(5, ShimHost.Handshake(i), LinkAddress.FromMac(0x020000000000 + (ulong)i)));

        Assert.That(_b.Core.ArrivedCount, Is.LessThanOrEqualTo(new ShimSettings().MaxArrived));
        Assert.That(_b.Counters[ShimDrop.RateLimited] + _b.Counters[ShimDrop.TooManyRequests], Is.GreaterThanOrEqualTo(18_000));
    }

    [Test]
    public void Without_free_ids_requests_are_refused_and_nothing_is_lost()
    {
        if (!llc) Assert.Pass("65,534 ids are more than a test needs; the table is the same");
        Find();
        for (var i = 1; i <= 62; i++) Assert.That(_a.Allocate(i, ShimHost.Handshake(i)), Is.EqualTo(FlowError.None));

        Assert.That(_a.Allocate(63, ShimHost.Handshake(63)), Is.EqualTo(FlowError.BadDescriptor));
        Assert.That(_a.Core.Flows.Select(f => f.Eid).Distinct().Count(), Is.EqualTo(62));
        _a.Core.Release(7, TimeSpan.Zero, null, _a.Now);
        Assert.That(_a.Allocate(64, ShimHost.Handshake(64)), Is.EqualTo(FlowError.BadDescriptor), "ids rest before they are used again");
        _a.Advance(200);
        Assert.That(_a.Allocate(65, ShimHost.Handshake(65)), Is.EqualTo(FlowError.None));
    }

    [Test]
    public void A_handshake_that_does_not_fit_into_a_frame_is_an_error_at_once()
    {
        Find();
        var largest = llc ? 1428 : 1425;

        Assert.That(_a.Allocate(1, new byte[largest + 1]), Is.EqualTo(FlowError.MessageTooLong));
        Assert.That(_a.Core.FlowCount, Is.Zero);
        Assert.That(_a.Allocate(2, new byte[largest]), Is.EqualTo(FlowError.None));
        Assert.That(_a.Sent().Single(f => f.Length > 1000), Has.Length.EqualTo(1514));
    }

    [Test]
    public void A_reply_that_does_not_fit_into_a_frame_is_a_refusal_to_the_peer()
    {
        Find();
        _a.Allocate(1, ShimHost.Handshake(1));
        _a.Exchange(_b);
        var largest = llc ? 1460 : 1457;
        var request = _b.Single<ShimEvent.RequestArrived>();

        Assert.That(_b.Core.Respond(request.Request, FlowError.None, 7, _b.NewEndpoint(), new byte[largest + 1], null, _b.Now, out _), Is.EqualTo(FlowError.MessageTooLong));
        _a.Exchange(_b);
        Assert.That(_a.Single<ShimEvent.Refused>().Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(_b.Core.FlowCount, Is.Zero);
    }

    [Test]
    public void A_new_address_of_the_device_is_used_by_open_flows()
    {
        var (client, _) = Open(1);
        _a.Core.SetLink(LinkAddress.FromMac(0x02000000A1FF), 1500);

        Assert.That(client.Route!.Own, Is.EqualTo(LinkAddress.FromMac(0x02000000A1FF)));
    }

    [Test]
    public void Own_frames_that_come_back_are_dropped()
    {
        _a.Core.Register(ShimHost.Oping);
        _a.Core.Query(ShimHost.Oping, "q", _a.Now);
        foreach (var frame in _a.Sent()) _a.Receive(frame);

        Assert.That((_a.Sent().Count, _a.Counters[ShimDrop.NotForUs]), Is.EqualTo((0, 1L)));
    }

    [Test]
    public void Data_are_taken_from_the_peer_only()
    {
        var (client, server) = Open(1);
        var right = new ShimHeader { Eid = client.Eid, Source = _b.Own, SourceEid = llc ? server.Eid : 0 };

        Assert.That(client.IsFromPeer(right), Is.True);
        Assert.That(client.IsFromPeer(right with { Source = LinkAddress.FromMac(0x020000000BAD) }), Is.False);
        if (llc) Assert.That(client.IsFromPeer(right with { SourceEid = server.Eid == 5 ? 6u : 5u }), Is.False);
    }

    [Test]
    public void The_end_of_a_layer_is_told_to_peers_that_are_ours()
    {
        Open(1);
        _a.Core.Shutdown(_a.Now);
        foreach (var frame in _a.Sent()) _b.Receive(frame);

        Assert.That(_b.Single<ShimEvent.PeerReleased>().Flow.FlowId, Is.EqualTo(1001));
        Assert.That(_a.Core.FlowCount, Is.Zero);
    }

    private void Find() => _a.Find(_b, ShimHost.Oping);

    private (ShimFlow Client, ShimFlow Server) Open(int flowId)
    {
        Find();
        Assert.That(_a.Allocate(flowId, ShimHost.Handshake(flowId)), Is.EqualTo(FlowError.None));
        _a.Exchange(_b);
        var request = _b.Single<ShimEvent.RequestArrived>();
        Assert.That(request.Data, Is.EqualTo(ShimHost.Handshake(flowId)));
        Assert.That(_b.Core.Respond(request.Request, FlowError.None, 1000 + flowId, _b.NewEndpoint(), request.Data, null, _b.Now, out var server), Is.EqualTo(FlowError.None));
        _a.Exchange(_b);
        return (_a.Single<ShimEvent.Opened>().Flow, server!);
    }

    private void Carry(Random random, double loss, int milliseconds)
    {
        foreach (var frame in _a.Sent().Where(_ => random.NextDouble() >= loss)) _b.Receive(frame);
        foreach (var frame in _b.Sent().Where(_ => random.NextDouble() >= loss)) _a.Receive(frame);
        _a.Advance(milliseconds);
        _b.Advance(milliseconds);
    }

    private byte[] Request(uint eid, byte[] data, LinkAddress? from = null) => Frame(
        new ShimMessage { Kind = ShimMessageKind.FlowRequest, Requester = eid + 1, Hash = ShimHost.Oping.Span, Data = data, Qos = QosSpec.Raw },
        from ?? _a.Own, _b.Own);

    private byte[] Reply(uint requester, uint responder, byte[] data, int response = 0, LinkAddress? from = null) => Frame(
        new ShimMessage { Kind = ShimMessageKind.FlowReply, Requester = requester, Responder = responder, Data = data, Response = response },
        from ?? _b.Own, _a.Own);

    private byte[] Frame(ShimMessage message, LinkAddress from, LinkAddress to)
    {
        using var packet = Pool.Rent(_a.Codec.LengthOf(message));
        _a.Codec.Write(message, packet.Span);
        Assert.That(_a.Codec.TrySealManagement(packet, from, to), Is.True);
        Assert.That(EthernetHeader.Source(packet.Span), Is.EqualTo(from));
        return packet.Span.ToArray();
    }
}
