using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet.Wire;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;

namespace Ouroboros.Tests.Layers.Ethernet;

/// <summary>
/// Captures of the reference played to our core, as its server and as its client. Our endpoint ids are random, so they are put where the
/// capture has the reference's; everything else must be equal byte for byte. The offer is off, as the reference makes none.
/// </summary>
public class ReplayTests : PoolTest
{
    private static readonly ShimSettings NoOffer = new() { MakeOffer = false };

    private static IEnumerable<TestCaseData> Allocations()
    {
        foreach (var folder in new[] { "eth-dix", "eth-llc" })
        {
            foreach (var name in new[] { "alloc-ping-dealloc", "qos-voice", "qos-best-frct", "qos-video", "qos-distinct-keepalive", "rejected", "mtu-limit", "no-acceptor" })
            {
                if (folder == "eth-llc" && name is "qos-video" or "no-acceptor") continue;
                yield return new TestCaseData(folder, name + ".pcap").SetArgDisplayNames($"{folder}/{name}");
            }
        }
        foreach (var name in new[] { "oping-eth-dix", "oping-early-burst", "oping-qos-data", "oecho-eth-dix", "operf-eth-dix", "operf-intended", "ocbr-eth-dix", "obc-broadcast", "ovpn-eth-dix" })
        {
            yield return new TestCaseData("tools", name + ".pcap").SetArgDisplayNames($"tools/{name}");
        }
    }

    [TestCaseSource(nameof(Allocations))]
    public void As_server_we_answer_what_the_reference_answered(string folder, string name)
    {
        var (clientMac, serverMac) = Ends(folder, name);
        var server = new ShimHost(Pool, serverMac, folder == "eth-llc", NoOffer);
        var frames = ManagementFrames(server, folder, name);
        foreach (var message in frames.Select(f => Parse(server, f)).Where(m => m.Kind is ShimMessageKind.NameQuery or ShimMessageKind.FlowRequest)) server.Core.Register(message.Name);
        var flowId = 0;
        var compared = 0;
        foreach (var frame in frames)
        {
            if (EthernetHeader.Source(frame) == clientMac)
            {
                server.Receive(frame);
                continue;
            }
            var captured = Parse(server, frame);
            if (server.Events().OfType<ShimEvent.RequestArrived>().LastOrDefault() is { } request)
            {
                var accept = captured.Response == 0;
                var error = server.Core.Respond(
                    request.Request, (FlowError)(-captured.Response), ++flowId, accept ? server.NewEndpoint() : null, captured.Data, null, server.Now, out var flow);
                Assert.That(error, Is.EqualTo(FlowError.None));
                Assert.That(flow is not null, Is.EqualTo(accept));
            }
            Assert.That(server.Sent(), Is.Empty, "replies to the reference are held back for at least 1 ms");
            server.Advance(5);
            var sent = server.Sent();
            Assert.That(sent, Has.Count.EqualTo(1));
            var ours = Parse(server, sent[0]);
            Assert.That(WithResponder(server, sent[0], captured.Responder), Is.EqualTo(frame));
            if (captured.Kind == ShimMessageKind.FlowReply && captured.Response == 0) Assert.That(ours.Responder, Is.InRange(server.Codec.FirstEid, server.Codec.LastEid));
            compared++;
        }
        Assert.That(compared, Is.Positive);
        Assert.That(server.Counters.Total, Is.Zero);
    }

    [TestCaseSource(nameof(Allocations))]
    public void As_client_we_ask_what_the_reference_asked(string folder, string name)
    {
        var (clientMac, serverMac) = Ends(folder, name);
        var client = new ShimHost(Pool, clientMac, folder == "eth-llc", NoOffer);
        var frames = ManagementFrames(client, folder, name);
        var asked = new Dictionary<uint, uint>();
        var flowId = 0;
        for (var i = 0; i < frames.Count; i++)
        {
            var captured = Parse(client, frames[i]);
            switch (captured.Kind)
            {
                case ShimMessageKind.NameQuery:
                    client.Core.Query(captured.Name, "q", client.Now);
                    Assert.That(client.Sent(), Is.EqualTo(new[] { frames[i] }));
                    break;
                case ShimMessageKind.NameReply:
                    client.Receive(frames[i]);
                    Assert.That(client.Single<ShimEvent.QueryAnswered>().Found, Is.True);
                    break;
                case ShimMessageKind.FlowRequest:
                    if (client.Core.DirectoryCount == 0) client.Core.Learn(captured.Name, serverMac, TimeSpan.FromHours(1), client.Now);
                    Assert.That(client.Core.Allocate(++flowId, client.NewEndpoint(), captured.Name, captured.Qos, captured.Data, null, client.Now), Is.EqualTo(FlowError.None));
                    var sent = client.Sent().Single();
                    var eid = Parse(client, sent).Requester;
                    asked[captured.Requester] = eid;
                    Assert.That(WithRequester(client, sent, captured.Requester), Is.EqualTo(frames[i]));
                    break;
                case ShimMessageKind.FlowReply:
                    client.Receive(WithRequester(client, frames[i], asked[captured.Requester]));
                    if (captured.Response == 0)
                    {
                        var opened = client.Single<ShimEvent.Opened>();
                        Assert.That(opened.Data, Is.EqualTo(captured.Data));
                        Assert.That(opened.Flow.Route!.PeerEid, Is.EqualTo(captured.Responder));
                        Assert.That(opened.Flow.Route!.Peer, Is.EqualTo(serverMac));
                    }
                    else
                    {
                        Assert.That((int)client.Single<ShimEvent.Refused>().Error, Is.EqualTo(-captured.Response));
                    }
                    break;
            }
        }
        Assert.That(flowId, Is.Positive);
        Assert.That(client.Counters.Total, Is.Zero);
    }

    [TestCase("eth-dix")]
    [TestCase("eth-llc")]
    public void A_name_that_nobody_has_is_asked_for_as_the_reference_does_and_left_without_an_answer(string folder)
    {
        var frame = EthernetCapture.Read(folder, "unknown-name.pcap").First();
        var client = new ShimHost(Pool, EthernetCapture.ClientMac, folder == "eth-llc", NoOffer);
        client.Core.Query(Parse(client, frame).Name, "q", client.Now);
        Assert.That(client.Sent(), Is.EqualTo(new[] { frame }));

        var server = new ShimHost(Pool, EthernetCapture.ServerMac, folder == "eth-llc", NoOffer);
        server.Receive(frame);
        server.Advance(5000);
        Assert.That((server.Sent().Count, server.Events().Count), Is.EqualTo((0, 0)));
    }

    [TestCase("eth-dix", "server-race-bad-reply.pcap")]
    [TestCase("tools", "flow-reply-to-zero-mac.pcap")]
    public void A_reply_of_the_reference_s_race_opens_the_flow_all_the_same(string folder, string name)
    {
        var frames = EthernetCapture.Read(folder, name);
        var client = new ShimHost(Pool, EthernetHeader.Source(frames[0]), settings: NoOffer);
        var request = Parse(client, frames[0]);
        var reply = Parse(client, frames[1]);
        Assert.That((EthernetHeader.Destination(frames[1]), reply.Requester), Is.EqualTo((LinkAddress.ZeroMac, 0xFFFFu)));
        client.Core.Learn(request.Name, EthernetHeader.Source(frames[1]), TimeSpan.FromHours(1), client.Now);
        client.Allocate(1, request.Data, request.Name);

        client.Receive(frames[1]);

        var opened = client.Single<ShimEvent.Opened>();
        Assert.That(opened.Flow.Route!.PeerEid, Is.EqualTo(reply.Responder));
        Assert.That(client.Counters.Total, Is.Zero);
    }

    [Test]
    public void A_query_reply_that_comes_after_0_3_ms_is_not_lost()
    {
        var frames = EthernetCapture.Read("eth-dix", "query-lost-wakeup.pcap");
        var client = new ShimHost(Pool, EthernetCapture.ClientMac, settings: NoOffer);
        client.Core.Query(Parse(client, frames[0]).Name, "q", client.Now);
        client.Advance(TimeSpan.FromMilliseconds(0.3));

        client.Receive(frames[1]);

        Assert.That(client.Single<ShimEvent.QueryAnswered>().Found, Is.True);
    }

    [Test]
    public void An_unsolicited_query_reply_is_not_believed()
    {
        var frames = EthernetCapture.Read("eth-dix", "unsolicited-reply.pcap");
        var client = new ShimHost(Pool, EthernetCapture.ClientMac, settings: NoOffer);

        client.Receive(frames[6]);

        Assert.That(client.Core.DirectoryCount, Is.Zero);
        Assert.That(client.Counters[ShimDrop.UnaskedNameReply], Is.EqualTo(1));
    }

    [Test]
    public void A_repeated_request_is_not_answered_a_second_time()
    {
        var frames = EthernetCapture.Read("eth-dix", "duplicate-flow-req.pcap");
        var server = new ShimHost(Pool, EthernetCapture.ServerMac, settings: NoOffer);
        server.Core.Register(ShimHost.Oping);
        server.Receive(frames[2]);
        server.Core.Respond(server.Single<ShimEvent.RequestArrived>().Request, FlowError.None, 1, server.NewEndpoint(), new byte[84], null, server.Now, out _);
        server.Advance(5);
        Assert.That(server.Sent(), Has.Count.EqualTo(1));

        server.Receive(frames[50]);
        server.Advance(5000);

        Assert.That(frames[50], Is.EqualTo(frames[2]));
        Assert.That(server.Sent(), Is.Empty);
        Assert.That(server.Events(), Is.Empty);
        Assert.That(server.Counters[ShimDrop.DuplicateRequest], Is.EqualTo(1));
    }

    /// <summary>Who asks, and who is asked: the first request says so.</summary>
    private static (LinkAddress Client, LinkAddress Server) Ends(string folder, string name)
    {
        var codec = new ShimHost(null!, LinkAddress.ZeroMac, folder == "eth-llc").Codec;
        var request = EthernetCapture.Read(folder, name).First(f => CapturedMessage.Parse(codec, f)?.Kind == ShimMessageKind.FlowRequest);
        return (EthernetHeader.Source(request), EthernetHeader.Destination(request));
    }

    private static List<byte[]> ManagementFrames(ShimHost host, string folder, string name) =>
        [.. EthernetCapture.Read(folder, name).Where(f => Parse(host, f) is not null)];

    private static CapturedMessage Parse(ShimHost host, byte[] frame) => CapturedMessage.Parse(host.Codec, frame)!;

    private static byte[] WithRequester(ShimHost host, byte[] frame, uint requester) => Change(host, frame, requester, null);

    private static byte[] WithResponder(ShimHost host, byte[] frame, uint responder) => Change(host, frame, null, responder);

    private static byte[] Change(ShimHost host, byte[] frame, uint? requester, uint? responder)
    {
        var changed = frame.ToArray();
        var bytes = changed.AsSpan(host.Codec.HeaderLength);
        if (!host.Codec.TryParse(bytes, out var message, out _)) Assert.Fail("no message");
        message.Requester = requester ?? message.Requester;
        message.Responder = responder ?? message.Responder;
        var written = new byte[host.Codec.LengthOf(message)];
        host.Codec.Write(message, written);
        written.CopyTo(bytes);
        return changed;
    }
}
