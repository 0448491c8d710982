using Akka.Actor;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Failures;

/// <summary>Every actor of the tree is killed under live flows: it comes back or is cleaned up, and whoever is not concerned notices nothing.</summary>
public sealed class KillTests : RuntimeTest
{
    private static readonly string[] Ways = ["kill", "poison"];

    [Test]
    public async Task A_killed_IRMd_loses_nothing()
    {
        var scene = await Scene.Set(this);
        await Kill("/user/irmd", "kill");
        await scene.BothFlowsWork();
        await scene.NewFlowsWork();
        await scene.RegistryIsWhole();
    }

    [Test]
    public async Task A_stopped_IRMd_is_made_again_with_its_registry_and_its_layers_but_flows_are_down()
    {
        var scene = await Scene.Set(this);
        await Kill("/user/irmd", "poison");
        await Until(() => scene.Flows.All(f => f.IsDown), "its flows end with it");

        foreach (var flow in scene.Flows) flow.Deallocate();
        await scene.LayerIsBack();
        await scene.NewFlowsWork();
        await scene.RegistryIsWhole();
        Assert.That((await Node.Irm.ListIpcpsAsync()).Single().Restarts, Is.Zero, "it was no failure of the IPCP");
    }

    [Test]
    public async Task A_killed_parent_of_flows_loses_no_flow()
    {
        var scene = await Scene.Set(this);
        await Kill("/user/irmd/flows", "kill");
        await scene.BothFlowsWork();
        await scene.NewFlowsWork();
        await scene.RegistryIsWhole();
    }

    [Test]
    public async Task A_stopped_parent_of_flows_takes_the_flows_down_and_is_made_again()
    {
        var scene = await Scene.Set(this);
        var accept = scene.Server.AcceptAsync().AsTask();
        await IrmdIsDone();
        await Kill("/user/irmd/flows", "poison");
        await Until(() => scene.Flows.All(f => f.IsDown), "its flows end with it");

        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.BrokenPipe));
        foreach (var flow in scene.Flows) flow.Deallocate();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "all numbers are free");
        await scene.NewFlowsWork();
        await scene.RegistryIsWhole();
    }

    [TestCaseSource(nameof(Ways))]
    public async Task One_flow_that_is_killed_goes_down_at_both_ends_and_the_others_do_not_notice(string way)
    {
        var scene = await Scene.Set(this);
        var (a, b) = scene.Direct;
        var waiting = b.ReadAsync(new byte[10]).AsTask();
        await Kill($"/user/irmd/flows/{a.Id}", way);

        Assert.That(await ErrorOf(waiting), Is.EqualTo(FlowError.FlowDown));
        Assert.That(await ErrorOf(a.WriteAsync(Bytes(1))), Is.EqualTo(FlowError.FlowDown));
        await scene.Works(scene.Layered);
        a.Deallocate();
        b.Deallocate();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).All(f => !f.Direct), "its number is free");
        await scene.NewFlowsWork();
        await scene.RegistryIsWhole();
    }

    [TestCaseSource(nameof(Ways))]
    public async Task A_flow_through_a_layer_that_is_killed_is_released_in_the_layer(string way)
    {
        var scene = await Scene.Set(this);
        var (a, b) = scene.Layered;
        await Kill($"/user/irmd/flows/{a.Id}", way);
        await Until(() => a.IsDown, "it is down");
        a.Deallocate();
        await Until(() => b.IsDown, "the other end learns it from the release");
        b.Deallocate();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 1, "both numbers are free");
        await scene.Works(scene.Direct);
        await scene.NewFlowsWork();
    }

    [TestCaseSource(nameof(Ways))]
    public async Task A_pending_accept_whose_actor_is_killed_fails_and_the_next_accept_works(string way)
    {
        var server = await Serve("svc");
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        var id = (await Node.Irm.ListFlowsAsync()).Single().Id;
        await Kill($"/user/irmd/flows/{id}", way);
        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.BrokenPipe));
        await Connect(await Attach(), server, "svc");
    }

    [TestCaseSource(nameof(Ways))]
    public async Task A_killed_parent_of_IPCPs_is_made_again_and_the_layers_come_back(string way)
    {
        var scene = await Scene.Set(this);
        await Kill("/user/irmd/ipcps", way);
        if (way == "kill")
        {
            await scene.BothFlowsWork();
        }
        else
        {
            await Until(() => scene.Layered.A.IsDown && scene.Layered.B.IsDown, "flows over the layer are down");
            await scene.Works(scene.Direct);
        }
        await scene.LayerIsBack();
        await scene.NewFlowsWork();
        await scene.RegistryIsWhole();
        Assert.That((await Node.Irm.ListIpcpsAsync()).Single().Restarts, Is.Zero);
    }

    [TestCaseSource(nameof(Ways))]
    public async Task A_killed_IPCP_comes_back_into_its_layer_with_its_names_and_only_its_flows_go_down(string way)
    {
        var scene = await Scene.Set(this);
        var other = await LocalLayer("other", "M", "elsewhere");
        var set = scene.Client.CreateFlowSet();
        set.Add(scene.Layered.A);
        await Kill("/user/irmd/ipcps/loc", way);

        var events = new FlowEvent[4];
        Assert.That(await set.WaitAsync(events, Timeout.InfiniteTimeSpan).AsTask().WaitAsync(Soon), Is.EqualTo(1));
        Assert.That((events[0].Flow, events[0].Events), Is.EqualTo((scene.Layered.A, Ouroboros.Pool.FlowEventType.Down)));
        Assert.That(await ErrorOf(scene.Layered.A.WriteAsync(Bytes(1))), Is.EqualTo(FlowError.FlowDown));
        Assert.That(await ErrorOf(scene.Layered.B.ReadAsync(new byte[1])), Is.EqualTo(FlowError.FlowDown).Or.EqualTo(FlowError.TimedOut));
        await scene.Works(scene.Direct);
        await scene.LayerIsBack();
        await scene.NewFlowsWork();
        await scene.RegistryIsWhole();
        var ipcps = (await Node.Irm.ListIpcpsAsync()).ToDictionary(i => i.Id);
        Assert.That(ipcps[scene.Ipcp].Restarts, Is.EqualTo(1));
        Assert.That(ipcps[scene.Ipcp].LastFailure, Is.Not.Null);
        Assert.That((ipcps[other].Restarts, ipcps[other].State), Is.EqualTo((0, IpcpState.Operational)));
        scene.Layered.A.Deallocate();
        scene.Layered.B.Deallocate();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).All(f => f.Below != scene.Ipcp || f.State == Ouroboros.Runtime.Irmd.FlowState.Allocated), "their numbers are free");
    }

    [Test]
    public async Task Data_that_had_arrived_before_the_IPCP_failed_is_still_read()
    {
        var scene = await Scene.Set(this);
        await scene.Layered.A.WriteAsync(Bytes(33));
        await Kill("/user/irmd/ipcps/loc", "kill");
        await Until(() => scene.Layered.B.IsDown, "it is down");
        Assert.That(await Read(scene.Layered.B), Is.EqualTo(Bytes(33)));
        Assert.That(await ErrorOf(scene.Layered.B.ReadAsync(new byte[1])), Is.EqualTo(FlowError.FlowDown));
    }

    [TestCaseSource(nameof(Ways))]
    public async Task After_five_failures_in_a_minute_an_IPCP_is_left_stopped_and_listed_as_failed(string way)
    {
        var scene = await Scene.Set(this);
        var other = await LocalLayer("other", "M", "svc");
        for (var failure = 1; failure <= 5; failure++)
        {
            await Kill("/user/irmd/ipcps/loc", way);
            var expected = failure;
            await Until(
                async () => (await Node.Irm.ListIpcpsAsync()).Single(i => i.Id == scene.Ipcp) is var i && i.Restarts == expected && i.State == (expected < 5 ? IpcpState.Operational : IpcpState.Null),
                $"failure {failure} is dealt with");
        }
        await Until(() => Node.Inspect().All.All(a => a.Path != "/user/irmd/ipcps/loc"), "its actor is gone");

        // It stays like this, even when the IRMd itself is restarted.
        await Kill("/user/irmd", "kill");
        await Kill("/user/irmd/ipcps", "kill");
        await IrmdIsDone();
        var failed = (await Node.Irm.ListIpcpsAsync()).Single(i => i.Id == scene.Ipcp);
        Assert.That((failed.State, failed.Restarts), Is.EqualTo((IpcpState.Null, 5)));
        var e = await Failure(Node.Irm.RegisterNameAsync("svc", scene.Ipcp));
        Assert.That(e.Error, Is.EqualTo(FlowError.WrongIpcpState));
        Assert.That(e.Message, Does.Contain("loc").And.Contain("destroy it and create it again"));

        // The rest goes on: the name is found in the other layer.
        await scene.Works(scene.Direct);
        await scene.NewFlowsWork();
        Assert.That((await Node.Irm.ListFlowsAsync()).Any(f => f.Below == other), Is.True);

        // And it can be had again by hand.
        await Node.Irm.DestroyIpcpAsync(scene.Ipcp);
        await LocalLayer("loc", "L", "svc");
    }

    [Test]
    public async Task Failures_more_than_a_minute_apart_never_stop_an_IPCP()
    {
        var ipcp = await LocalLayer();
        for (var failure = 1; failure <= 12; failure++)
        {
            await Kill("/user/irmd/ipcps/loc", "kill");
            var expected = failure;
            await Until(async () => (await Node.Irm.ListIpcpsAsync()).Single() is { State: IpcpState.Operational } i && i.Restarts == expected, $"failure {failure} is dealt with");
            Time.Advance(TimeSpan.FromSeconds(16)); // four in any minute
        }
        Assert.That((await Node.Irm.ListIpcpsAsync()).Single().Id, Is.EqualTo(ipcp));
    }

    [TestCaseSource(nameof(Ways))]
    public async Task A_killed_parent_of_applications_is_made_again_and_applications_stay_attached(string way)
    {
        var scene = await Scene.Set(this);
        var count = (await Node.Irm.ListProcessesAsync()).Count;
        await Kill("/user/irmd/applications", way);
        await scene.BothFlowsWork();
        await scene.NewFlowsWork();
        Assert.That((await Node.Irm.ListProcessesAsync()).Count, Is.EqualTo(count));
        await scene.RegistryIsWhole();
        await Until(() => Node.Inspect().All.Any(a => a.Path == $"/user/irmd/applications/{scene.Client.Id}"), "its actor is back");
    }

    [TestCaseSource(nameof(Ways))]
    public async Task An_application_whose_actor_is_killed_is_detached_and_its_flows_are_released(string way)
    {
        var scene = await Scene.Set(this);
        var accept = scene.Server.AcceptAsync().AsTask();
        await IrmdIsDone();
        await Kill($"/user/irmd/applications/{scene.Server.Id}", way);

        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.BrokenPipe));
        await Until(() => scene.Direct.A.IsDown, "the peer learns it");
        Assert.That(await ErrorOf(scene.Direct.B.WriteAsync(Bytes(1))), Is.EqualTo(FlowError.NotAllocated));
        await scene.Works(scene.Layered);
        var e = await Failure(scene.Server.AcceptAsync());
        Assert.That(e.Error, Is.EqualTo(FlowError.InvalidArgument));
        Assert.That(e.Message, Does.Contain("attach"));
        await scene.Server.DisposeAsync().AsTask().WaitAsync(Soon);
        Assert.That(await ErrorOf(scene.Client.AllocateAsync("direct")), Is.EqualTo(FlowError.IpcpFailed), "at once: nobody is bound any more");
    }

    [TestCaseSource(nameof(Ways))]
    public async Task The_guard_is_made_again(string way)
    {
        var scene = await Scene.Set(this);
        await Kill("/user/guard", way);
        // Inspection shows one that is ending, too; only one that runs answers.
        await Until(async () => (await Patient.AskAsync<ActorIdentity>(Node, "/user/guard", new Identify(0))).Subject is not null, "it is there");
        await scene.BothFlowsWork();

        await Kill("/user/irmd", "poison");
        await Until(() => scene.Flows.All(f => f.IsDown), "its flows end with it");
        foreach (var flow in scene.Flows) flow.Deallocate();
        await scene.LayerIsBack();
        await scene.NewFlowsWork();
    }

    [TestCase("/user/irmd", "kill")]
    [TestCase("/user/irmd", "poison")]
    [TestCase("/user/irmd/flows", "kill")]
    [TestCase("/user/irmd/flows", "poison")]
    [TestCase("/user/irmd/ipcps", "kill")]
    [TestCase("/user/irmd/ipcps", "poison")]
    [TestCase("/user/irmd/ipcps/loc", "kill")]
    [TestCase("/user/irmd/ipcps/loc", "poison")]
    [TestCase("/user/irmd/applications", "kill")]
    [TestCase("/user/irmd/applications", "poison")]
    [TestCase("/user/guard", "poison")]
    public async Task Requests_and_commands_under_way_are_answered_whatever_is_killed(string path, string way)
    {
        await LocalLayer("loc", "L", "svc");
        var servers = new[] { await Serve("svc"), await Serve("svc", uid: 1001) };
        var clients = new[] { await Attach(), await Attach(uid: 1002) };
        for (var round = 0; round < 15; round++)
        {
            using var cancel = new CancellationTokenSource();
            var tasks = new List<Task>();
            foreach (var server in servers) tasks.Add(server.AcceptAsync(TimeSpan.FromSeconds(5)).AsTask());
            foreach (var client in clients) tasks.Add(client.AllocateAsync("svc").AsTask());
            tasks.Add(Node.Irm.CreateNameAsync(new NameInfo($"n{round}")));
            for (var i = 0; i < round * 20; i++) Thread.SpinWait(20);
            Node.System.ActorSelection(path).Tell(way == "kill" ? Akka.Actor.Kill.Instance : PoisonPill.Instance, ActorRefs.NoSender);
            foreach (var client in clients) tasks.Add(client.AllocateAsync("svc").AsTask());
            tasks.Add(Node.Irm.ListIpcpsAsync());
            tasks.Add(Node.Irm.BindProcessAsync(servers[0].Id, $"b{round}"));

            await Until(
                async () =>
                {
                    Time.Advance(TimeSpan.FromMilliseconds(100));
                    // Time-outs are not to pass by themselves while the actors wait for a processor.
                    await IrmdIsDone();
                    return tasks.All(t => t.IsCompleted);
                },
                $"round {round}: every request is answered");

            foreach (var task in tasks.Where(t => t.IsFaulted)) Assert.That(task.Exception!.InnerException, Is.InstanceOf<FlowException>());
            foreach (var flow in servers.Concat(clients).SelectMany(a => a.Flows)) flow.Dispose();
        }
        await Until(async () => (await Node.Irm.ListIpcpsAsync()).Single().State is IpcpState.Operational or IpcpState.Null, "the layer is settled");
        // Requests of callers who were told of a failure may still be on their way to an acceptor, or wait for one: up to a second, twice.
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "every flow has ended");
        await Patient.AskAsync<ActorIdentity>(Node, "/user/irmd/ipcps/loc", new Identify(0));
        await IrmdIsDone();
        Time.Advance(TimeSpan.FromSeconds(2));
        await IrmdIsDone();
        var (a, _) = await Connect(clients[0], servers[0], "svc");
        Assert.That(a.IsDown, Is.False);
    }

    private async Task Kill(string path, string way)
    {
        var actor = await Node.System.ActorSelection(path).ResolveOne(Soon);
        using var watch = new ManualResetEventSlim();
        actor.Tell(way == "kill" ? Akka.Actor.Kill.Instance : PoisonPill.Instance, ActorRefs.NoSender);
        if (way == "poison") await Until(async () => await IsAnother(path, actor), $"{path} has stopped");
        else await Until(async () => await IsAlive(path), $"{path} is back, or gone for good");
        await Until(async () => (await Node.Irm.ListFlowsAsync()) is not null, "the IRMd answers");
    }

    private async Task<bool> IsAnother(string path, IActorRef old)
    {
        var found = await Patient.AskAsync<ActorIdentity>(Node, path, new Identify(0));
        return found.Subject is null || !found.Subject.Equals(old);
    }

    private async Task<bool> IsAlive(string path) => (await Patient.AskAsync<ActorIdentity>(Node, path, new Identify(0))).MessageId is 0;

    /// <summary>A layer, a direct flow and one through the layer.</summary>
    private sealed class Scene
    {
        private KillTests _test = null!;

        public int Ipcp { get; private set; }

        public Application Server { get; private set; } = null!;

        public Application Client { get; private set; } = null!;

        public Application Other { get; private set; } = null!;

        public (Flow A, Flow B) Direct { get; private set; }

        public (Flow A, Flow B) Layered { get; private set; }

        public IEnumerable<Flow> Flows => [Direct.A, Direct.B, Layered.A, Layered.B];

        public static async Task<Scene> Set(KillTests test)
        {
            var scene = new Scene { _test = test, Ipcp = await test.LocalLayer("loc", "L", "svc") };
            scene.Server = await test.Serve("direct", "server");
            scene.Other = await test.Serve("svc", "other", uid: 1001);
            scene.Client = await test.Attach("client");
            await test.Node.Irm.BindProgramAsync(new ProgramCommand("/bin/late"), "late");
            scene.Direct = await test.Connect(scene.Client, scene.Server, "direct");
            scene.Layered = await test.Connect(scene.Client, scene.Other, "svc");
            return scene;
        }

        public async Task BothFlowsWork()
        {
            await Works(Direct);
            await Works(Layered);
        }

        public async Task Works((Flow A, Flow B) flow)
        {
            Assert.That(flow.A.IsDown || flow.B.IsDown, Is.False);
            await flow.A.WriteAsync(Bytes(20));
            Assert.That(await Read(flow.B), Is.EqualTo(Bytes(20)));
            await flow.B.WriteAsync(Bytes(30));
            Assert.That(await Read(flow.A), Is.EqualTo(Bytes(30)));
        }

        public async Task NewFlowsWork()
        {
            await Works(await _test.Connect(Client, Server, "direct"));
            await Works(await _test.Connect(Client, Other, "svc"));
        }

        public Task LayerIsBack() => Until(
            async () => (await _test.Node.Irm.ListIpcpsAsync()).Single(i => i.Id == Ipcp).State == IpcpState.Operational, "the IPCP is back in its layer");

        public async Task RegistryIsWhole()
        {
            Assert.That((await _test.Node.Irm.ListNamesAsync()).Select(n => n.Name), Is.SupersetOf(new[] { "direct", "late", "svc" }));
            var processes = (await _test.Node.Irm.ListProcessesAsync()).ToDictionary(p => p.Id);
            Assert.That(processes[Server.Id].Names, Is.EqualTo(new[] { "direct" }));
            Assert.That(processes[Other.Id].Names, Is.EqualTo(new[] { "svc" }));
            var late = await _test.Attach("late");
            Assert.That((await _test.Node.Irm.ListProcessesAsync()).Single(p => p.Id == late.Id).Names, Is.EqualTo(new[] { "late" }));
            Assert.That((await _test.Node.Irm.ListIpcpsAsync()).Single(i => i.Id == Ipcp).Layer!.Name, Is.EqualTo("L"));
        }
    }
}
