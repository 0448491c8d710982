using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Registry;

public sealed class BindingTests : RuntimeTest
{
    [Test]
    public async Task Only_processes_that_attach_after_the_binding_inherit_the_names_of_their_program()
    {
        var before = await Attach("prog");
        await Node.Irm.BindProgramAsync(new ProgramCommand("/opt/bin/prog"), "b");
        await Node.Irm.BindProgramAsync(new ProgramCommand("/opt/bin/prog"), "a");
        var after = await Attach("prog");
        var other = await Attach("other");

        var names = (await Node.Irm.ListProcessesAsync()).ToDictionary(p => p.Id, p => p.Names);

        Assert.That(names[before.Id], Is.Empty);
        Assert.That(names[after.Id], Is.EqualTo(new[] { "a", "b" }));
        Assert.That(names[other.Id], Is.Empty);
    }

    [Test]
    public async Task A_bound_program_accepts_for_its_name()
    {
        await Node.Irm.BindProgramAsync(new ProgramCommand("/opt/bin/prog"), "svc");
        var server = await Attach("prog");
        var (a, b) = await Connect(await Attach(), server, "svc");
        Assert.That(a.Id, Is.EqualTo(b.Id));
    }

    [TestCase("prog")]
    [TestCase("/opt/bin/prog")]
    [TestCase("/elsewhere/prog")]
    public async Task A_program_is_unbound_by_its_path_or_its_last_component(string program)
    {
        await Node.Irm.BindProgramAsync(new ProgramCommand("/opt/bin/prog"), "svc");
        await Node.Irm.UnbindProgramAsync(program, "svc");

        await Attach("prog");
        Assert.That((await Node.Irm.ListProcessesAsync()).Single().Names, Is.Empty);
        Assert.That(await ErrorOf(Node.Irm.UnbindProgramAsync(program, "svc")), Is.EqualTo(FlowError.InvalidArgument));
    }

    [Test]
    public async Task Unbinding_a_program_takes_its_autostart_entry_too_so_that_it_can_be_bound_again()
    {
        Node.AddService("svcmain", (_, _) => Task.CompletedTask);
        await Node.Irm.BindProgramAsync(new ProgramCommand("svcmain"), "svc", autoStart: true);
        await Node.Irm.UnbindProgramAsync("svcmain", "svc");
        await Node.Irm.BindProgramAsync(new ProgramCommand("svcmain"), "svc", autoStart: true);
    }

    [Test]
    public async Task Unbinding_a_program_from_all_names_leaves_running_processes_bound()
    {
        await Node.Irm.BindProgramAsync(new ProgramCommand("/opt/bin/prog"), "a");
        await Node.Irm.BindProgramAsync(new ProgramCommand("/opt/bin/prog"), "b");
        var running = await Attach("prog");

        await Node.Irm.UnbindProgramAsync("prog");
        var late = await Attach("prog");

        var names = (await Node.Irm.ListProcessesAsync()).ToDictionary(p => p.Id, p => p.Names);
        Assert.That(names[running.Id], Is.EqualTo(new[] { "a", "b" }));
        Assert.That(names[late.Id], Is.Empty);
        var (a, _) = await Connect(await Attach(), running, "a");
        Assert.That(a.IsDown, Is.False);
    }

    [Test]
    public async Task Binding_twice_fails_with_AlreadyExists()
    {
        var server = await Serve("svc");
        await Node.Irm.BindProgramAsync(new ProgramCommand("prog"), "svc");

        var process = await Failure(Node.Irm.BindProcessAsync(server.Id, "svc"));
        var program = await Failure(Node.Irm.BindProgramAsync(new ProgramCommand("/bin/prog"), "svc"));

        Assert.That((process.Error, program.Error), Is.EqualTo((FlowError.AlreadyExists, FlowError.AlreadyExists)));
        Assert.That(program.Message, Does.Contain("unbind"));
    }

    [Test]
    public async Task Binding_an_unknown_process_fails_and_makes_no_name()
    {
        Assert.That(await ErrorOf(Node.Irm.BindProcessAsync(4711, "svc")), Is.EqualTo(FlowError.InvalidArgument));
        Assert.That(await Node.Irm.ListNamesAsync(), Is.Empty);
    }

    [Test]
    public async Task A_process_that_is_bound_while_it_waits_in_accept_gets_the_next_flow()
    {
        var server = await Attach("server");
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        await Node.Irm.BindProcessAsync(server.Id, "svc");

        var flow = await (await Attach()).AllocateAsync("svc").AsTask().WaitAsync(Soon);

        Assert.That((await accept.WaitAsync(Soon)).Id, Is.EqualTo(flow.Id));
    }

    [Test]
    public async Task A_process_that_is_bound_while_a_request_waits_gets_it()
    {
        await Serve("svc"); // busy for ever
        var late = await Attach("late");
        var accept = late.AcceptAsync().AsTask();
        var allocate = (await Attach()).AllocateAsync("svc").AsTask();
        await IrmdIsDone();
        Assert.That(allocate.IsCompleted || accept.IsCompleted, Is.False);

        await Node.Irm.BindProcessAsync(late.Id, "svc");

        Assert.That((await accept.WaitAsync(Soon)).Id, Is.EqualTo((await allocate.WaitAsync(Soon)).Id));
    }

    [Test]
    public async Task Several_pending_accepts_of_a_process_serve_several_waiting_requests_when_it_is_bound()
    {
        await Serve("svc");
        var late = await Attach("late");
        var accepts = Enumerable.Range(0, 3).Select(_ => late.AcceptAsync().AsTask()).ToList();
        var client = await Attach();
        var allocates = Enumerable.Range(0, 2).Select(_ => client.AllocateAsync("svc").AsTask()).ToList();
        await IrmdIsDone();

        await Node.Irm.BindProcessAsync(late.Id, "svc");
        await Task.WhenAll(allocates).WaitAsync(Soon);
        await client.AllocateAsync("svc").AsTask().WaitAsync(Soon);

        await Task.WhenAll(accepts).WaitAsync(Soon);
    }

    [Test]
    public async Task An_unbound_process_is_not_offered_requests_any_more()
    {
        var server = await Serve("svc");
        await Node.Irm.BindProcessAsync(server.Id, "other");
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();
        await Node.Irm.UnbindProcessAsync(server.Id, "svc");
        var client = await Attach();

        Assert.That(await ErrorOf(client.AllocateAsync("svc")), Is.EqualTo(FlowError.IpcpFailed), "nobody can turn up, so it fails at once");
        var flow = await client.AllocateAsync("other").AsTask().WaitAsync(Soon);
        Assert.That((await accept.WaitAsync(Soon)).Id, Is.EqualTo(flow.Id));
        Assert.That(await ErrorOf(Node.Irm.UnbindProcessAsync(server.Id, "svc")), Is.EqualTo(FlowError.NameUnknown));
    }

    [Test]
    public async Task Unbinding_a_process_without_a_name_unbinds_it_from_all()
    {
        var server = await Serve("a");
        await Node.Irm.BindProcessAsync(server.Id, "b");
        await Node.Irm.UnbindProcessAsync(server.Id);
        Assert.That((await Node.Irm.ListProcessesAsync()).Single().Names, Is.Empty);
        await Node.Irm.BindProcessAsync(server.Id, "a");
    }

    [Test]
    public async Task A_process_that_has_left_is_gone_from_its_names()
    {
        var server = await Serve("svc");
        await server.DisposeAsync();

        Assert.That(await Node.Irm.ListProcessesAsync(), Is.Empty);
        Assert.That(await ErrorOf((await Attach()).AllocateAsync("svc")), Is.EqualTo(FlowError.IpcpFailed), "at once: nobody is bound");
    }

    [Test]
    public async Task A_program_that_does_not_exist_cannot_be_bound_for_autostart_and_leaves_no_name()
    {
        var e = await Failure(Node.Irm.BindProgramAsync(new ProgramCommand("/no/such/program"), "svc", autoStart: true));
        Assert.That(e.Error, Is.EqualTo(FlowError.InvalidArgument));
        Assert.That(e.Message, Does.Contain("/no/such/program").And.Contain("does not exist"));
        Assert.That(await Node.Irm.ListNamesAsync(), Is.Empty);
    }

    [Test]
    public async Task A_program_without_execute_permission_cannot_be_bound_for_autostart()
    {
        var file = Path.GetTempFileName();
        try
        {
            var e = await Failure(Node.Irm.BindProgramAsync(new ProgramCommand(file), "svc", autoStart: true));
            Assert.That(e.Error, Is.EqualTo(FlowError.NotPermitted));
            Assert.That(e.Message, Does.Contain("permissions"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
