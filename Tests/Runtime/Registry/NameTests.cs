using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Registry;

public sealed class NameTests : RuntimeTest
{
    [Test]
    public async Task A_new_name_spills_and_has_the_default_security_paths()
    {
        await Node.Irm.CreateNameAsync(new NameInfo("svc"));

        var name = (await Node.Irm.ListNamesAsync()).Single();
        Assert.That(name.LoadBalancing, Is.EqualTo(LoadBalancing.Spill));
        Assert.That(name.Security, Is.EqualTo(new SecurityPaths(
            "/etc/ouroboros/security/server/svc/enc.conf", "/etc/ouroboros/security/server/svc/crt.pem", "/etc/ouroboros/security/server/svc/key.pem",
            "/etc/ouroboros/security/client/svc/enc.conf", "/etc/ouroboros/security/client/svc/crt.pem", "/etc/ouroboros/security/client/svc/key.pem")));
    }

    [Test]
    public async Task Creating_a_name_again_succeeds_and_changes_nothing()
    {
        await Node.Irm.CreateNameAsync(new NameInfo("svc", LoadBalancing.RoundRobin, new SecurityPaths(ServerKey: "/k")));
        await Node.Irm.CreateNameAsync(new NameInfo("svc", LoadBalancing.Spill));

        var name = (await Node.Irm.ListNamesAsync()).Single();
        Assert.That(name.LoadBalancing, Is.EqualTo(LoadBalancing.RoundRobin));
        Assert.That(name.Security!.ServerKey, Is.EqualTo("/k"));
    }

    [Test]
    public async Task Names_are_listed_sorted_whatever_the_order_of_their_making()
    {
        foreach (var name in new[] { "m", "z", "a", "B", "aa" }) await Node.Irm.CreateNameAsync(new NameInfo(name));
        Assert.That((await Node.Irm.ListNamesAsync()).Select(n => n.Name), Is.EqualTo(new[] { "B", "a", "aa", "m", "z" }));
    }

    [Test]
    public async Task Five_hundred_names_are_all_listed()
    {
        for (var i = 0; i < 501; i++) await Node.Irm.CreateNameAsync(new NameInfo($"a.rather.long.name.that.fills.the.reply.{i:000}"));
        Assert.That((await Node.Irm.ListNamesAsync()).Count, Is.EqualTo(501));
    }

    [TestCase(255, FlowError.None)]
    [TestCase(256, FlowError.InvalidArgument)]
    [TestCase(0, FlowError.InvalidArgument)]
    public async Task A_name_has_1_to_255_bytes(int bytes, FlowError expected)
    {
        var name = new string('n', bytes);
        await Expect(Node.Irm.CreateNameAsync(new NameInfo(name)), expected);
        Assert.That((await Node.Irm.ListNamesAsync()).Count, Is.EqualTo(expected == FlowError.None ? 1 : 0));
    }

    [Test]
    public async Task The_limit_counts_bytes_of_UTF8_not_characters()
    {
        await Expect(Node.Irm.CreateNameAsync(new NameInfo(new string('é', 127))), FlowError.None);
        await Expect(Node.Irm.CreateNameAsync(new NameInfo(new string('é', 128))), FlowError.InvalidArgument);
    }

    [TestCase(255, FlowError.None)]
    [TestCase(256, FlowError.InvalidArgument)]
    public async Task Binding_checks_the_length_of_the_name_and_of_the_program(int bytes, FlowError expected)
    {
        var name = new string('n', bytes);
        var application = await Attach();
        await Expect(Node.Irm.BindProcessAsync(application.Id, name), expected);
        await Expect(Node.Irm.BindProgramAsync(new ProgramCommand("p1"), name), expected);
        await Expect(Node.Irm.BindProgramAsync(new ProgramCommand(name), "short"), expected);
        if (expected != FlowError.None) Assert.That((await Node.Irm.ListNamesAsync()), Is.Empty);
    }

    [Test]
    public async Task A_name_of_255_bytes_works_from_end_to_end()
    {
        var name = new string('é', 127) + "x";
        var server = await Serve(name);
        var (a, _) = await Connect(await Attach(), server, name);
        Assert.That(a.Id, Is.EqualTo(1));
    }

    [Test]
    public async Task Destroying_an_unknown_name_fails_with_NameUnknown_and_says_how_to_make_it()
    {
        var e = await Failure(Node.Irm.DestroyNameAsync("nobody"));
        Assert.That(e.Error, Is.EqualTo(FlowError.NameUnknown));
        Assert.That(e.Message, Does.Contain("nobody").And.Contain("irm name create"));
    }

    [Test]
    public async Task Destroying_a_name_unbinds_processes_and_programs_and_leaves_flows_alone()
    {
        var server = await Serve("svc");
        await Node.Irm.BindProgramAsync(new ProgramCommand("prog"), "svc");
        var (a, b) = await Connect(await Attach(), server, "svc");

        await Node.Irm.DestroyNameAsync("svc");

        Assert.That((await Node.Irm.ListNamesAsync()), Is.Empty);
        Assert.That((await Node.Irm.ListProcessesAsync()).All(p => p.Names.Count == 0), Is.True);
        await Expect(Node.Irm.UnbindProgramAsync("prog"), FlowError.InvalidArgument);
        await a.WriteAsync(Bytes(3));
        Assert.That(await Read(b), Is.EqualTo(Bytes(3)));
        Assert.That((await Attach("prog")).Id, Is.Not.Zero, "a program whose names are gone still attaches");
    }

    [Test]
    public async Task A_pending_accept_outlives_the_names_of_its_process_and_serves_a_new_one()
    {
        var server = await Serve("old");
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        await Node.Irm.DestroyNameAsync("old");
        await Node.Irm.BindProcessAsync(server.Id, "new");

        var flow = await (await Attach()).AllocateAsync("new").AsTask().WaitAsync(Soon);

        Assert.That((await accept.WaitAsync(Soon)).Id, Is.EqualTo(flow.Id));
    }

    [Test]
    public async Task A_request_that_waits_for_a_name_fails_with_NameUnknown_when_the_name_is_destroyed()
    {
        await Serve("svc");
        var allocate = (await Attach()).AllocateAsync("svc").AsTask();
        await IrmdIsDone();
        Assert.That(allocate.IsCompleted, Is.False);

        await Node.Irm.DestroyNameAsync("svc");

        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.NameUnknown));
    }

    [Test]
    public async Task A_destroyed_name_is_unregistered_from_its_layers()
    {
        await LocalLayer("loc", "L", "svc");
        await Node.Irm.DestroyNameAsync("svc");
        await Node.Irm.CreateNameAsync(new NameInfo("svc"));

        var e = await Failure((await Attach()).AllocateAsync("svc"));

        Assert.That(e.Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(e.Message, Does.Contain("none of the 1 layers").And.Contain("L").And.Contain("register"));
    }

    [Test]
    public async Task A_name_that_is_destroyed_while_it_is_being_registered_is_unregistered_again()
    {
        using var probe = Probe.Install(Ouroboros.Layers.Ipcp.IpcpType.Udp4);
        probe.Ignores = m => m is Ouroboros.Layers.Ipcp.IpcpProtocol.Register;
        var ipcp = await Node.Irm.CreateIpcpAsync("p", probe.Type);
        await Node.Irm.BootstrapIpcpAsync(ipcp.Id, probe.Config());
        await Node.Irm.CreateNameAsync(new NameInfo("svc"));
        var register = Node.Irm.RegisterNameAsync("svc", ipcp.Id);
        var (command, irmd) = await probe.Next<Ouroboros.Layers.Ipcp.IpcpProtocol.Register>();
        await Node.Irm.DestroyNameAsync("svc");

        irmd.Tell(new Ouroboros.Layers.Ipcp.IpcpProtocol.Answer(command.Id, FlowError.None), probe.Actor);

        Assert.That(await ErrorOf(register), Is.EqualTo(FlowError.NameUnknown));
        Assert.That((await probe.Next<Ouroboros.Layers.Ipcp.IpcpProtocol.Unregister>()).Message.Hash, Is.EqualTo(command.Hash));
    }

    [Test]
    public async Task Commands_without_a_name_are_refused_and_change_nothing()
    {
        var application = await Attach();
        await Expect(Node.Irm.CreateNameAsync(new NameInfo(null!)), FlowError.InvalidArgument);
        await Expect(Node.Irm.DestroyNameAsync(null!), FlowError.InvalidArgument);
        await Expect(Node.Irm.BindProcessAsync(application.Id, null!), FlowError.InvalidArgument);
        Assert.That((await Node.Irm.ListNamesAsync()), Is.Empty);
    }

    private static async Task Expect(Task task, FlowError expected)
    {
        if (expected == FlowError.None) await task.WaitAsync(Soon);
        else Assert.That(await ErrorOf(task), Is.EqualTo(expected));
    }
}
