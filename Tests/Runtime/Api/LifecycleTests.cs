using Ouroboros.Layers.Flow;

namespace Ouroboros.Tests.Runtime.Api;

/// <summary>Attaching, leaving, stopping.</summary>
public sealed class LifecycleTests : RuntimeTest
{
    [Test]
    public async Task An_application_that_leaves_releases_its_flows_and_ends_its_waits()
    {
        var server = await Serve("svc");
        var client = await Attach();
        var (a, b) = await Connect(client, server, "svc");
        var accept = server.AcceptAsync().AsTask();
        var read = b.ReadAsync(new byte[1]).AsTask();
        await IrmdIsDone();

        await server.DisposeAsync();

        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.BrokenPipe));
        Assert.That(await ErrorOf(read), Is.EqualTo(FlowError.NotAllocated));
        Assert.That(await ErrorOf(a.ReadAsync(new byte[1])), Is.EqualTo(FlowError.FlowDown));
        Assert.That(server.Flows, Is.Empty);
        await server.DisposeAsync();
        var e = await Failure(server.AcceptAsync());
        Assert.That(e.Error, Is.EqualTo(FlowError.InvalidArgument));
        Assert.That(e.Message, Does.Contain("attach it again"));
        Assert.That(await ErrorOf(server.AllocateAsync("svc")), Is.EqualTo(FlowError.InvalidArgument));
    }

    [Test]
    public async Task An_application_that_leaves_while_its_allocation_waits_gets_an_answer()
    {
        await Serve("svc");
        var client = await Attach();
        var allocate = client.AllocateAsync("svc").AsTask();
        await IrmdIsDone();
        await client.DisposeAsync();
        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.BrokenPipe));
    }

    [Test]
    public async Task Process_numbers_are_never_used_twice_and_churn_leaves_nothing()
    {
        var seen = new HashSet<int>();
        for (var i = 0; i < 300; i++)
        {
            await using var application = await Node.AttachAsync(new Credentials(i % 3 == 0 ? 0u : 1001u, 1001, "app"));
            Assert.That(seen.Add(application.Id), Is.True);
        }
        Assert.That(await Node.Irm.ListProcessesAsync(), Is.Empty);
        Assert.That(Node.PoolStatistics.Count, Is.EqualTo(1), "only the global pool is left");
        await Until(() => Node.Inspect().All.All(a => !a.Path.StartsWith("/user/irmd/applications/", StringComparison.Ordinal)), "no actor is left");
    }

    [TestCase("")]
    [TestCase("x256")]
    public async Task A_program_name_has_1_to_255_bytes(string name)
    {
        if (name == "x256") name = new string('x', 256);
        Assert.That(await ErrorOf(Node.AttachAsync(new Credentials(0, 0, name))), Is.EqualTo(FlowError.InvalidArgument));
        Assert.That(await Node.Irm.ListProcessesAsync(), Is.Empty);
    }

    [Test]
    public async Task Stopping_the_runtime_releases_flows_with_unread_packets_and_ends_every_wait()
    {
        await LocalLayer("loc", "L", "far");
        var server = await Serve("svc");
        var far = await Serve("far", uid: 1001);
        var client = await Attach();
        var (a, b) = await Connect(client, server, "svc");
        var (c, d) = await Connect(client, far, "far");
        for (var i = 0; i < 50; i++)
        {
            await a.WriteAsync(Bytes(10));
            await c.WriteAsync(Bytes(10));
        }
        await Read(d, 4);
        var waits = new[] { a.ReadAsync(new byte[1]).AsTask(), c.ReadAsync(new byte[1]).AsTask() };

        await Stop(); // says so if a packet is out

        // Whichever end is released first: a reader of the other may hear of that before its own end is.
        foreach (var wait in waits) Assert.That(await ErrorOf(wait), Is.EqualTo(FlowError.NotAllocated).Or.EqualTo(FlowError.FlowDown));
        foreach (var flow in new[] { a, b, c, d }) Assert.That(await ErrorOf(flow.WriteAsync(Bytes(1))), Is.EqualTo(FlowError.NotAllocated));
        Assert.That(await ErrorOf(client.AllocateAsync("svc")), Is.EqualTo(FlowError.IrmdUnreachable));
        Assert.That(await ErrorOf(Node.AttachAsync("late")), Is.EqualTo(FlowError.IrmdUnreachable));
        await client.DisposeAsync().AsTask().WaitAsync(Soon);
        await Node.DisposeAsync();
    }

    [Test]
    public async Task Two_runtimes_in_one_process_do_not_know_each_other()
    {
        await using var other = await OuroborosRuntime.StartAsync(Config with { Name = "other" }, Time);
        await Serve("svc");
        await using var stranger = await other.AttachAsync("stranger");
        Assert.That(await ErrorOf(stranger.AllocateAsync("svc")), Is.EqualTo(FlowError.NameUnknown));
    }

    [Test]
    public async Task Qos_of_the_allocation_is_seen_at_both_ends_with_the_error_rate_of_a_default_build()
    {
        var server = await Serve("svc");
        var client = await Attach();
        foreach (var qos in new[] { QosSpec.Raw, QosSpec.RawNoErrors, QosSpec.Data, QosSpec.Voice })
        {
            var accept = server.AcceptAsync().AsTask();
            var a = await client.AllocateAsync("svc", qos).AsTask().WaitAsync(Soon);
            var b = await accept.WaitAsync(Soon);
            Assert.That((a.Qos, b.Qos), Is.EqualTo((qos with { BitErrorRate = 1 }, qos with { BitErrorRate = 1 })));
            a.Deallocate();
            b.Deallocate();
        }
    }
}
