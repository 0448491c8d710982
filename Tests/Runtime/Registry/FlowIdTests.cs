using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Irmd.Registry;

namespace Ouroboros.Tests.Runtime.Registry;

public sealed class FlowIdTests : RuntimeTest
{
    protected override RuntimeConfig Config => base.Config with { Irmd = base.Config.Irmd with { MaxFlows = 4, MaxFlowsPerApplication = 67 } };

    [Test]
    public void Numbers_run_from_1_to_the_limit_minus_1_lowest_free_first()
    {
        var ids = new FlowIds(130);
        var taken = new List<int>();
        while (ids.TryTake(out var id)) taken.Add(id);
        Assert.That(taken, Is.EqualTo(Enumerable.Range(1, 129)));

        ids.Free(100);
        ids.Free(3);
        ids.Free(65);
        var again = new List<int>();
        while (ids.TryTake(out var id)) again.Add(id);
        Assert.That(again, Is.EqualTo(new[] { 3, 65, 100 }));
    }

    [Test]
    public void A_table_of_exactly_whole_words_ends_where_it_should()
    {
        var ids = new FlowIds(64);
        for (var i = 1; i < 64; i++) Assert.That(ids.TryTake(out var id) && id == i, Is.True);
        Assert.That(ids.TryTake(out _), Is.False);
        Assert.That(ids.TryTake(out _), Is.False, "still none after a failure");
    }

    [Test]
    public async Task Flows_get_the_lowest_free_number_and_numbers_are_used_again()
    {
        var server = await Serve("svc");
        var client = await Attach();
        var (a1, b1) = await Connect(client, server, "svc");
        var (a2, b2) = await Connect(client, server, "svc");
        Assert.That((a1.Id, a2.Id), Is.EqualTo((1, 2)));

        a1.Deallocate();
        b1.Deallocate();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 1, "flow 1 is gone");
        var (a3, _) = await Connect(client, server, "svc");
        Assert.That(a3.Id, Is.EqualTo(1));
        Assert.That((await Node.Irm.ListFlowsAsync()).Select(f => f.Id), Is.EqualTo(new[] { 1, 2 }));
        await b2.DisposeAsync();
    }

    [Test]
    public async Task When_all_numbers_are_used_accept_and_allocate_fail_with_BadDescriptor_until_one_is_free()
    {
        var server = await Serve("svc");
        var client = await Attach();
        var (a, b) = await Connect(client, server, "svc");
        using var cancel = new CancellationTokenSource();
        var pending = new[] { server.AcceptAsync(cancellationToken: cancel.Token).AsTask(), server.AcceptAsync(cancellationToken: cancel.Token).AsTask() };
        await IrmdIsDone();

        var e = await Failure(server.AcceptAsync());
        Assert.That(e.Error, Is.EqualTo(FlowError.BadDescriptor));
        Assert.That(e.Message, Does.Contain("max-flows"));
        var direct = await client.AllocateAsync("svc").AsTask().WaitAsync(Soon);
        Assert.That(direct.Id, Is.GreaterThan(0), "a direct flow takes the acceptor's number");
        await Task.WhenAny(pending).WaitAsync(Soon);

        a.Deallocate();
        b.Deallocate();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 2, "a number is free");
        var third = server.AcceptAsync(cancellationToken: cancel.Token).AsTask();
        await IrmdIsDone();
        Assert.That(third.IsFaulted, Is.False);
        await cancel.CancelAsync();
        Assert.That(pending.Count(t => t.IsCompletedSuccessfully), Is.EqualTo(1));
        Assert.That(async () => await third, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Without_a_free_number_an_allocation_through_a_layer_fails_and_the_layer_is_left_in_order()
    {
        await LocalLayer("loc", "L", "svc");
        var server = await Serve("svc", uid: 1001);
        var client = await Attach(uid: 1002);
        using var cancel = new CancellationTokenSource();
        var accepts = Enumerable.Range(0, 3).Select(_ => server.AcceptAsync(cancellationToken: cancel.Token).AsTask()).ToList();
        await IrmdIsDone();

        Assert.That(await ErrorOf(client.AllocateAsync("svc")), Is.EqualTo(FlowError.BadDescriptor));
        await cancel.CancelAsync();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "the accepts are gone");
        var (a, _) = await Connect(client, server, "svc");
        Assert.That(a.IsDown, Is.False);
        foreach (var accept in accepts) Assert.CatchAsync<OperationCanceledException>(() => accept.WaitAsync(Soon));
    }

    [Test]
    public async Task Descriptors_start_at_64_lowest_free_first_and_their_number_is_limited()
    {
        var server = await Serve("svc");
        var client = await Attach();
        var (a1, b1) = await Connect(client, server, "svc");
        var (a2, _) = await Connect(client, server, "svc");
        var (a3, _) = await Connect(client, server, "svc");
        Assert.That(new[] { a1, a2, a3 }.Select(f => f.Descriptor), Is.EqualTo(new[] { 64, 65, 66 }));
        Assert.That(b1.Descriptor, Is.EqualTo(64), "every application has its own");

        a2.Deallocate();
        Assert.That(client.Flows.Select(f => f.Descriptor), Is.EqualTo(new[] { 64, 66 }));
        foreach (var flow in server.Flows) flow.Dispose();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 2, "flow 2 is gone");
        var (a4, b4) = await Connect(client, server, "svc");
        Assert.That(a4.Descriptor, Is.EqualTo(65));

        b4.Dispose();
        foreach (var flow in new[] { a1, a4 }) flow.Dispose();
        a3.Dispose();
    }

    [Test]
    public async Task An_application_with_as_many_flows_as_it_may_have_gets_BadDescriptor_and_the_other_end_is_told()
    {
        await Stop();
        await using var node = await OuroborosRuntime.StartAsync(base.Config with { Irmd = base.Config.Irmd with { MaxFlowsPerApplication = 65 } }, Time);
        await using var server = await node.AttachAsync(new Credentials(0, 0, "server"));
        await using var second = await node.AttachAsync(new Credentials(0, 0, "second"));
        await node.Irm.BindProcessAsync(server.Id, "svc");
        await using var client = await node.AttachAsync(new Credentials(0, 0, "client"));
        var (a, b) = await Connect(client, server, "svc");
        await node.Irm.UnbindProcessAsync(server.Id);
        await node.Irm.BindProcessAsync(second.Id, "svc");

        var accept = second.AcceptAsync().AsTask();
        var e = await Failure(client.AllocateAsync("svc"));
        var orphan = await accept.WaitAsync(Soon);

        Assert.That(e.Error, Is.EqualTo(FlowError.BadDescriptor));
        Assert.That(e.Message, Does.Contain("deallocate"));
        await Until(() => orphan.IsDown, "the acceptor learns that nobody is there");
        orphan.Deallocate();
        a.Deallocate();
        b.Deallocate();
        await Until(async () => (await node.Irm.ListFlowsAsync()).Count == 0, "nothing is left");
    }
}
