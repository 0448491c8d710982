using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Local;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Failures;

/// <summary>IPCPs that are stuck, throw, or cannot even be made.</summary>
public sealed class BrokenIpcpTests : RuntimeTest
{
    /// <summary>The layers of these tests carry any bytes.</summary>
    protected override Ouroboros.Runtime.Security.IFlowSecurity Security { get; } = new NoHandshake();

    private Probe _probe = null!;

    [SetUp]
    public void Install() => _probe = Probe.Install(IpcpType.Unicast);

    [TearDown]
    public void Remove() => _probe.Dispose();

    [Test]
    public async Task An_IPCP_that_cannot_be_made_is_an_error_and_leaves_nothing()
    {
        _probe.FailAtStart = true;
        var e = await Failure(Node.Irm.CreateIpcpAsync("p", _probe.Type));
        Assert.That(e.Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(e.Message, Does.Contain("'p'"));
        Assert.That(await Node.Irm.ListIpcpsAsync(), Is.Empty);
        Assert.That(await Node.Irm.ListProcessesAsync(), Is.Empty);

        _probe.FailAtStart = false;
        await Node.Irm.CreateIpcpAsync("p", _probe.Type);
    }

    [Test]
    public async Task An_IPCP_that_cannot_be_made_again_is_given_up_after_five_tries()
    {
        var ipcp = await Enter();
        _probe.FailAtStart = true;
        _probe.Actor.Tell(Kill.Instance, ActorRefs.NoSender);
        await Until(async () => (await Node.Irm.ListIpcpsAsync()).Single() is { State: IpcpState.Null, Restarts: 5 }, "it is given up");
        Assert.That(await ErrorOf(Node.Irm.RegisterNameAsync("svc", ipcp)), Is.EqualTo(FlowError.WrongIpcpState));
    }

    [Test]
    public async Task A_second_IPCP_of_the_same_name_is_refused()
    {
        await Node.Irm.CreateIpcpAsync("p", _probe.Type);
        var e = await Failure(Node.Irm.CreateIpcpAsync("p", IpcpType.Local));
        Assert.That(e.Error, Is.EqualTo(FlowError.AlreadyExists));
        Assert.That(e.Message, Does.Contain("'p'").And.Contain("another name"));
    }

    [Test]
    public async Task A_name_can_be_used_again_at_once_after_destroy()
    {
        for (var round = 0; round < 50; round++)
        {
            var ipcp = await Node.Irm.CreateIpcpAsync("p", IpcpType.Local).WaitAsync(Soon);
            await Node.Irm.BootstrapIpcpAsync(ipcp.Id, new LocalConfig(new LayerInfo("L", DirectoryHash.Sha3_256))).WaitAsync(Soon);
            await Node.Irm.DestroyIpcpAsync(ipcp.Id).WaitAsync(Soon);
        }
        Assert.That(await Node.Irm.ListIpcpsAsync(), Is.Empty);
        await Until(() => Node.Inspect().All.All(a => !a.Path.StartsWith("/user/irmd/ipcps/", StringComparison.Ordinal)), "no IPCP is left");
    }

    [TestCase(255, FlowError.None)]
    [TestCase(256, FlowError.InvalidArgument)]
    [TestCase(0, FlowError.InvalidArgument)]
    public async Task Names_of_IPCPs_and_layers_have_1_to_255_bytes(int bytes, FlowError expected)
    {
        var name = new string('x', bytes);
        if (expected == FlowError.None) await Node.Irm.CreateIpcpAsync(name, _probe.Type);
        else Assert.That(await ErrorOf(Node.Irm.CreateIpcpAsync(name, _probe.Type)), Is.EqualTo(expected));
        var ipcp = await Node.Irm.CreateIpcpAsync("other", _probe.Type);
        if (expected == FlowError.None) await Node.Irm.BootstrapIpcpAsync(ipcp.Id, _probe.Config(name));
        else Assert.That(await ErrorOf(Node.Irm.BootstrapIpcpAsync(ipcp.Id, _probe.Config(name))), Is.EqualTo(expected));
    }

    [TestCase("a/b")]
    [TestCase("$x")]
    [TestCase("../irmd")]
    [TestCase("ä ö?#%")]
    [TestCase(".")]
    public async Task A_name_that_an_actor_path_cannot_hold_is_a_good_name(string name)
    {
        var ipcp = await LocalLayer(name, "L " + name, "svc");
        var server = await Serve("svc", uid: 1001);
        await Connect(await Attach(uid: 1002), server, "svc");
        Assert.That((await Node.Irm.ListIpcpsAsync()).Single(), Has.Property("Name").EqualTo(name).And.Property("Id").EqualTo(ipcp));
    }

    [Test]
    public async Task IPCPs_are_listed_by_type_then_by_number()
    {
        using var dix = Probe.Install(IpcpType.EthDix);
        var ids = new List<int>();
        foreach (var (name, type) in new[] { ("d1", dix.Type), ("u1", _probe.Type), ("l1", IpcpType.Local), ("d2", dix.Type), ("l2", IpcpType.Local) })
        {
            ids.Add((await Node.Irm.CreateIpcpAsync(name, type)).Id);
        }
        Assert.That((await Node.Irm.ListIpcpsAsync()).Select(i => i.Name), Is.EqualTo(new[] { "l1", "l2", "u1", "d1", "d2" }));
        Assert.That(ids, Is.Ordered.Ascending.And.Unique);
    }

    [TestCase("bootstrap", 5_000)]
    [TestCase("enroll", 20_000)]
    [TestCase("connect", 20_000)]
    [TestCase("register", 20_000)]
    [TestCase("unregister", 500)]
    [TestCase("disconnect", 500)]
    public async Task A_command_that_the_IPCP_does_not_answer_fails_after_its_time_and_the_IRMd_goes_on(string command, int milliseconds)
    {
        var ipcp = (await Node.Irm.CreateIpcpAsync("p", _probe.Type)).Id;
        await Node.Irm.CreateNameAsync(new NameInfo("svc"));
        if (command is not ("bootstrap" or "enroll"))
        {
            await Node.Irm.BootstrapIpcpAsync(ipcp, _probe.Config());
            await Node.Irm.RegisterNameAsync("svc", ipcp);
        }
        _probe.Ignores = m => m is IpcpProtocol.Command;
        var task = command switch
        {
            "bootstrap" => Node.Irm.BootstrapIpcpAsync(ipcp, _probe.Config()),
            "enroll" => Node.Irm.EnrollIpcpAsync(ipcp, "member"),
            "connect" => Node.Irm.ConnectIpcpAsync(ipcp, "member", "Management", QosSpec.Raw),
            "register" => Node.Irm.RegisterNameAsync("svc", ipcp),
            "unregister" => Node.Irm.UnregisterNameAsync("svc", ipcp),
            _ => Node.Irm.DisconnectIpcpAsync(ipcp, "member", "Management"),
        };
        await IrmdIsDone();
        Time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        await IrmdIsDone();
        Assert.That(task.IsCompleted, Is.False);

        await PassUntilDone(task, TimeSpan.FromMilliseconds(1));

        var e = await Failure(task);
        Assert.That(e.Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(e.Message, Does.Contain("'p'").And.Contain("in time"));
    }

    [Test]
    public async Task An_IPCP_that_answers_its_bootstrap_too_late_is_in_the_layer_all_the_same_and_is_put_back_later()
    {
        var ipcp = (await Node.Irm.CreateIpcpAsync("p", _probe.Type)).Id;
        _probe.Ignores = m => m is IpcpProtocol.Bootstrap;
        var task = await Begun(() => Node.Irm.BootstrapIpcpAsync(ipcp, _probe.Config()));
        await PassUntilDone(task, TimeSpan.FromSeconds(5));
        Assert.That(await ErrorOf(task), Is.EqualTo(FlowError.IpcpFailed));

        var (bootstrap, irmd) = await _probe.Next<IpcpProtocol.Bootstrap>();
        _probe.Ignores = _ => false;
        _probe.Actor.Tell(bootstrap, irmd);
        await Until(async () => (await Node.Irm.ListIpcpsAsync()).Single() is { State: IpcpState.Operational, Layer.Name: "P" }, "it is in the layer");
        _probe.Actor.Tell(Kill.Instance, ActorRefs.NoSender);
        await Until(async () => (await Node.Irm.ListIpcpsAsync()).Single() is { State: IpcpState.Operational, Restarts: 1 }, "it is put back");
    }

    [Test]
    public async Task An_IPCP_that_is_put_back_too_late_is_back_with_its_names()
    {
        await Enter();
        _probe.Ignores = m => m is IpcpProtocol.Bootstrap;
        _probe.Forget();
        _probe.Actor.Tell(Kill.Instance, ActorRefs.NoSender);
        var first = await _probe.Next<IpcpProtocol.Bootstrap>();
        await IrmdIsDone();
        // The IRMd gives the try up and makes others, all of which wait in the mailbox of a slow IPCP.
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(5));
            await IrmdIsDone();
            Time.Advance(TimeSpan.FromSeconds(30));
            await _probe.Next<IpcpProtocol.Bootstrap>();
        }
        _probe.Ignores = _ => false;
        _probe.Actor.Tell(first.Message, first.Sender);
        _probe.Actor.Tell(first.Message with { Id = first.Message.Id + 1 }, first.Sender);
        await Until(async () => (await Node.Irm.ListIpcpsAsync()).Single() is { State: IpcpState.Operational, Restarts: 1 }, "it is back");
        await _probe.Next<IpcpProtocol.Register>();
    }

    [Test]
    public async Task A_name_that_the_layer_does_not_take_back_at_once_is_registered_again_and_again()
    {
        var ipcp = await Enter();
        foreach (var name in new[] { "other", "unregistered" })
        {
            await Node.Irm.CreateNameAsync(new NameInfo(name));
            await Node.Irm.RegisterNameAsync(name, ipcp);
        }
        _probe.Ignores = m => m is IpcpProtocol.Register;
        _probe.Forget();
        _probe.Actor.Tell(Kill.Instance, ActorRefs.NoSender);
        await Refuse(3);
        await Node.Irm.UnregisterNameAsync("unregistered", ipcp);
        for (var round = 0; round < 10; round++)
        {
            Time.Advance(TimeSpan.FromSeconds(30));
            await Refuse(2);
        }
        _probe.Ignores = _ => false;
        Time.Advance(TimeSpan.FromSeconds(30));
        foreach (var name in new[] { "other", "svc" }) Assert.That((await _probe.Next<IpcpProtocol.Register>()).Message.Hash, Is.EqualTo(NameHash.Of(DirectoryHash.Sha3_256, name)));
        await Status();
        Time.Advance(TimeSpan.FromSeconds(60));
        await Status();
        Assert.That(_probe.Has<IpcpProtocol.Register>(), Is.False, "all names are back");

        async Task Refuse(int count)
        {
            for (var n = 0; n < count; n++)
            {
                var (message, irmd) = await _probe.Next<IpcpProtocol.Register>();
                irmd.Tell(new IpcpProtocol.Answer(message.Id, FlowError.IpcpFailed, "no DNS server answered"), _probe.Actor);
            }
            await Status();
        }

        // What the IPCP was told before is answered, what it answered before is handled, and timers that were set run.
        async Task Status()
        {
            await IrmdIsDone();
            await _probe.Actor.Ask<ActorIdentity>(new Identify(0), Soon);
            await IrmdIsDone();
        }
    }

    [Test]
    public async Task An_IPCP_that_reports_too_late_after_create_was_not_created()
    {
        _probe.Throws = _ => false;
        using var slow = Probe.Install(IpcpType.Broadcast);
        slow.FailAtStart = true;
        Assert.That(await ErrorOf(Node.Irm.CreateIpcpAsync("slow", slow.Type)), Is.EqualTo(FlowError.IpcpFailed));
        Assert.That((await Node.Irm.ListIpcpsAsync()).Any(i => i.Name == "slow"), Is.False);
    }

    [Test]
    public async Task Commands_under_way_are_answered_when_the_IPCP_fails_and_when_it_is_destroyed()
    {
        var ipcp = await Enter();
        _probe.Ignores = m => m is IpcpProtocol.Connect;
        var first = Node.Irm.ConnectIpcpAsync(ipcp, "a", "Management", QosSpec.Raw);
        await _probe.Next<IpcpProtocol.Connect>();
        _probe.Actor.Tell(Kill.Instance, ActorRefs.NoSender);
        Assert.That(await ErrorOf(first), Is.EqualTo(FlowError.IpcpFailed));

        await Until(async () => (await Node.Irm.ListIpcpsAsync()).Single().State == IpcpState.Operational, "it is back");
        var second = Node.Irm.ConnectIpcpAsync(ipcp, "b", "Management", QosSpec.Raw);
        await _probe.Next<IpcpProtocol.Connect>();
        await Node.Irm.DestroyIpcpAsync(ipcp);
        Assert.That(await ErrorOf(second), Is.EqualTo(FlowError.IpcpFailed));
    }

    [Test]
    public async Task A_restarted_IPCP_gets_bootstrap_connections_and_names_again_in_this_order()
    {
        var ipcp = await Enter();
        await Node.Irm.ConnectIpcpAsync(ipcp, "peer", "Management", QosSpec.Raw);
        await Node.Irm.ConnectIpcpAsync(ipcp, "peer", "Data Transfer", QosSpec.Voice);
        await Node.Irm.ConnectIpcpAsync(ipcp, "gone", "Management", QosSpec.Raw);
        await Node.Irm.DisconnectIpcpAsync(ipcp, "gone", "Management");
        await Node.Irm.CreateNameAsync(new NameInfo("b"));
        await Node.Irm.RegisterNameAsync("b", ipcp);
        await Node.Irm.CreateNameAsync(new NameInfo("c"));
        await Node.Irm.RegisterNameAsync("c", ipcp);
        await Node.Irm.UnregisterNameAsync("c", ipcp);
        _probe.Forget();

        _probe.Actor.Tell(Kill.Instance, ActorRefs.NoSender);

        var (bootstrap, _) = await _probe.Next<IpcpProtocol.Bootstrap>();
        Assert.That(bootstrap.Config, Is.EqualTo(_probe.Config()));
        Assert.That((await _probe.Next<IpcpProtocol.Connect>()).Message with { Id = 0 }, Is.EqualTo(new IpcpProtocol.Connect(0, "peer", "Management", QosSpec.Raw, Keep: true)));
        Assert.That((await _probe.Next<IpcpProtocol.Connect>()).Message with { Id = 0 }, Is.EqualTo(new IpcpProtocol.Connect(0, "peer", "Data Transfer", QosSpec.Voice, Keep: true)));
        Assert.That((await _probe.Next<IpcpProtocol.Register>()).Message.Hash, Is.EqualTo(NameHash.Of(DirectoryHash.Sha3_256, "b")));
        Assert.That((await _probe.Next<IpcpProtocol.Register>()).Message.Hash, Is.EqualTo(NameHash.Of(DirectoryHash.Sha3_256, "svc")));
        await IrmdIsDone();
        Assert.That(_probe.Has<IpcpProtocol.Register>() || _probe.Has<IpcpProtocol.Connect>(), Is.False);
    }

    [Test]
    public async Task A_restarted_IPCP_that_had_enrolled_enrols_again()
    {
        var ipcp = (await Node.Irm.CreateIpcpAsync("p", _probe.Type)).Id;
        var enrol = Node.Irm.EnrollIpcpAsync(ipcp, "member");
        var (message, irmd) = await _probe.Next<IpcpProtocol.Enroll>();
        irmd.Tell(new IpcpProtocol.Answer(message.Id, FlowError.None, null, new LayerInfo("U", DirectoryHash.Sha3_384)), _probe.Actor);
        Assert.That((await enrol.WaitAsync(Soon)).Layer, Is.EqualTo(new LayerInfo("U", DirectoryHash.Sha3_384)));

        _probe.Actor.Tell(Kill.Instance, ActorRefs.NoSender);

        Assert.That((await _probe.Next<IpcpProtocol.Enroll>()).Message.Destination, Is.EqualTo("member"));
    }

    [TestCase("allocate")]
    [TestCase("query")]
    [TestCase("deallocate")]
    public async Task An_IPCP_that_throws_fails_the_flows_over_it_and_comes_back(string when)
    {
        await Enter();
        _probe.Knows = true;
        var client = await Attach();
        var allocate = client.AllocateAsync("svc").AsTask();
        var (first, actor) = await _probe.Next<IpcpProtocol.AllocateFlow>();
        actor.Tell(new IpcpProtocol.FlowReply(first.FlowId, FlowError.None, TimeSpan.Zero, default), _probe.Actor);
        var flow = await allocate.WaitAsync(Soon);
        var thrown = 0;
        _probe.Throws = m => (when switch
        {
            "allocate" => m is IpcpProtocol.AllocateFlow,
            "query" => m is IpcpProtocol.Query,
            _ => m is IpcpProtocol.DeallocateFlow,
        }) && Interlocked.Exchange(ref thrown, 1) == 0;

        Task<Flow>? second = null;
        if (when == "deallocate") flow.Deallocate();
        else second = client.AllocateAsync("svc").AsTask();

        if (second is not null)
        {
            if (when == "query") await PassInSteps(second, TimeSpan.FromMilliseconds(50)); // nobody answers; the deadline decides
            Assert.That(await ErrorOf(second), Is.AnyOf(FlowError.IpcpFailed, FlowError.TimedOut));
            await Until(() => flow.IsDown, "the flow over it is down");
            flow.Deallocate();
        }
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "nothing is left");
        await Until(async () => (await Node.Irm.ListIpcpsAsync()).Single() is { State: IpcpState.Operational, Restarts: 1 }, "it is back");
        Assert.That((await Node.Irm.ListIpcpsAsync()).Single().LastFailure, Does.Contain("told to fail"));
    }

    [Test]
    public async Task An_IPCP_that_is_destroyed_ends_its_flows_and_requests()
    {
        var ipcp = await Enter();
        _probe.Knows = true;
        var client = await Attach();
        var allocate = client.AllocateAsync("svc").AsTask();
        var (message, actor) = await _probe.Next<IpcpProtocol.AllocateFlow>();
        actor.Tell(new IpcpProtocol.FlowReply(message.FlowId, FlowError.None, TimeSpan.Zero, default), _probe.Actor);
        var flow = await allocate.WaitAsync(Soon);
        var pending = client.AllocateAsync("svc").AsTask();
        await _probe.Next<IpcpProtocol.AllocateFlow>();

        await Node.Irm.DestroyIpcpAsync(ipcp);

        Assert.That(await ErrorOf(pending), Is.EqualTo(FlowError.IpcpFailed));
        await Until(() => flow.IsDown, "its flow is down");
        flow.Deallocate();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "nothing is left");
        Assert.That(await ErrorOf(Node.Irm.DestroyIpcpAsync(ipcp)), Is.EqualTo(FlowError.IpcpFailed));
    }

    [Test]
    public async Task A_message_that_the_local_IPCP_cannot_handle_restarts_it_and_nothing_else()
    {
        var ipcp = await LocalLayer("loc", "L", "svc");
        var server = await Serve("svc", uid: 1001);
        var client = await Attach(uid: 1002);
        var local = await Node.System.ActorSelection("/user/irmd/ipcps/loc").ResolveOne(Soon);
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        // A request without an endpoint: the answer to it breaks the IPCP.
        local.Tell(new IpcpProtocol.AllocateFlow(4711, null!, QosSpec.Raw, NameHash.Of(DirectoryHash.Sha3_256, "svc"), default), ActorRefs.NoSender);

        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.IpcpFailed));
        await Until(async () => (await Node.Irm.ListIpcpsAsync()).Single(i => i.Id == ipcp) is { State: IpcpState.Operational, Restarts: 1 }, "it is back");
        var (a, _) = await Connect(client, server, "svc");
        Assert.That(a.IsDown, Is.False);
    }

    [Test]
    public async Task A_command_that_breaks_the_IRMd_is_answered_and_changes_nothing()
    {
        var ipcp = await Enter();
        var server = await Serve("direct");
        var (a, b) = await Connect(await Attach(), server, "direct");

        var e = await Failure(Node.Irm.BootstrapIpcpAsync(ipcp, null!));

        Assert.That(e.Error, Is.EqualTo(FlowError.IrmdUnreachable));
        Assert.That(e.Message, Does.Contain("IRMd failed"));
        await a.WriteAsync(Bytes(1));
        Assert.That(await Read(b), Is.EqualTo(Bytes(1)));
        Assert.That((await Node.Irm.ListIpcpsAsync()).Single().State, Is.EqualTo(IpcpState.Operational));
        await Connect(await Attach(), server, "direct");
    }

    [Test]
    public async Task Commands_to_the_wrong_IPCP_say_what_is_wrong()
    {
        var local = await LocalLayer("loc", "L");
        var fresh = (await Node.Irm.CreateIpcpAsync("fresh", IpcpType.Local)).Id;
        await Node.Irm.CreateNameAsync(new NameInfo("svc"));

        await Expect(Node.Irm.BootstrapIpcpAsync(4711, _probe.Config()), FlowError.IpcpFailed, "no IPCP 4711");
        await Expect(Node.Irm.BootstrapIpcpAsync(fresh, _probe.Config()), FlowError.UnknownIpcpType, "Unicast");
        await Expect(Node.Irm.BootstrapIpcpAsync(local, new LocalConfig(new LayerInfo("M", DirectoryHash.Sha3_256))), FlowError.WrongIpcpState, "already");
        await Expect(Node.Irm.EnrollIpcpAsync(fresh, "x"), FlowError.NotSupported, "bootstrap");
        await Expect(Node.Irm.ConnectIpcpAsync(local, "x", "Management", QosSpec.Raw), FlowError.IpcpFailed, "no connections");
        await Expect(Node.Irm.DisconnectIpcpAsync(local, "x", "Management"), FlowError.IpcpFailed, "no connections");
        await Expect(Node.Irm.RegisterNameAsync("nobody", local), FlowError.NameUnknown, "nobody");
        await Expect(Node.Irm.RegisterNameAsync("svc", 4711), FlowError.IpcpFailed, "4711");
        await Expect(Node.Irm.RegisterNameAsync("svc", fresh), FlowError.WrongIpcpState, "no layer yet");
        await Expect(Node.Irm.UnregisterNameAsync("svc", local), FlowError.NameUnknown, "not registered");
        await Expect(Node.Irm.CreateIpcpAsync("x", (IpcpType)99), FlowError.UnknownIpcpType, "99");
        await Expect(Node.Irm.DestroyIpcpAsync(4711), FlowError.IpcpFailed, "irm ipcp list");

        async Task Expect(Task task, FlowError error, string words)
        {
            var e = await Failure(task);
            Assert.That((e.Error, e.Message), Is.EqualTo((error, e.Message)));
            Assert.That(e.Message, Does.Contain(words));
        }
    }

    private async Task<int> Enter()
    {
        await Node.Irm.CreateNameAsync(new NameInfo("svc"));
        var ipcp = (await Node.Irm.CreateIpcpAsync("p", _probe.Type)).Id;
        await Node.Irm.BootstrapIpcpAsync(ipcp, _probe.Config());
        await Node.Irm.RegisterNameAsync("svc", ipcp);
        return ipcp;
    }
}
