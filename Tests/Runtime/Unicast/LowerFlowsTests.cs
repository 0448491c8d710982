using System.Collections.Concurrent;
using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Unicast;

/// <summary>An IPCP as a user of the layers below it.</summary>
public sealed class LowerFlowsTests : RuntimeTest
{
    private readonly ConcurrentQueue<LowerFlow> _accepted = [];
    private Probe _probe = null!;
    private int _ipcp;

    [SetUp]
    public async Task MakeIpcp()
    {
        _accepted.Clear();
        _probe = Probe.Install(IpcpType.Unicast);
        _ipcp = (await Node.Irm.CreateIpcpAsync("p", IpcpType.Unicast)).Id;
    }

    [TearDown]
    public async Task Remove()
    {
        await Node.Irm.DestroyIpcpAsync(_ipcp);
        _probe.Dispose();
    }

    [Test]
    public async Task It_allocates_flows_like_an_application()
    {
        var server = await Serve("svc");
        var accept = server.AcceptAsync().AsTask();
        var flow = await Allocate("svc");
        await using var end = await accept.WaitAsync(Soon);
        Assert.That((await Node.Irm.ListFlowsAsync()).Single().Id, Is.EqualTo(flow.Id));

        Assert.That(flow.Endpoint.TryWrite([1, 2, 3]), Is.EqualTo(FlowError.None));
        Assert.That(await Read(end), Is.EqualTo(new byte[] { 1, 2, 3 }));
        flow.Release();
        flow.Release();
        Assert.That(await ErrorOf(end.ReadAsync(new byte[10])), Is.EqualTo(FlowError.FlowDown));
    }

    [Test]
    public async Task It_accepts_flows_for_the_names_that_it_is_bound_to()
    {
        await Node.Irm.BindProcessAsync(_ipcp, "member");
        _probe.Lower.Accept(_accepted.Enqueue);
        var client = await Attach();
        var flows = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.AllocateAsync("member").AsTask())).WaitAsync(Soon);
        await Until(() => _accepted.Count == flows.Length, "all are accepted");
        Assert.That(_accepted.Select(f => f.Id), Is.EquivalentTo(flows.Select(f => f.Id)));
        foreach (var flow in _accepted) flow.Release();
    }

    [Test]
    public async Task A_name_that_is_unknown_or_that_nobody_has_fails_with_the_reason()
    {
        Assert.That(await ErrorOf(Allocate("nosuch")), Is.EqualTo(FlowError.NameUnknown));
        await Node.Irm.CreateNameAsync(new NameInfo("idle"));
        Assert.That(await ErrorOf(Allocate("idle")), Is.EqualTo(FlowError.IpcpFailed));
    }

    [Test]
    public async Task It_never_gets_a_flow_to_itself()
    {
        await Node.Irm.BindProcessAsync(_ipcp, "layer");
        _probe.Lower.Accept(_accepted.Enqueue);
        Assert.That(await ErrorOf(Allocate("layer")), Is.EqualTo(FlowError.IpcpFailed));

        // Somebody else who is bound to the name is found, though the IPCP stands in front of him.
        var other = await Serve("layer");
        var accept = other.AcceptAsync().AsTask();
        var flow = await Allocate("layer");
        await (await accept.WaitAsync(Soon)).DisposeAsync();
        flow.Release();
        Assert.That(_accepted, Is.Empty);
    }

    [Test]
    public async Task A_layer_is_not_asked_for_what_the_IPCP_itself_or_one_above_it_wants()
    {
        await Node.Irm.BootstrapIpcpAsync(_ipcp, _probe.Config());
        await Node.Irm.CreateNameAsync(new NameInfo("svc"));
        _probe.Knows = true;
        Assert.That(await ErrorOf(Allocate("svc")), Is.EqualTo(FlowError.IpcpFailed), "there is no other layer");
    }

    [Test]
    public async Task When_it_is_killed_its_flows_are_released_and_it_accepts_again_in_its_next_life()
    {
        await Node.Irm.BindProcessAsync(_ipcp, "member");
        _probe.Lower.Accept(_accepted.Enqueue);
        var client = await Attach();
        await using var flow = await client.AllocateAsync("member").AsTask().WaitAsync(Soon);
        await Until(() => _accepted.Count == 1, "it is accepted");

        _probe.Actor.Tell(Kill.Instance, ActorRefs.NoSender);
        Assert.That(await ErrorOf(flow.ReadAsync(new byte[10])), Is.EqualTo(FlowError.FlowDown));
        await Until(() => _probe.Starts == 2, "it is restarted");
        _probe.Lower.Accept(_accepted.Enqueue);
        await using var second = await client.AllocateAsync("member").AsTask().WaitAsync(Soon);
        await Until(() => _accepted.Count == 2, "it is accepted");
        _probe.Actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        Assert.That(await ErrorOf(second.ReadAsync(new byte[10])), Is.EqualTo(FlowError.FlowDown));
    }

    [Test]
    public async Task An_allocation_that_is_on_its_way_when_it_is_killed_is_given_up()
    {
        await Serve("busy");
        var waiting = await Begun(() => Allocate("busy"));
        _probe.Actor.Tell(Kill.Instance, ActorRefs.NoSender);
        Assert.ThrowsAsync<TaskCanceledException>(() => waiting.WaitAsync(Soon));
    }

    [Test]
    public async Task Killing_the_IRMd_or_a_flow_leaves_it_with_a_flow_that_is_down_and_accepts_that_go_on()
    {
        await Node.Irm.BindProcessAsync(_ipcp, "member");
        _probe.Lower.Accept(_accepted.Enqueue);
        var client = await Attach();
        await using (await client.AllocateAsync("member").AsTask().WaitAsync(Soon)) await Until(() => _accepted.Count == 1, "it is accepted");
        Node.System.ActorSelection("/user/irmd/flows/*").Tell(Kill.Instance, ActorRefs.NoSender);
        await Until(() => (_accepted.Last().Endpoint.State & Ouroboros.Pool.RingState.FlowDown) != 0, "it is down");

        Node.System.ActorSelection("/user/irmd").Tell(Kill.Instance, ActorRefs.NoSender);
        Task<Flow>? again = null;
        await Until(
            async () =>
            {
                Time.Advance(TimeSpan.FromMilliseconds(100)); // after a failure it waits a moment
                await IrmdIsDone(); // and no more than that, as long as the IRMd has not got to it
                if (again is null || again.IsFaulted) again = client.AllocateAsync("member").AsTask();
                return again.IsCompletedSuccessfully;
            },
            "flows are accepted again");
        await (await again!).DisposeAsync();
    }

    private Task<LowerFlow> Allocate(string name) => _probe.Lower.AllocateAsync(name, QosSpec.Raw, TimeSpan.FromSeconds(20), CancellationToken.None);
}
