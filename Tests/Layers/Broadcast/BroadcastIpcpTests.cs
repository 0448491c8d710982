using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Broadcast;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Broadcast;

/// <summary>Broadcast IPCPs as actors over flows of this process: bootstrap, enrolment, connections, joins, loops, kills.</summary>
public sealed class BroadcastIpcpTests : PoolTest
{
    private static readonly TimeSpan s_limit = Patience.Limit;

    private readonly Dictionary<string, LowerLayer> _lower = [];
    private readonly Dictionary<string, IActorRef> _ipcps = [];
    private readonly List<FlowEndpoint> _endpoints = [];
    private ActorSystem _system = null!;
    private long _lastCommand;
    private int _lastFlow;

    [SetUp]
    public void Make()
    {
        _lower.Clear();
        _ipcps.Clear();
        _endpoints.Clear();
        _system = ActorSystem.Create("broadcast");
    }

    [TearDown]
    public async Task EndAsync()
    {
        await _system.Terminate();
        foreach (var endpoint in _endpoints) endpoint.Close();
    }

    [Test]
    public async Task A_member_enrols_connects_and_everybody_who_joined_hears_everybody_else()
    {
        await LineAsync("b1", "b2", "b3");
        var (one, two, three) = (await JoinAsync("b1"), await JoinAsync("b2"), await JoinAsync("b3"));
        Assert.That(HubRig.Write(one, "from 1"), Is.EqualTo(FlowError.None));
        await HearsAsync(two, "from 1");
        await HearsAsync(three, "from 1");
        Assert.That(HubRig.Write(three, "from 3"), Is.EqualTo(FlowError.None));
        await HearsAsync(one, "from 3");
        Assert.That(HubRig.Read(three), Is.Empty);
    }

    [Test]
    public async Task Flows_that_it_asks_for_have_no_keepalives_at_which_a_reference_member_would_stop()
    {
        await LineAsync("b1", "b2");
        Assert.That(_lower["b2"].Asked[^1].Timeout, Is.Zero);
    }

    [Test]
    public async Task Another_name_is_not_joined_and_other_commands_are_not_supported()
    {
        await LineAsync("b1");
        var endpoint = NewEndpoint();
        var wrong = await _ipcps["b1"].Ask<IpcpProtocol.FlowReply>(new IpcpProtocol.JoinFlow(++_lastFlow, endpoint, NameHash.Of(DirectoryHash.Sha3_256, "other")), s_limit);
        Assert.That(wrong.Response, Is.EqualTo(FlowError.NameUnknown));
        var allocated = await _ipcps["b1"].Ask<IpcpProtocol.FlowReply>(
            new IpcpProtocol.AllocateFlow(++_lastFlow, endpoint, QosSpec.Raw, NameHash.Of(DirectoryHash.Sha3_256, "x"), default), s_limit);
        Assert.That(allocated.Response, Is.EqualTo(FlowError.NotSupported));
        var management = await CommandAsync("b1", id => new IpcpProtocol.Connect(id, "b1", ComponentNames.Management, QosSpec.Raw));
        Assert.That(management.Error, Is.EqualTo(FlowError.NotPermitted));
    }

    [Test]
    public async Task Who_leaves_hears_nothing_and_a_disconnected_member_neither()
    {
        await LineAsync("b1", "b2");
        var (one, two) = (await JoinAsync("b1"), await JoinAsync("b2"));
        HubRig.Write(one, "x");
        await HearsAsync(two, "x");
        Assert.That((await CommandAsync("b2", id => new IpcpProtocol.Disconnect(id, "b1", ComponentNames.DataTransfer))).Error, Is.EqualTo(FlowError.None));
        await Patience.UntilAsync(async () => (await StatusAsync("b2")).Connections.Count == 0 && (await StatusAsync("b1")).Connections.Count == 0);
        await GivenAsync("b1", "b2");
        HubRig.Write(one, "y");
        Assert.That(HubRig.Read(two), Is.Empty);
        one.Close();
        await Patience.UntilAsync(async () => (await StatusAsync("b1")).Joined == 0);
    }

    [Test]
    public async Task A_loop_is_seen_and_what_goes_round_is_dropped()
    {
        await LineAsync("b1", "b2", "b3");
        await ConnectAsync("b3", "b1");
        var one = await JoinAsync("b1");
        HubRig.Write(one, "round and round");
        await Patience.UntilAsync(async () =>
        {
            var seen = 0L;
            foreach (var name in _ipcps.Keys) seen += (await StatusAsync(name)).Counters!.Loops;
            return seen > 0;
        });
        HubRig.Read(one);
    }

    [Test]
    public async Task Its_connection_manager_can_be_killed_without_anybody_noticing()
    {
        await LineAsync("b1", "b2");
        var (one, two) = (await JoinAsync("b1"), await JoinAsync("b2"));
        _system.ActorSelection("/user/b1/connections").Tell(Kill.Instance);
        _system.ActorSelection("/user/b2/enrolment").Tell(Kill.Instance);
        for (var n = 0; n < 20; n++)
        {
            HubRig.Write(one, $"{n}");
            await HearsAsync(two, $"{n}");
        }
        await MakeAsync("b4");
        Assert.That((await CommandAsync("b4", id => new IpcpProtocol.Enroll(id, "b2"))).Error, Is.EqualTo(FlowError.None));
    }

    [Test]
    public void Options_are_read_and_wrong_ones_refused_with_their_path()
    {
        var config = (BroadcastConfig)new BroadcastKind().ReadConfig("group", new HoconReader(HoconDocument.ParseString("max_packet = 9000, loop_guard = off")));
        Assert.That((config.Layer.Name, config.Layer.Hash, config.MaxPacketSize, config.LoopGuard), Is.EqualTo(("group", DirectoryHash.Sha3_256, 9000, false)));
        Assert.That(() => new BroadcastKind().ReadConfig("group", new HoconReader(HoconDocument.ParseString("max_packet = 0"))), Throws.InstanceOf<HoconException>().With.Message.Contains("max_packet"));
    }

    private async Task LineAsync(params string[] names)
    {
        foreach (var name in names) await MakeAsync(name);
        var config = new BroadcastConfig(new LayerInfo("bc", DirectoryHash.Sha3_256));
        Assert.That((await CommandAsync(names[0], id => new IpcpProtocol.Bootstrap(id, config))).Error, Is.EqualTo(FlowError.None));
        for (var n = 1; n < names.Length; n++)
        {
            var answer = await CommandAsync(names[n], id => new IpcpProtocol.Enroll(id, names[n - 1]));
            Assert.That((answer.Error, answer.Layer?.Name), Is.EqualTo((FlowError.None, "bc")), answer.Reason);
            await ConnectAsync(names[n], names[n - 1]);
        }
    }

    private async Task ConnectAsync(string from, string to)
    {
        var (before, there) = ((await StatusAsync(from)).Connections.Count, (await StatusAsync(to)).Connections.Count);
        var answer = await CommandAsync(from, id => new IpcpProtocol.Connect(id, to, ComponentNames.DataTransfer, QosSpec.Raw));
        Assert.That(answer.Error, Is.EqualTo(FlowError.None), answer.Reason);
        await Patience.UntilAsync(async () => (await StatusAsync(from)).Connections.Count > before && (await StatusAsync(to)).Connections.Count > there);
        await GivenAsync(from, to);
    }

    /// <summary>
    /// Once more round each: what is in the table of connections has been given to data transfer, too. Who notes it there tells the IPCP of it a moment later.
    /// </summary>
    private async Task GivenAsync(params string[] names)
    {
        foreach (var name in names)
        {
            await _system.ActorSelection($"/user/{name}/connections").Ask<ActorIdentity>(new Identify(0), s_limit);
            await StatusAsync(name);
        }
    }

    private async Task MakeAsync(string name)
    {
        var lower = _lower[name] = new LowerLayer(this);
        var context = new IpcpContext(_ipcps.Count + 1, name, ActorRefs.Nobody, TimeProvider.System, Pool, 1) { Lower = lower };
        _ipcps[name] = _system.ActorOf(new BroadcastKind().CreateProps(context), name);
        await StatusAsync(name);
    }

    private async Task<FlowEndpoint> JoinAsync(string at)
    {
        var endpoint = NewEndpoint();
        var reply = await _ipcps[at].Ask<IpcpProtocol.FlowReply>(new IpcpProtocol.JoinFlow(++_lastFlow, endpoint, NameHash.Of(DirectoryHash.Sha3_256, "bc")), s_limit);
        Assert.That((reply.Response, reply.Mpl), Is.EqualTo((FlowError.None, BroadcastIpcp.Mpl)));
        return endpoint;
    }

    private Task<IpcpProtocol.Answer> CommandAsync(string at, Func<long, IpcpProtocol.Command> command) =>
        _ipcps[at].Ask<IpcpProtocol.Answer>(command(++_lastCommand), s_limit);

    private Task<BroadcastProtocol.Status> StatusAsync(string at) => _ipcps[at].Ask<BroadcastProtocol.Status>(BroadcastProtocol.GetStatus.Instance, s_limit);

    private Task HearsAsync(FlowEndpoint endpoint, string text) => Patience.UntilAsync(async () =>
    {
        await StatusAsync(_ipcps.Keys.First());
        return HubRig.Read(endpoint) == text;
    });

    private FlowEndpoint NewEndpoint()
    {
        var endpoint = new FlowEndpoint(Pool, TimeProvider.System) { Qos = QosSpec.Np1 };
        lock (_endpoints) _endpoints.Add(endpoint);
        return endpoint;
    }

    /// <summary>The layers below an IPCP: flows of this process to the IPCP with that name.</summary>
    private sealed class LowerLayer(BroadcastIpcpTests test) : ILowerFlows
    {
        // An IPCP begins to accept in an actor of its own, some time after it was made.
        private TaskCompletionSource<Action<LowerFlow>> _accepting = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<QosSpec> Asked { get; } = [];

        public async Task<LowerFlow> AllocateAsync(string name, QosSpec qos, TimeSpan timeout, CancellationToken cancellationToken)
        {
            lock (Asked) Asked.Add(qos);
            if (!test._lower.TryGetValue(name, out var to)) throw new FlowException(FlowError.NameUnknown, $"nobody is called {name}");
            var accepted = await to._accepting.Task.WaitAsync(timeout, cancellationToken);
            var (here, there) = (test.NewEndpoint(), test.NewEndpoint());
            EndpointLink.Connect(here, there);
            var flow = Interlocked.Add(ref test._lastFlow, 2);
            accepted(new LowerFlow(flow, there, qos, () => there.Close()));
            return new LowerFlow(flow - 1, here, qos, () => here.Close());
        }

        public void Accept(Action<LowerFlow> accepted)
        {
            if (_accepting.TrySetResult(accepted)) return;
            // The actor has been made again.
            _accepting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _accepting.SetResult(accepted);
        }

        public void Reset() => _accepting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
