using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Connections.Wire;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Enrolment;
using Ouroboros.Layers.Unicast.Enrolment.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Enrolment;

/// <summary>Both sides of enrolment, without flows or time of their own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EnrolmentTests : IEnrolmentOutput, IDisposable
{
    private static readonly DateTimeOffset s_clock = DateTimeOffset.FromUnixTimeSeconds(1795216534);

    private readonly PacketPool _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
    private readonly EnrolmentCounters _counters = new();
    private readonly Dictionary<int, List<byte[]>> _sent = [];
    private readonly HashSet<int> _released = [];
    private readonly EnrolmentServer _server;
    private TimeSpan _now = TimeSpan.FromSeconds(5);
    private int _lastFlow;

    public EnrolmentTests() => _server = new EnrolmentServer(new EnrolmentSettings(), _counters, this)
    {
        Offer = UnicastEnrolment.Instance.Write(new UnicastConfig(new LayerInfo("net", DirectoryHash.Sha3_256)), 1562347055),
    };

    public void Dispose() => _pool.Dispose();

    [Test]
    public void The_captured_enrolment_is_served_byte_for_byte()
    {
        var flow = Serve();
        Receive(flow, Messages.Get("oep-request"));
        var captured = Messages.All.Single(m => m.Name == "oep-response-defaults");
        Assert.That(EnrolmentResponse.TryParse(_sent[flow].Single(), out var response), Is.True);
        Assert.That(ConfigMessage.TryParse(response.Config, out var config), Is.True);
        Assert.That(EnrolmentResponse.Write(response.Id, 1795216534, 608734575, response.Response, config), Is.EqualTo(captured.Bytes), "but for the time");
        Assert.That(_released, Is.Empty);
        Receive(flow, Messages.Get("oep-ack"));
        Assert.That(_released, Does.Contain(flow));
        Assert.That(_counters.Completed, Is.EqualTo(1));
        Assert.That(_server.Count, Is.Zero);
    }

    [Test]
    public void Peer_is_always_the_member_that_answers()
    {
        var config = Join(Messages.Get("oep-response-defaults"));
        Assert.That(config.Directory.Peer, Is.EqualTo(1562347055));
        var handedOn = UnicastEnrolment.Instance.Write(config, 42);
        Assert.That(handedOn.Unicast!.Dht!.Peer, Is.EqualTo(42), "the second generation finds the directory through its own enroller");
        Assert.That(handedOn with { Unicast = handedOn.Unicast with { Dht = handedOn.Unicast.Dht with { Peer = 1562347055 } } }, Is.EqualTo(_server.Offer));
    }

    [Test]
    public void Captured_configurations_are_read_with_all_they_say()
    {
        var config = Join(Messages.Get("oep-response-lfa-sha512"));
        Assert.That(config.Layer, Is.EqualTo(new LayerInfo("lay-a", DirectoryHash.Sha3_512)));
        Assert.That((config.MaxTtl, config.Congestion, config.Routing.Policy), Is.EqualTo(((byte)255, 0, 1)));
        Assert.That((config.Routing.Recalculate, config.Routing.Update, config.Routing.Timeout), Is.EqualTo((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(1200))));
        var dht = ((DhtConfig)config.Directory).Options;
        Assert.That((dht.Alpha, dht.K, dht.KeyLength), Is.EqualTo((10, 20, 64)));
        Assert.That(Join(Messages.Get("oep-response-ecmp-sha224")).Routing.Policy, Is.EqualTo(2));
        Assert.That(Join(Messages.Get("oep-response-sha384")).Layer.Hash, Is.EqualTo(DirectoryHash.Sha3_384));
    }

    private static IEnumerable<TestCaseData> BadResponses()
    {
        var good = UnicastEnrolment.Instance.Write(new UnicastConfig(new LayerInfo("net", DirectoryHash.Sha3_256)), 7);
        var u = good.Unicast!;
        yield return Case("addresses of 8 bytes", EnrolmentFailure.BadConfig, good with { Unicast = u with { AddressSize = 8 } });
        yield return Case("an unknown hash", EnrolmentFailure.BadConfig, good with { HashAlgorithm = 4 });
        yield return Case("no parameters of a unicast layer", EnrolmentFailure.BadConfig, good with { Unicast = null });
        yield return Case("no parameters of routing", EnrolmentFailure.BadConfig, good with { Unicast = u with { LinkState = null } });
        yield return Case("no parameters of the directory", EnrolmentFailure.BadConfig, good with { Unicast = u with { Dht = null } });
        yield return Case("an unknown routing policy", EnrolmentFailure.BadConfig, good with { Unicast = u with { Routing = 1 } });
        yield return Case("an unknown link-state policy", EnrolmentFailure.BadConfig, good with { Unicast = u with { LinkState = u.LinkState! with { Policy = 3 } } });
        yield return Case("an unknown directory policy", EnrolmentFailure.BadConfig, good with { Unicast = u with { Directory = 1 } });
        yield return Case("an unknown address authority", EnrolmentFailure.BadConfig, good with { Unicast = u with { AddressAuthority = 1 } });
        yield return Case("an unknown congestion policy", EnrolmentFailure.BadConfig, good with { Unicast = u with { Congestion = 2 } });
        yield return Case("another kind of layer", EnrolmentFailure.WrongType, good with { Type = 2, Unicast = null });
        yield return Case("no configuration", EnrolmentFailure.BadConfig, null);

        static TestCaseData Case(string what, EnrolmentFailure failure, ConfigMessage? config) => new TestCaseData(failure, config).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(BadResponses))]
    public void A_response_with(EnrolmentFailure failure, ConfigMessage? config)
    {
        var enrolee = Ask(out var id);
        var result = enrolee.Receive(EnrolmentResponse.Write(id, s_clock, 0, config), s_clock, _now);
        Assert.That(result.Failure, Is.EqualTo(failure));
        Assert.That(result.Config, Is.Null);
        Assert.That(result.Reason, Does.Contain("'n1'"));
        Assert.That(enrolee.Receive(EnrolmentResponse.Write(id, s_clock, 0, _server.Offer), s_clock, _now), Is.EqualTo(default(EnroleeResult)), "it is over");
    }

    [Test]
    public void Another_id_a_denial_and_nonsense_are_failures()
    {
        Assert.That(Ask(out _).Receive(EnrolmentResponse.Write(new byte[8], s_clock, 0, _server.Offer), s_clock, _now).Failure, Is.EqualTo(EnrolmentFailure.WrongId));
        Assert.That(Ask(out _).Receive(EnrolmentResponse.Write(new byte[2], s_clock, 0, _server.Offer), s_clock, _now).Failure, Is.EqualTo(EnrolmentFailure.WrongId));
        Assert.That(Ask(out var id).Receive(EnrolmentResponse.Write(id, s_clock, -1, null), s_clock, _now).Failure, Is.EqualTo(EnrolmentFailure.Denied));
        Assert.That(Ask(out _).Receive([0xff, 0xff], s_clock, _now).Failure, Is.EqualTo(EnrolmentFailure.Malformed));
        Assert.That(Ask(out _).Receive(new byte[1025], s_clock, _now).Failure, Is.EqualTo(EnrolmentFailure.Malformed));
    }

    [Test]
    public void Keep_alives_are_passed_over_and_silence_ends_it_at_each_step()
    {
        var enrolee = new Enrolee(UnicastEnrolment.Instance, new EnrolmentSettings(), "n1", new Random(1), _now);
        Assert.That(enrolee.Deadline, Is.EqualTo(_now + TimeSpan.FromSeconds(1)));
        Assert.That(enrolee.Receive([], s_clock, _now), Is.EqualTo(default(EnroleeResult)));
        enrolee.Receive(Messages.Get("cep-enrolment"), s_clock, _now);
        Assert.That(enrolee.Deadline, Is.EqualTo(_now + TimeSpan.FromSeconds(5)));
        Assert.That(enrolee.OnSilence().Failure, Is.EqualTo(EnrolmentFailure.Silent));
    }

    [Test]
    public void The_acknowledgement_says_whether_the_components_run()
    {
        var enrolee = Ask(out var id);
        Assert.That(enrolee.Confirm(done: true), Is.EqualTo(EnrolmentAck.Write(id, 0)));
        Assert.That(EnrolmentAck.TryParse(enrolee.Confirm(done: false), out var ack), Is.True);
        Assert.That(ack.Result, Is.Negative);
    }

    [TestCase(0, false)]
    [TestCase(3, true)]
    public void Clocks_that_differ_are_noticed(int seconds, bool warns)
    {
        var enrolee = Ask(out var id);
        enrolee.Receive(EnrolmentResponse.Write(id, s_clock.AddSeconds(seconds), 0, _server.Offer), s_clock, _now);
        Assert.That(enrolee.ClockOffset > new EnrolmentSettings().ClockTolerance, Is.EqualTo(warns));
        var odd = Ask(out id);
        Assert.That(odd.Receive(EnrolmentResponse.Write(id, long.MaxValue, -1, 0, _server.Offer), s_clock, _now).Config, Is.Not.Null, "nonsense is no error");
    }

    [Test]
    public void A_silent_enrolee_holds_nobody_up_and_ends_after_its_time()
    {
        var silent = Serve();
        var slow = Serve();
        Receive(slow, Messages.Get("oep-request"));
        for (var i = 0; i < 10; i++)
        {
            var flow = Serve();
            Receive(flow, Messages.Get("oep-request"));
            Receive(flow, []);
            Receive(flow, Messages.Get("oep-ack"));
            Assert.That(_released, Does.Contain(flow));
        }
        Pass(TimeSpan.FromSeconds(5));
        Assert.That(_released, Does.Contain(silent).And.Not.Contain(slow));
        Pass(TimeSpan.FromSeconds(15));
        Assert.That(_released, Does.Contain(slow));
        Assert.That(_counters[EnrolmentFailure.Silent], Is.EqualTo(2));
        Assert.That(_server.Deadline, Is.EqualTo(TimeSpan.MaxValue));
    }

    [Test]
    public void Bad_requests_and_acknowledgements_end_without_an_answer_and_are_counted()
    {
        var request = Serve();
        Receive(request, [0x0a, 0x02, 1, 2]);
        Assert.That(_sent.ContainsKey(request), Is.False, "silently, as the reference");
        var ack = Serve();
        Receive(ack, Messages.Get("oep-request"));
        Receive(ack, [0xff]);
        var failed = Serve();
        Receive(failed, Messages.Get("oep-request"));
        Receive(failed, EnrolmentAck.Write(new byte[8], -5));
        var other = Serve();
        Receive(other, Messages.Get("oep-request"));
        Receive(other, EnrolmentAck.Write(new byte[8], 0));
        var lost = Serve();
        Receive(lost, Messages.Get("oep-request"));
        _server.OnFlowEnded(lost);
        Assert.That(
            (_counters[EnrolmentFailure.Malformed], _counters[EnrolmentFailure.FailedThere], _counters[EnrolmentFailure.WrongId], _counters[EnrolmentFailure.FlowEnded], _counters.Completed),
            Is.EqualTo((2L, 1L, 1L, 1L, 1L)));
        Assert.That(_released, Has.Count.EqualTo(5));
    }

    [Test]
    public void As_many_as_may_are_served_and_nobody_before_there_is_a_layer()
    {
        for (var i = 0; i < 1000; i++) Serve();
        Assert.That(_server.Count, Is.EqualTo(new EnrolmentSettings().MaxServed));
        Assert.That(_counters[EnrolmentFailure.TooMany], Is.EqualTo(1000 - _server.Count));
        _server.Stop();
        Assert.That(_released, Has.Count.EqualTo(1000));

        _server.Offer = null;
        var flow = Serve();
        Receive(flow, Messages.Get("oep-request"));
        Assert.That(EnrolmentResponse.TryParse(_sent[flow].Single(), out var response) && response is { Response: < 0, HasConfig: false }, Is.True);
    }

    [Test]
    public void A_hundred_thousand_mutations_of_each_message_leave_both_sides_sound()
    {
        var buffer = new byte[256];
        foreach (var message in Messages.All.Where(m => m.Kind != "cep_msg"))
        {
            var random = new Random(message.Bytes.Length);
            for (var i = 0; i < 100_000; i++)
            {
                var length = MessageMutator.Mutate(message.Bytes, buffer, random);
                if (message.Kind == "enroll_resp_msg")
                {
                    var enrolee = Ask(out var id);
                    // The right id, so that what lies behind it is looked at.
                    if (length > 10) id.CopyTo(buffer, 2);
                    var result = enrolee.Receive(buffer.AsSpan(0, length), s_clock, _now);
                    if (result.Config is UnicastConfig config) Assert.That(config.AddressSize, Is.EqualTo(4));
                    continue;
                }
                var flow = Serve();
                if (message.Kind == "enroll_ack_msg") Receive(flow, Messages.Get("oep-request"));
                Receive(flow, buffer[..length]);
                Pass(TimeSpan.FromSeconds(21));
                Assert.That(_server.Count, Is.Zero);
                _sent.Clear();
                _released.Clear();
            }
        }
    }

    bool IEnrolmentOutput.Send(LowerFlow flow, ReadOnlySpan<byte> message)
    {
        if (!_sent.TryGetValue(flow.Id, out var list)) _sent.Add(flow.Id, list = []);
        list.Add(message.ToArray());
        return true;
    }

    void IEnrolmentOutput.Listen(LowerFlow flow)
    {
    }

    void IEnrolmentOutput.Release(LowerFlow flow) => Assert.That(_released.Add(flow.Id), Is.True, "released twice");

    private int Serve()
    {
        var flow = new LowerFlow(++_lastFlow, new FlowEndpoint(_pool, TimeProvider.System), QosSpec.Raw, () => { });
        _server.Serve(flow, _now);
        return flow.Id;
    }

    private void Receive(int flow, byte[] data) => _server.Receive(flow, data, s_clock, _now);

    private void Pass(TimeSpan time)
    {
        _now += time;
        _server.Tick(_now);
    }

    /// <summary>An enrolee that has asked, and its id.</summary>
    private Enrolee Ask(out byte[] id)
    {
        var enrolee = new Enrolee(UnicastEnrolment.Instance, new EnrolmentSettings(), "n1", new Random(1), _now);
        Assert.That(Enrolee.Begin(), Is.EqualTo(Messages.Get("cep-enrolment")));
        var asked = enrolee.Receive(Messages.Get("cep-enrolment"), s_clock, _now);
        id = enrolee.Id.ToArray();
        Assert.That(asked.Reply, Is.EqualTo(EnrolmentRequest.Write(id)));
        return enrolee;
    }

    private UnicastConfig Join(byte[] captured)
    {
        var enrolee = Ask(out var id);
        id.CopyTo(captured.AsSpan(2));
        var result = enrolee.Receive(captured, s_clock, _now);
        Assert.That(result.Reason, Is.Null);
        return (UnicastConfig)result.Config!;
    }
}
