using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Registry;

/// <summary>Which of several waiting acceptors gets a flow (irmd.md section 2.2).</summary>
public sealed class LoadBalancingTests : RuntimeTest
{
    [TestCase(LoadBalancing.RoundRobin, "ABCABC")]
    [TestCase(LoadBalancing.Spill, "CCCCCC")]
    public async Task Three_servers_that_are_back_in_accept_at_once_get_flows_in_the_order_of_the_policy(LoadBalancing policy, string expected)
    {
        await Node.Irm.CreateNameAsync(new NameInfo("svc", policy));
        var servers = new Dictionary<Application, (char Letter, Task<Flow> Accept)>();
        foreach (var letter in "ABC")
        {
            var server = await Serve("svc");
            servers[server] = (letter, server.AcceptAsync().AsTask());
            await IrmdIsDone();
        }
        var client = await Attach();
        var order = "";
        for (var i = 0; i < expected.Length; i++)
        {
            await client.AllocateAsync("svc").AsTask().WaitAsync(Soon);
            var accepts = servers.Values.Select(s => s.Accept).ToList();
            var done = await Task.WhenAny(accepts).WaitAsync(Soon);
            var (server, (letter, _)) = servers.Single(s => s.Value.Accept == done);
            order += letter;
            servers[server] = (letter, server.AcceptAsync().AsTask());
            await IrmdIsDone();
        }
        Assert.That(order, Is.EqualTo(expected));
    }

    [Test]
    public async Task Spill_uses_another_server_only_while_the_last_one_is_busy()
    {
        var a = await Serve("svc");
        var b = await Serve("svc");
        var acceptA = a.AcceptAsync().AsTask();
        await IrmdIsDone();
        var acceptB = b.AcceptAsync().AsTask();
        await IrmdIsDone();
        var client = await Attach();

        await client.AllocateAsync("svc").AsTask().WaitAsync(Soon);
        await acceptB.WaitAsync(Soon);
        await client.AllocateAsync("svc").AsTask().WaitAsync(Soon);
        await acceptA.WaitAsync(Soon);
    }

    [Test]
    public async Task An_accept_stands_in_line_for_all_names_of_its_process_and_leaves_all_lines_when_it_is_served()
    {
        await Node.Irm.CreateNameAsync(new NameInfo("x", LoadBalancing.RoundRobin));
        await Node.Irm.CreateNameAsync(new NameInfo("y", LoadBalancing.RoundRobin));
        var a = await Serve("x");
        await Node.Irm.BindProcessAsync(a.Id, "y");
        var b = await Serve("x");
        await Node.Irm.BindProcessAsync(b.Id, "y");
        var firstA = a.AcceptAsync().AsTask();
        await IrmdIsDone();
        var firstB = b.AcceptAsync().AsTask();
        await IrmdIsDone();
        var client = await Attach();

        // A is first in both lines; traffic for y changes the order for x.
        await client.AllocateAsync("y").AsTask().WaitAsync(Soon);
        await firstA.WaitAsync(Soon);
        var secondA = a.AcceptAsync().AsTask();
        await IrmdIsDone();
        await client.AllocateAsync("x").AsTask().WaitAsync(Soon);
        await firstB.WaitAsync(Soon);
        await client.AllocateAsync("x").AsTask().WaitAsync(Soon);
        await secondA.WaitAsync(Soon);
    }

    [Test]
    public async Task Two_accepts_of_one_process_serve_two_requests()
    {
        var server = await Serve("svc");
        var accepts = new[] { server.AcceptAsync().AsTask(), server.AcceptAsync().AsTask() };
        var client = await Attach();

        var one = await client.AllocateAsync("svc").AsTask().WaitAsync(Soon);
        var two = await client.AllocateAsync("svc").AsTask().WaitAsync(Soon);

        var accepted = await Task.WhenAll(accepts).WaitAsync(Soon);
        Assert.That(accepted.Select(f => f.Id), Is.EquivalentTo(new[] { one.Id, two.Id }));
    }

    [Test]
    public async Task A_cancelled_accept_is_out_of_line_and_the_next_in_line_gets_the_flow()
    {
        await Node.Irm.CreateNameAsync(new NameInfo("svc", LoadBalancing.RoundRobin));
        var a = await Serve("svc");
        var b = await Serve("svc");
        using var cancel = new CancellationTokenSource();
        var acceptA = a.AcceptAsync(cancellationToken: cancel.Token).AsTask();
        await IrmdIsDone();
        var acceptB = b.AcceptAsync().AsTask();
        await IrmdIsDone();

        await cancel.CancelAsync();
        var flow = await (await Attach()).AllocateAsync("svc").AsTask().WaitAsync(Soon);

        Assert.That(async () => await acceptA, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await acceptB.WaitAsync(Soon)).Id, Is.EqualTo(flow.Id));
    }

    [Test]
    public async Task Waiting_requests_for_several_names_of_a_server_are_served_in_the_order_of_their_arrival()
    {
        var server = await Serve("z");
        await Node.Irm.BindProcessAsync(server.Id, "a");
        var client = await Attach();
        var first = client.AllocateAsync("z").AsTask();
        await IrmdIsDone();
        var second = client.AllocateAsync("a").AsTask();
        await IrmdIsDone();

        var one = await server.AcceptAsync().AsTask().WaitAsync(Soon);

        Assert.That((await first.WaitAsync(Soon)).Id, Is.EqualTo(one.Id));
        Assert.That(second.IsCompleted, Is.False);
        var two = await server.AcceptAsync().AsTask().WaitAsync(Soon);
        Assert.That((await second.WaitAsync(Soon)).Id, Is.EqualTo(two.Id));
    }
}
