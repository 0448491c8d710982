using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Flows;

/// <summary>The flow state machine of irmd.md section 3, row by row, with an IPCP that does what the test says.</summary>
public sealed class FlowStateTests : RuntimeTest
{
    /// <summary>The layers of these tests carry any bytes.</summary>
    protected override Ouroboros.Runtime.Security.IFlowSecurity Security { get; } = new NoHandshake();

    private static readonly TimeSpan Mpl = TimeSpan.FromMilliseconds(77);

    private Probe _probe = null!;
    private int _ipcp;
    private IActorRef _irmd = null!;

    [SetUp]
    public async Task EnterLayer()
    {
        _probe = Probe.Install(IpcpType.Udp4);
        _ipcp = (await Node.Irm.CreateIpcpAsync("probe", _probe.Type)).Id;
        await Node.Irm.BootstrapIpcpAsync(_ipcp, _probe.Config());
        await Node.Irm.CreateNameAsync(new NameInfo("svc"));
        await Node.Irm.RegisterNameAsync("svc", _ipcp);
        _irmd = (await _probe.Next<IpcpProtocol.Register>()).Sender;
        _probe.Knows = true;
    }

    [TearDown]
    public void LeaveLayer() => _probe.Dispose();

    [Test]
    public async Task Rows_1_2_4_an_allocation_goes_from_init_to_pending_to_allocated()
    {
        _probe.Knows = null;
        var client = await Attach();
        var allocate = client.AllocateAsync("svc", QosSpec.Voice).AsTask();
        var (query, flow) = await _probe.Next<IpcpProtocol.Query>();
        Assert.That((await Node.Irm.ListFlowsAsync()).Single().State, Is.EqualTo(FlowState.Init));
        Assert.That(query.Hash, Is.EqualTo(Hash("svc")));

        flow.Tell(new IpcpProtocol.QueryAnswer(_ipcp, true), _probe.Actor);
        var (message, _) = await _probe.Next<IpcpProtocol.AllocateFlow>();
        var pending = (await Node.Irm.ListFlowsAsync()).Single();
        Assert.That((pending.State, pending.Below, pending.ProcessId, pending.Direct, pending.Name), Is.EqualTo((FlowState.AllocPending, _ipcp, client.Id, false, "svc")));
        Assert.That(message.Hash, Is.EqualTo(Hash("svc")));
        Assert.That(message.Qos, Is.EqualTo(QosSpec.Voice with { BitErrorRate = 1 }), "QOS_DISABLE_CRC");

        flow.Tell(new IpcpProtocol.FlowReply(message.FlowId, FlowError.None, Mpl, default), _probe.Actor);
        var allocated = await allocate.WaitAsync(Soon);
        Assert.That((allocated.Mpl, allocated.Id, allocated.Qos), Is.EqualTo((Mpl, message.FlowId, message.Qos)));
        var info = (await Node.Irm.ListFlowsAsync()).Single();
        Assert.That((info.State, info.Mpl), Is.EqualTo((FlowState.Allocated, Mpl)));
    }

    [TestCase(FlowError.CryptoFailed, FlowError.CryptoFailed)]
    [TestCase(FlowError.AuthenticationFailed, FlowError.AuthenticationFailed)]
    [TestCase(FlowError.IpcpFailed, FlowError.IpcpFailed)]
    [TestCase(FlowError.NameUnknown, FlowError.IpcpFailed)]
    public async Task Row_5_a_refusal_ends_the_flow_and_its_code_reaches_the_caller(FlowError response, FlowError expected)
    {
        var (allocate, message, flow) = await Allocate(await Attach());
        flow.Tell(new IpcpProtocol.FlowReply(message.FlowId, response, TimeSpan.Zero, default), _probe.Actor);
        Assert.That(await ErrorOf(allocate), Is.EqualTo(expected));
        await NoFlow();
        Assert.That(_probe.Has<IpcpProtocol.DeallocateFlow>(), Is.False, "there is nothing to release");
        Assert.That(message.Endpoint.IsClosed, Is.True);
    }

    [TestCase(null, 20_000)]
    [TestCase(3_000, 3_000)]
    [TestCase(60_000, 60_000)]
    public async Task Row_6_the_deadline_of_an_allocation_is_exact_and_the_layer_is_told(int? given, int expected)
    {
        var client = await Attach();
        var (allocate, message, _) = await Allocate(client, given is { } g ? TimeSpan.FromMilliseconds(g) : null);
        Time.Advance(TimeSpan.FromMilliseconds(expected - 1));
        await IrmdIsDone();
        Assert.That(allocate.IsCompleted, Is.False);

        await PassUntilDone(allocate, TimeSpan.FromMilliseconds(1));

        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.TimedOut));
        Assert.That((await _probe.Next<IpcpProtocol.DeallocateFlow>()).Message.FlowId, Is.EqualTo(message.FlowId));
        await NoFlow();
    }

    [Test]
    public async Task Row_7_pending_flows_of_an_application_that_leaves_are_ended_with_BrokenPipe()
    {
        var (allocate, message, _) = await Allocate(await Attach());
        var application = await Serve("other");
        var accept = application.AcceptAsync().AsTask();
        await IrmdIsDone();
        await application.DisposeAsync();
        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.BrokenPipe));

        var client = await Attach();
        _probe.Knows = true;
        var second = client.AllocateAsync("svc").AsTask();
        var (other, _) = await _probe.Next<IpcpProtocol.AllocateFlow>();
        await client.DisposeAsync();
        Assert.That(await ErrorOf(second), Is.EqualTo(FlowError.BrokenPipe));
        Assert.That((await _probe.Next<IpcpProtocol.DeallocateFlow>()).Message.FlowId, Is.EqualTo(other.FlowId));
        Assert.That(allocate.IsCompleted, Is.False, "the other one waits on");
        // The numbers of the others are free again a moment after they ended.
        await Until(async () => (await Node.Irm.ListFlowsAsync()) is [var only] && only.Id == message.FlowId, "only the other one is left");
    }

    [Test]
    public async Task Row_8_a_request_from_the_layer_makes_an_accept_allocated()
    {
        var server = await Serve("svc");
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        Assert.That((await Node.Irm.ListFlowsAsync()).Single().State, Is.EqualTo(FlowState.AcceptPending));

        Arrive(request: 7, QosSpec.Data);
        var (response, flow) = await _probe.Next<IpcpProtocol.RespondFlow>();

        Assert.That((response.Request, response.Response), Is.EqualTo((7L, FlowError.None)));
        Assert.That(accept.IsCompleted, Is.False, "not before the layer has taken the answer");
        response.Flow.Tell(new IpcpProtocol.FlowResponded(response.FlowId, FlowError.None), _probe.Actor);
        var accepted = await accept.WaitAsync(Soon);
        Assert.That((accepted.Id, accepted.Mpl, accepted.Qos), Is.EqualTo((response.FlowId, Mpl, QosSpec.Data)));
        Assert.That(flow, Is.EqualTo(response.Flow));
    }

    [Test]
    public async Task Row_9_a_local_client_makes_an_accept_allocated_and_direct()
    {
        var server = await Serve("svc");
        var client = await Attach();
        var (a, b) = await Connect(client, server, "svc");
        var info = (await Node.Irm.ListFlowsAsync()).Single();
        Assert.That((info.State, info.Direct, info.ProcessId, info.Below, info.Mpl), Is.EqualTo((FlowState.Allocated, true, server.Id, client.Id, TimeSpan.FromMilliseconds(1))));
        Assert.That((a.Mpl, b.Mpl), Is.EqualTo((info.Mpl, info.Mpl)));
    }

    [Test]
    public async Task Row_12_a_layer_that_does_not_take_the_answer_in_500_ms_fails_the_accept()
    {
        var server = await Serve("svc");
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        Arrive(request: 1);
        var (response, _) = await _probe.Next<IpcpProtocol.RespondFlow>();
        Time.Advance(TimeSpan.FromMilliseconds(499));
        await IrmdIsDone();
        Assert.That(accept.IsCompleted, Is.False);

        await PassUntilDone(accept, TimeSpan.FromMilliseconds(1));

        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.IpcpFailed));
        Assert.That((await _probe.Next<IpcpProtocol.DeallocateFlow>()).Message.FlowId, Is.EqualTo(response.FlowId));
        await NoFlow();
    }

    [Test]
    public async Task A_layer_that_cannot_connect_the_answer_fails_the_accept()
    {
        var server = await Serve("svc");
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        Arrive(request: 1);
        var (response, _) = await _probe.Next<IpcpProtocol.RespondFlow>();
        response.Flow.Tell(new IpcpProtocol.FlowResponded(response.FlowId, FlowError.OutOfMemory), _probe.Actor);
        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.IpcpFailed));
        await NoFlow();
    }

    [Test]
    public async Task A_request_whose_caller_has_gone_leaves_the_accept_waiting_for_the_next_one()
    {
        var server = await Serve("svc");
        var accept = server.AcceptAsync(TimeSpan.FromSeconds(5)).AsTask();
        await IrmdIsDone();
        Arrive(request: 1);
        var (first, _) = await _probe.Next<IpcpProtocol.RespondFlow>();
        first.Flow.Tell(new IpcpProtocol.FlowResponded(first.FlowId, FlowError.FlowDown), _probe.Actor);
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Single() is { State: FlowState.AcceptPending, Below: 0 }, "it waits again");

        Arrive(request: 2);
        var (second, _) = await _probe.Next<IpcpProtocol.RespondFlow>();
        Assert.That((second.Request, second.FlowId), Is.EqualTo((2L, first.FlowId)));
        second.Flow.Tell(new IpcpProtocol.FlowResponded(second.FlowId, FlowError.None), _probe.Actor);
        await accept.WaitAsync(Soon);
    }

    [Test]
    public async Task An_accept_that_went_back_into_line_still_keeps_its_deadline()
    {
        var server = await Serve("svc");
        var accept = server.AcceptAsync(TimeSpan.FromSeconds(5)).AsTask();
        await IrmdIsDone();
        Arrive(request: 1);
        var (first, _) = await _probe.Next<IpcpProtocol.RespondFlow>();
        Time.Advance(TimeSpan.FromMilliseconds(400));
        first.Flow.Tell(new IpcpProtocol.FlowResponded(first.FlowId, FlowError.FlowDown), _probe.Actor);
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Single() is { State: FlowState.AcceptPending, Below: 0 }, "it waits again");

        await PassUntilDone(accept, TimeSpan.FromMilliseconds(4600));
        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.TimedOut));
    }

    [Test]
    public async Task Rows_14_15_deallocation_asks_the_layer_and_the_number_is_free_when_it_has_answered()
    {
        var (flow, id, actor) = await Allocated();
        flow.Deallocate();
        Assert.That((await _probe.Next<IpcpProtocol.DeallocateFlow>()).Message.FlowId, Is.EqualTo(id));
        Assert.That((await Node.Irm.ListFlowsAsync()).Single().State, Is.EqualTo(FlowState.DeallocPending));
        actor.Tell(new IpcpProtocol.FlowDeallocated(id), _probe.Actor);
        await NoFlow();
    }

    [Test]
    public async Task A_layer_that_does_not_answer_a_deallocation_is_waited_for_500_ms_only()
    {
        var (flow, _, _) = await Allocated();
        flow.Deallocate();
        await _probe.Next<IpcpProtocol.DeallocateFlow>();
        Time.Advance(TimeSpan.FromMilliseconds(500));
        await NoFlow();
    }

    [Test]
    public async Task Row_16_a_second_deallocation_fails_and_does_not_reach_the_layer()
    {
        var (flow, _, _) = await Allocated();
        flow.Deallocate();
        var e = Assert.Throws<FlowException>(flow.Deallocate);
        Assert.That(e!.Error, Is.EqualTo(FlowError.NotAllocated));
        Assert.That(e.Message, Does.Contain("once"));
        await _probe.Next<IpcpProtocol.DeallocateFlow>();
        await IrmdIsDone();
        Assert.That(_probe.Has<IpcpProtocol.DeallocateFlow>(), Is.False);
    }

    [Test]
    public async Task Direct_flows_are_pending_after_the_first_end_and_gone_after_the_second()
    {
        var server = await Serve("svc");
        var (a, b) = await Connect(await Attach(), server, "svc");
        a.Deallocate();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Single().State == FlowState.DeallocPending, "the first end is noted");
        a.Dispose();
        await IrmdIsDone();
        Assert.That((await Node.Irm.ListFlowsAsync()).Single().State, Is.EqualTo(FlowState.DeallocPending), "the same end again changes nothing");
        b.Deallocate();
        await NoFlow();
    }

    [Test]
    public async Task Messages_at_the_wrong_time_change_nothing()
    {
        var (flow, id, actor) = await Allocated();
        // A reply for an allocated flow; a deallocation nobody asked for; a request for a flow that is not in accept; answers to nothing.
        actor.Tell(new IpcpProtocol.FlowReply(id, FlowError.AuthenticationFailed, TimeSpan.Zero, default), _probe.Actor);
        actor.Tell(new IpcpProtocol.FlowDeallocated(id), _probe.Actor);
        actor.Tell(new IpcpProtocol.FlowResponded(id, FlowError.IpcpFailed), _probe.Actor);
        actor.Tell(new IpcpProtocol.QueryAnswer(_ipcp, false), _probe.Actor);
        actor.Tell(new FlowProtocol.Withdrawn(), _probe.Actor);
        actor.Tell(new FlowProtocol.LayerGone(_ipcp + 1), _probe.Actor);
        actor.Tell(new FlowProtocol.OwnerGone(4711), _probe.Actor);
        actor.Tell("nonsense", _probe.Actor);
        _irmd.Tell("nonsense", _probe.Actor);
        _irmd.Tell(new IpcpProtocol.Answer(4711, FlowError.None), _probe.Actor);
        _irmd.Tell(new FlowProtocol.Withdraw(4711), _probe.Actor);
        _irmd.Tell(new IpcpProtocol.Started(4711, false, null), _probe.Actor);
        await actor.Ask<ActorIdentity>(new Identify(1), Soon); // all handled
        await IrmdIsDone();

        Assert.That(flow.IsDown, Is.False);
        Assert.That((await Node.Irm.ListFlowsAsync()).Single().State, Is.EqualTo(FlowState.Allocated));
    }

    [Test]
    public async Task A_reply_for_another_flow_is_ignored()
    {
        var (allocate, message, flow) = await Allocate(await Attach());
        flow.Tell(new IpcpProtocol.FlowReply(message.FlowId + 1, FlowError.None, Mpl, default), _probe.Actor);
        await flow.Ask<ActorIdentity>(new Identify(1), Soon);
        Assert.That(allocate.IsCompleted, Is.False);
        flow.Tell(new IpcpProtocol.FlowReply(message.FlowId, FlowError.None, Mpl, default), _probe.Actor);
        await allocate.WaitAsync(Soon);
    }

    [Test]
    public async Task A_request_that_reaches_a_flow_no_longer_in_accept_goes_to_the_next_acceptor()
    {
        var server = await Serve("svc");
        var (a, _) = await Connect(await Attach(), server, "svc");
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        var request = new IpcpProtocol.FlowRequestArrived(_ipcp, 5, Hash("svc"), QosSpec.Raw, Mpl, default);
        var taken = await Node.System.ActorSelection($"/user/irmd/flows/{a.Id}").ResolveOne(Soon);

        taken.Tell(new FlowProtocol.LayerRequest(request, _probe.Actor, new NameInfo("svc")), ActorRefs.NoSender);
        var (response, _) = await _probe.Next<IpcpProtocol.RespondFlow>();

        Assert.That((response.Request, response.Response), Is.EqualTo((5L, FlowError.None)));
        response.Flow.Tell(new IpcpProtocol.FlowResponded(response.FlowId, FlowError.None), _probe.Actor);
        Assert.That((await accept.WaitAsync(Soon)).Id, Is.Not.EqualTo(a.Id));
        Assert.That(a.IsDown, Is.False);
    }

    [Test]
    public async Task Requests_from_an_unknown_IPCP_or_for_an_unknown_name_are_refused_towards_the_peer()
    {
        _irmd.Tell(new IpcpProtocol.FlowRequestArrived(4711, 1, Hash("svc"), QosSpec.Raw, Mpl, default), _probe.Actor);
        Assert.That((await _probe.Next<IpcpProtocol.RespondFlow>()).Message, Has.Property("Response").EqualTo(FlowError.IpcpFailed).And.Property("Request").EqualTo(1));
        _irmd.Tell(new IpcpProtocol.FlowRequestArrived(_ipcp, 2, Hash("nobody"), QosSpec.Raw, Mpl, default), _probe.Actor);
        Assert.That((await _probe.Next<IpcpProtocol.RespondFlow>()).Message, Has.Property("Response").EqualTo(FlowError.NameUnknown).And.Property("Request").EqualTo(2));
        _irmd.Tell(new IpcpProtocol.FlowRequestArrived(_ipcp, 3, Hash("svc"), QosSpec.Raw, Mpl, default), _probe.Actor);
        Assert.That((await _probe.Next<IpcpProtocol.RespondFlow>()).Message, Has.Property("Response").EqualTo(FlowError.IpcpFailed).And.Property("Request").EqualTo(3), "nobody is bound");
    }

    [Test]
    public async Task All_layers_are_asked_at_once_and_the_best_that_knows_the_name_wins()
    {
        using var better = Probe.Install(IpcpType.EthDix);
        var preferred = (await Node.Irm.CreateIpcpAsync("better", better.Type)).Id;
        await Node.Irm.BootstrapIpcpAsync(preferred, better.Config("Q"));
        _probe.Knows = null;
        var allocate = (await Attach()).AllocateAsync("svc").AsTask();
        var (_, flow) = await _probe.Next<IpcpProtocol.Query>();
        await better.Next<IpcpProtocol.Query>();

        flow.Tell(new IpcpProtocol.QueryAnswer(_ipcp, true), _probe.Actor);
        await flow.Ask<ActorIdentity>(new Identify(1), Soon);
        Assert.That(_probe.Has<IpcpProtocol.AllocateFlow>(), Is.False, "a better layer has not answered");
        flow.Tell(new IpcpProtocol.QueryAnswer(preferred, true), better.Actor);
        var (message, _) = await better.Next<IpcpProtocol.AllocateFlow>();
        flow.Tell(new IpcpProtocol.FlowReply(message.FlowId, FlowError.None, Mpl, default), better.Actor);

        await allocate.WaitAsync(Soon);
        Assert.That((await Node.Irm.ListFlowsAsync()).Single().Below, Is.EqualTo(preferred));
        Assert.That(_probe.Has<IpcpProtocol.AllocateFlow>(), Is.False);
    }

    [Test]
    public async Task A_layer_that_does_not_answer_a_query_in_200_ms_does_not_know_the_name()
    {
        using var silent = Probe.Install(IpcpType.EthDix);
        var id = (await Node.Irm.CreateIpcpAsync("silent", silent.Type)).Id;
        await Node.Irm.BootstrapIpcpAsync(id, silent.Config("Q"));
        var client = await Attach();
        var allocate = client.AllocateAsync("svc").AsTask();
        var (_, asking) = await silent.Next<IpcpProtocol.Query>();
        // The other one has answered when it answers what came behind the query, and the flow knows when it answers, too.
        await _probe.Next<IpcpProtocol.Query>();
        await _probe.Actor.Ask<ActorIdentity>(new Identify(1), Soon).WaitAsync(Soon);
        await asking.Ask<ActorIdentity>(new Identify(1), Soon).WaitAsync(Soon);
        Time.Advance(TimeSpan.FromMilliseconds(199));
        await IrmdIsDone();
        Assert.That(_probe.Has<IpcpProtocol.AllocateFlow>(), Is.False);

        Time.Advance(TimeSpan.FromMilliseconds(1));
        var (message, flow) = await _probe.Next<IpcpProtocol.AllocateFlow>();

        flow.Tell(new IpcpProtocol.FlowReply(message.FlowId, FlowError.None, Mpl, default), _probe.Actor);
        await allocate.WaitAsync(Soon);
    }

    [Test]
    public async Task When_no_layer_knows_the_name_the_message_names_those_that_were_asked()
    {
        _probe.Knows = false;
        var e = await Failure((await Attach()).AllocateAsync("svc"));
        Assert.That(e.Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(e.Message, Does.Contain("svc").And.Contain("P").And.Contain("register"));
    }

    [Test]
    public async Task Joining_asks_the_IPCP_of_that_layer_and_gives_a_flow_with_qos_np1()
    {
        var join = (await Attach()).JoinAsync("P").AsTask();
        var (message, flow) = await _probe.Next<IpcpProtocol.JoinFlow>();
        Assert.That(message.Hash, Is.EqualTo(Hash("P")));
        flow.Tell(new IpcpProtocol.FlowReply(message.FlowId, FlowError.None, Mpl, default), _probe.Actor);
        var joined = await join.WaitAsync(Soon);
        Assert.That(joined.Qos, Is.EqualTo(QosSpec.Np1));
    }

    [Test]
    public async Task Joining_fails_with_IpcpFailed_without_such_a_layer_and_with_NotAllocated_when_it_does_not_do_that()
    {
        var application = await Attach();
        var none = await Failure(application.JoinAsync("nowhere"));
        Assert.That(none.Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(none.Message, Does.Contain("nowhere").And.Contain("bootstrap"));

        await LocalLayer("loc", "L");
        var refused = await Failure(application.JoinAsync("L"));
        Assert.That(refused.Error, Is.EqualTo(FlowError.NotAllocated));
        Assert.That(refused.Message, Does.Contain("not a broadcast layer"));
        await NoFlow();
    }

    [TestCase(null, 20_000)]
    [TestCase(700, 700)]
    public async Task A_join_has_a_deadline(int? given, int expected)
    {
        var application = await Attach();
        var join = application.JoinAsync("P", given is { } g ? TimeSpan.FromMilliseconds(g) : null).AsTask();
        await _probe.Next<IpcpProtocol.JoinFlow>();
        Time.Advance(TimeSpan.FromMilliseconds(expected - 1));
        await IrmdIsDone();
        Assert.That(join.IsCompleted, Is.False);
        await PassUntilDone(join, TimeSpan.FromMilliseconds(1));
        Assert.That(await ErrorOf(join), Is.EqualTo(FlowError.TimedOut));
    }

    [Test]
    public async Task A_process_may_allocate_a_flow_to_itself()
    {
        var application = await Serve("svc");
        var (a, b) = await Connect(application, application, "svc");
        await a.WriteAsync(Bytes(9));
        Assert.That(await Read(b), Is.EqualTo(Bytes(9)));
        a.Deallocate();
        b.Deallocate();
        await NoFlow();
        await Connect(application, application, "svc");
    }

    private static NameHash Hash(string name) => NameHash.Of(DirectoryHash.Sha3_256, name);

    private void Arrive(long request, QosSpec? qos = null) =>
        _irmd.Tell(new IpcpProtocol.FlowRequestArrived(_ipcp, request, Hash("svc"), qos ?? QosSpec.Raw, Mpl, default), _probe.Actor);

    private async Task<(Task<Flow> Allocate, IpcpProtocol.AllocateFlow Message, IActorRef Flow)> Allocate(Application client, TimeSpan? timeout = null)
    {
        var allocate = client.AllocateAsync("svc", timeout: timeout).AsTask();
        var (message, flow) = await _probe.Next<IpcpProtocol.AllocateFlow>();
        return (allocate, message, flow);
    }

    private async Task<(Flow Flow, int Id, IActorRef Actor)> Allocated()
    {
        var (allocate, message, flow) = await Allocate(await Attach());
        flow.Tell(new IpcpProtocol.FlowReply(message.FlowId, FlowError.None, Mpl, default), _probe.Actor);
        return (await allocate.WaitAsync(Soon), message.FlowId, flow);
    }

    private Task NoFlow() => Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "the flow is gone");
}
