using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd;

namespace Ouroboros.Tests.Runtime.Flows;

/// <summary>A caller gives up, at every stage there is.</summary>
public sealed class CancellationTests : RuntimeTest
{
    /// <summary>The layers of these tests carry any bytes.</summary>
    protected override Ouroboros.Runtime.Security.IFlowSecurity Security { get; } = new NoHandshake();

    [Test]
    public async Task A_token_that_is_cancelled_before_asks_for_nothing()
    {
        var server = await Serve("svc");
        var cancelled = new CancellationToken(canceled: true);
        Assert.That(async () => await server.AcceptAsync(cancellationToken: cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await server.AllocateAsync("svc", cancellationToken: cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Node.Irm.ListFlowsAsync(), Is.Empty);
    }

    [Test]
    public async Task An_accept_can_be_given_up_and_its_number_is_free_again()
    {
        var server = await Serve("svc");
        using var cancel = new CancellationTokenSource();
        var accept = server.AcceptAsync(cancellationToken: cancel.Token).AsTask();
        await IrmdIsDone();

        await cancel.CancelAsync();

        var e = Assert.CatchAsync<OperationCanceledException>(() => accept);
        Assert.That(e!.CancellationToken, Is.EqualTo(cancel.Token));
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "the accept is gone");
        await Until(() => Node.Inspect().All.All(a => !a.Path.StartsWith("/user/irmd/flows/", StringComparison.Ordinal)), "its actor is gone");
    }

    [Test]
    public async Task A_request_that_waits_for_an_acceptor_can_be_given_up_and_nobody_gets_a_dead_flow()
    {
        var server = await Serve("svc");
        using var cancel = new CancellationTokenSource();
        var allocate = (await Attach()).AllocateAsync("svc", cancellationToken: cancel.Token).AsTask();
        await IrmdIsDone();

        await cancel.CancelAsync();
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        await IrmdIsDone();

        Assert.CatchAsync<OperationCanceledException>(() => allocate);
        Assert.That(accept.IsCompleted, Is.False);
        var (client, _) = (await (await Attach()).AllocateAsync("svc").AsTask().WaitAsync(Soon), await accept.WaitAsync(Soon));
        Assert.That(client.IsDown, Is.False);
    }

    [Test]
    public async Task An_allocation_can_be_given_up_while_layers_are_asked()
    {
        using var probe = Probe.Install(IpcpType.Udp4);
        await Enter(probe);
        using var cancel = new CancellationTokenSource();
        var allocate = (await Attach()).AllocateAsync("svc", cancellationToken: cancel.Token).AsTask();
        var (query, flow) = await probe.Next<IpcpProtocol.Query>();

        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => allocate);
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "the flow is gone");

        flow.Tell(new IpcpProtocol.QueryAnswer(probe.Id, true), probe.Actor); // too late
        await IrmdIsDone();
        Assert.That(probe.Has<IpcpProtocol.AllocateFlow>(), Is.False);
    }

    [Test]
    public async Task An_allocation_that_is_given_up_while_the_layer_works_is_released_in_the_layer()
    {
        using var probe = Probe.Install(IpcpType.Udp4);
        await Enter(probe);
        probe.Knows = true;
        using var cancel = new CancellationTokenSource();
        var allocate = (await Attach()).AllocateAsync("svc", cancellationToken: cancel.Token).AsTask();
        var (message, flow) = await probe.Next<IpcpProtocol.AllocateFlow>();

        await cancel.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => allocate);
        Assert.That((await probe.Next<IpcpProtocol.DeallocateFlow>()).Message.FlowId, Is.EqualTo(message.FlowId));
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "the flow is gone");
        flow.Tell(new IpcpProtocol.FlowReply(message.FlowId, FlowError.None, TimeSpan.Zero, default), probe.Actor); // too late
        await IrmdIsDone();
        Assert.That(message.Endpoint.IsClosed, Is.True);
    }

    [Test]
    public async Task An_accept_that_is_given_up_while_the_layer_takes_the_answer_is_released_in_the_layer()
    {
        using var probe = Probe.Install(IpcpType.Udp4);
        var ipcp = await Enter(probe);
        await Node.Irm.RegisterNameAsync("svc", ipcp);
        var server = await Serve("svc");
        using var cancel = new CancellationTokenSource();
        var accept = server.AcceptAsync(cancellationToken: cancel.Token).AsTask();
        await IrmdIsDone();
        var irmd = (await probe.Next<IpcpProtocol.Register>()).Sender;
        var hash = Ouroboros.Crypto.Hashing.NameHash.Of(Ouroboros.Crypto.Hashing.DirectoryHash.Sha3_256, "svc");
        irmd.Tell(new IpcpProtocol.FlowRequestArrived(ipcp, 9, hash, Ouroboros.Layers.Flow.QosSpec.Raw, TimeSpan.Zero, default), probe.Actor);
        var (response, _) = await probe.Next<IpcpProtocol.RespondFlow>();

        await cancel.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => accept);
        Assert.That((await probe.Next<IpcpProtocol.DeallocateFlow>()).Message.FlowId, Is.EqualTo(response.FlowId));
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "the flow is gone");
    }

    [Test]
    public async Task A_client_in_a_layer_that_gives_up_does_not_disturb_the_acceptor()
    {
        await LocalLayer("loc", "L", "svc");
        var server = await Serve("svc", uid: 1001);
        using var cancel = new CancellationTokenSource();
        var allocate = (await Attach(uid: 1002)).AllocateAsync("svc", cancellationToken: cancel.Token).AsTask();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Any(f => f.State == FlowState.AllocPending), "the layer works");
        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => allocate);
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "the client is gone");

        // The request of the client still waits for an acceptor: this one gets it and finds nobody there.
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        var next = await (await Attach(uid: 1003)).AllocateAsync("svc").AsTask().WaitAsync(Soon);

        var accepted = await accept.WaitAsync(Soon);
        await next.WriteAsync(Bytes(4));
        Assert.That(await Read(accepted), Is.EqualTo(Bytes(4)));
    }

    [Test]
    public async Task Callers_that_give_up_at_any_moment_leave_nothing_behind()
    {
        await LocalLayer("loc", "L", "svc");
        var servers = new[] { await Serve("svc"), await Serve("svc", uid: 1001) };
        var clients = new[] { await Attach(), await Attach(uid: 1002), await Attach(uid: 1001) };
        var random = new Random(20261121);
        for (var round = 0; round < 60; round++)
        {
            using var cancel = new CancellationTokenSource();
            var tasks = servers.Select(s => s.AcceptAsync(cancellationToken: random.Next(2) == 0 ? cancel.Token : default).AsTask())
                .Concat(clients.Select(c => c.AllocateAsync("svc", cancellationToken: random.Next(2) == 0 ? cancel.Token : default).AsTask())).ToList();
            var spins = random.Next(5000);
            for (var i = 0; i < spins; i++) Thread.SpinWait(1);
            await cancel.CancelAsync();
            // Those who do not give up are served or run into their time-outs.
            await PassInSteps(Task.WhenAll(tasks.Skip(servers.Length)), TimeSpan.FromMilliseconds(500));
            foreach (var flow in servers.Concat(clients).SelectMany(a => a.Flows)) flow.Dispose();
            // An accept that is left: use it up.
            foreach (var server in servers) await Node.Irm.UnbindProcessAsync(server.Id, "svc");
            foreach (var (server, accept) in servers.Zip(tasks))
            {
                if (!accept.IsCompleted)
                {
                    await Node.Irm.BindProcessAsync(server.Id, "last");
                    await Until(() => UsedUp(accept, server), $"round {round}: the accept that is left gets a flow");
                    await Node.Irm.UnbindProcessAsync(server.Id, "last");
                }
                if (accept.IsCompletedSuccessfully) accept.Result.Dispose();
            }
            await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, $"round {round} leaves no flow");
            foreach (var server in servers) await Node.Irm.BindProcessAsync(server.Id, "svc");
        }
    }

    /// <summary>
    /// Gives the accept a flow, unless it gets one meanwhile from a caller in the layer who gave up a moment ago: then nobody is left who
    /// would take the new one.
    /// </summary>
    private async Task<bool> UsedUp(Task accept, Application server)
    {
        await using var client = await Node.AttachAsync(server.Credentials with { Name = "last" });
        var last = client.AllocateAsync("last").AsTask();
        await PassInSteps(last, TimeSpan.FromMilliseconds(500));
        if (!last.IsCompletedSuccessfully) Assert.That(await ErrorOf(last), Is.EqualTo(FlowError.IpcpFailed));
        return accept.IsCompleted;
    }

    private async Task<int> Enter(Probe probe)
    {
        await Node.Irm.CreateNameAsync(new Ouroboros.Runtime.Irmd.Protocol.NameInfo("svc"));
        var ipcp = await Node.Irm.CreateIpcpAsync("probe", probe.Type);
        await Node.Irm.BootstrapIpcpAsync(ipcp.Id, probe.Config());
        return ipcp.Id;
    }
}
