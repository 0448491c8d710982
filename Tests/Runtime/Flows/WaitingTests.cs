using Akka.Actor;

namespace Ouroboros.Tests.Runtime.Flows;

/// <summary>How long requests and acceptors wait (irmd.md sections 3, 6, 13, 18).</summary>
public sealed class WaitingTests : RuntimeTest
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    [Test]
    public async Task Without_anybody_who_could_accept_an_allocation_does_not_wait()
    {
        await Node.Irm.CreateNameAsync(new Ouroboros.Runtime.Irmd.Protocol.NameInfo("svc"));
        var e = await Failure((await Attach()).AllocateAsync("svc"));
        Assert.That(e.Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(e.Message, Does.Contain("no layer").And.Contain("start the server"));
    }

    [Test]
    public async Task A_bound_process_of_another_trust_domain_is_not_waited_for()
    {
        await Serve("svc", uid: 1001);
        Assert.That(await ErrorOf((await Attach(uid: 1002)).AllocateAsync("svc")), Is.EqualTo(FlowError.IpcpFailed));
    }

    [Test]
    public async Task A_busy_server_is_waited_for_exactly_one_second()
    {
        await Serve("svc");
        var client = await Attach();
        var allocate = await Begun(() => client.AllocateAsync("svc").AsTask());

        Time.Advance(TimeSpan.FromSeconds(1) - Tick);
        await IrmdIsDone();
        Assert.That(allocate.IsCompleted, Is.False);
        await PassUntilDone(allocate, Tick);

        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.IpcpFailed));
    }

    [Test]
    public async Task A_server_that_comes_back_to_accept_within_the_second_gets_the_request()
    {
        var server = await Serve("svc");
        var client = await Attach();
        var allocate = await Begun(() => client.AllocateAsync("svc").AsTask());
        Time.Advance(TimeSpan.FromMilliseconds(999));

        var flow = await server.AcceptAsync().AsTask().WaitAsync(Soon);

        Assert.That((await allocate.WaitAsync(Soon)).Id, Is.EqualTo(flow.Id));
        Time.Advance(TimeSpan.FromMinutes(1));
        await IrmdIsDone();
        Assert.That(flow.IsDown, Is.False);
    }

    [TestCase(100)]
    [TestCase(999)]
    public async Task A_deadline_of_the_client_that_is_shorter_than_the_second_is_kept(int milliseconds)
    {
        await Serve("svc");
        var client = await Attach();
        var allocate = await Begun(() => client.AllocateAsync("svc", timeout: TimeSpan.FromMilliseconds(milliseconds)).AsTask());

        Time.Advance(TimeSpan.FromMilliseconds(milliseconds) - Tick);
        await IrmdIsDone();
        Assert.That(allocate.IsCompleted, Is.False);
        await PassUntilDone(allocate, Tick);

        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.TimedOut));
    }

    [Test]
    public async Task An_allocation_with_time_out_zero_gets_a_waiting_acceptor_or_fails_at_once()
    {
        var server = await Serve("svc");
        var client = await Attach();
        var refused = client.AllocateAsync("svc", timeout: TimeSpan.Zero).AsTask();
        await PassUntilDone(refused, TimeSpan.Zero);
        Assert.That(await ErrorOf(refused), Is.EqualTo(FlowError.TimedOut));

        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        var flow = await client.AllocateAsync("svc", timeout: TimeSpan.Zero).AsTask().WaitAsync(Soon);
        Assert.That((await accept.WaitAsync(Soon)).Id, Is.EqualTo(flow.Id));
    }

    [Test]
    public async Task An_accept_with_a_time_out_ends_exactly_then()
    {
        var server = await Serve("svc");
        var accept = await Begun(() => server.AcceptAsync(TimeSpan.FromMilliseconds(250)).AsTask());
        // The flow's actor measures from when it starts, which may be after the IRMd is done.
        await Until(() => Time.IsAwaited(TimeSpan.FromMilliseconds(250)), "its time-out has begun");

        Time.Advance(TimeSpan.FromMilliseconds(249));
        await IrmdIsDone();
        Assert.That(accept.IsCompleted, Is.False);
        await PassUntilDone(accept, Tick);

        var e = await Failure(accept);
        Assert.That(e.Error, Is.EqualTo(FlowError.TimedOut));
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "its number is free");
    }

    [Test]
    public async Task An_accept_with_time_out_zero_is_a_poll_that_takes_no_number()
    {
        var server = await Serve("svc");

        Assert.That(await ErrorOf(server.AcceptAsync(TimeSpan.Zero)), Is.EqualTo(FlowError.TimedOut));
        Assert.That(await Node.Irm.ListFlowsAsync(), Is.Empty);

        var allocate = (await Attach()).AllocateAsync("svc").AsTask();
        await IrmdIsDone();
        var flow = await server.AcceptAsync(TimeSpan.Zero).AsTask().WaitAsync(Soon);
        Assert.That((await allocate.WaitAsync(Soon)).Id, Is.EqualTo(flow.Id));
    }

    [Test]
    public async Task An_accept_without_a_time_out_waits_for_ever()
    {
        var server = await Serve("svc");
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        Time.Advance(TimeSpan.FromDays(365));
        await IrmdIsDone();
        Assert.That(accept.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_time_out_longer_than_timers_go_is_for_ever_not_at_once()
    {
        var server = await Serve("svc");
        var accept = server.AcceptAsync(TimeSpan.MaxValue).AsTask();
        await IrmdIsDone();
        var (a, b) = (await (await Attach()).AllocateAsync("svc", timeout: TimeSpan.MaxValue).AsTask().WaitAsync(Soon), await accept.WaitAsync(Soon));
        a.ReadTimeout = TimeSpan.MaxValue;
        var read = Read(a);
        await b.WriteAsync(Bytes(3));
        Assert.That(await read, Is.EqualTo(Bytes(3)));
    }

    [Test]
    public async Task A_negative_time_out_is_refused()
    {
        var server = await Serve("svc");
        var negative = TimeSpan.FromSeconds(-2);
        Assert.That(() => server.AcceptAsync(negative), Throws.InstanceOf<FlowException>().With.Property("Error").EqualTo(FlowError.InvalidArgument));
        Assert.That(() => server.AllocateAsync("svc", timeout: negative), Throws.InstanceOf<FlowException>().With.Property("Error").EqualTo(FlowError.InvalidArgument));
        Assert.That(() => server.JoinAsync("L", negative), Throws.InstanceOf<FlowException>().With.Property("Error").EqualTo(FlowError.InvalidArgument));
    }

    [Test]
    public async Task Of_three_requests_and_one_accept_one_is_served_and_the_others_are_told()
    {
        var server = await Serve("svc");
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        var client = await Attach();
        var allocates = Enumerable.Range(0, 3).Select(_ => client.AllocateAsync("svc").AsTask()).ToList();
        await IrmdIsDone();

        var flow = await accept.WaitAsync(Soon);
        await PassUntilDone(Task.WhenAll(allocates), TimeSpan.FromSeconds(1));

        var served = allocates.Single(t => t.IsCompletedSuccessfully).Result;
        Assert.That(served.Id, Is.EqualTo(flow.Id));
        foreach (var other in allocates.Where(t => !t.IsCompletedSuccessfully)) Assert.That(await ErrorOf(other), Is.EqualTo(FlowError.IpcpFailed));
        await served.WriteAsync(Bytes(5));
        Assert.That(await Read(flow), Is.EqualTo(Bytes(5)));
        Assert.That((await Node.Irm.ListFlowsAsync()).Count, Is.EqualTo(1));
    }

    [Test]
    public async Task A_peer_in_a_layer_whose_server_stays_busy_is_refused_after_the_second()
    {
        await LocalLayer("loc", "L", "svc");
        await Serve("svc", uid: 1001);
        var client = await Attach(uid: 1002);
        var allocate = client.AllocateAsync("svc").AsTask();
        // The layer has been asked for the flow; when it answers what comes behind that, the request has reached the server's side.
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Any(f => f.State == Ouroboros.Runtime.Irmd.FlowState.AllocPending), "the layer works");
        await Patient.AskAsync<ActorIdentity>(Node, "/user/irmd/ipcps/loc", new Identify(0));
        await IrmdIsDone();

        Time.Advance(TimeSpan.FromSeconds(1) - Tick);
        await IrmdIsDone();
        Assert.That(allocate.IsCompleted, Is.False);
        await PassUntilDone(allocate, Tick);

        var e = await Failure(allocate);
        Assert.That(e.Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(e.Message, Does.Contain("nobody accepted 'svc'"));
    }

    [Test]
    public async Task A_peer_in_a_layer_that_nobody_can_serve_is_refused_at_once()
    {
        await LocalLayer("loc", "L", "svc");
        Assert.That(await ErrorOf((await Attach(uid: 1002)).AllocateAsync("svc")), Is.EqualTo(FlowError.IpcpFailed));
    }

    [Test]
    public async Task Requests_that_wait_are_answered_when_the_runtime_stops()
    {
        var server = await Serve("svc");
        var client = await Attach();
        var allocate = client.AllocateAsync("svc").AsTask();
        await IrmdIsDone();
        var other = await Attach();
        var accept = other.AcceptAsync().AsTask();
        await IrmdIsDone();

        await Stop();

        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.BrokenPipe));
        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.BrokenPipe));
        Assert.That(await ErrorOf(server.AcceptAsync()), Is.EqualTo(FlowError.IrmdUnreachable));
        var e = await Failure(Node.Irm.ListNamesAsync());
        Assert.That(e.Error, Is.EqualTo(FlowError.IrmdUnreachable));
        Assert.That(e.Message, Does.Contain("stopped").And.Contain("start"));
    }
}
