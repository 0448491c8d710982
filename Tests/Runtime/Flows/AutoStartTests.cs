using System.Collections.Concurrent;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Flows;

/// <summary>Programs that are started when somebody asks for their name.</summary>
public sealed class AutoStartTests : RuntimeTest
{
    private readonly ConcurrentQueue<string> _events = new();
    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        _events.Clear();
        _folder = Directory.CreateTempSubdirectory("o7s-autostart-").FullName;
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_service_is_started_at_once_when_nobody_accepts_its_name()
    {
        await BindEcho();
        var flow = await (await Attach()).AllocateAsync("svc").AsTask().WaitAsync(Soon); // the clock stands still
        await flow.WriteAsync(Bytes(10));
        Assert.That(await Read(flow), Is.EqualTo(Bytes(10)));
        Assert.That(_events, Is.EqualTo(new[] { "start" }));
        Assert.That((await Node.Irm.ListProcessesAsync()).Single(p => p.Program == "echo").Names, Is.EqualTo(new[] { "svc" }));
    }

    [Test]
    public async Task A_service_is_started_for_a_peer_in_a_layer_too()
    {
        await LocalLayer("loc", "L", "svc");
        await BindEcho();
        // The service is privileged; the direct way is closed to this user.
        var flow = await (await Attach(uid: 1002)).AllocateAsync("svc").AsTask().WaitAsync(Soon);
        await flow.WriteAsync(Bytes(10));
        Assert.That(await Read(flow), Is.EqualTo(Bytes(10)));
        Assert.That((await Node.Irm.ListFlowsAsync()).All(f => !f.Direct), Is.True);
    }

    [Test]
    public async Task A_program_that_could_not_serve_the_user_directly_is_not_started_for_that()
    {
        await BindEcho();
        Assert.That(await ErrorOf((await Attach(uid: 1002)).AllocateAsync("svc")), Is.EqualTo(FlowError.IpcpFailed)); // the clock stands still
        Assert.That(_events, Is.Empty);
    }

    [Test]
    public async Task Many_requests_at_once_start_one_program()
    {
        await BindEcho();
        var client = await Attach();
        var flows = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.AllocateAsync("svc").AsTask())).WaitAsync(Soon);
        Assert.That(flows.Select(f => f.Id), Is.Unique);
        Assert.That(_events, Is.EqualTo(new[] { "start" }));
    }

    [Test]
    public async Task A_server_that_is_busy_for_a_moment_does_not_start_another()
    {
        await BindEcho();
        var bound = await Serve("svc");
        var client = await Attach();
        var allocate = await Begun(() => client.AllocateAsync("svc").AsTask());
        Time.Advance(TimeSpan.FromMilliseconds(900));
        await IrmdIsDone();

        var accepted = await bound.AcceptAsync().AsTask().WaitAsync(Soon);

        Assert.That((await allocate.WaitAsync(Soon)).Id, Is.EqualTo(accepted.Id));
        Assert.That(_events, Is.Empty);
    }

    [Test]
    public async Task A_server_that_is_busy_for_a_second_gets_help()
    {
        await BindEcho();
        await Serve("svc"); // never accepts
        var client = await Attach();
        var allocate = await Begun(() => client.AllocateAsync("svc").AsTask());
        Time.Advance(TimeSpan.FromSeconds(1));
        await allocate.WaitAsync(Soon);
        Assert.That(_events, Is.EqualTo(new[] { "start" }));
    }

    [Test]
    public async Task A_service_that_ends_without_accepting_is_waited_for_two_seconds_and_not_started_over_and_over()
    {
        Node.AddService("failing", (_, _) =>
        {
            _events.Enqueue("start");
            throw new InvalidOperationException("cannot serve");
        });
        await Node.Irm.BindProgramAsync(new ProgramCommand("failing"), "svc", autoStart: true);
        var client = await Attach();
        List<Task<Flow>> allocates = [];
        // All are there before the first of them is worked on, and so before the service can have ended.
        await WhileIrmdIsHeld(() => allocates.AddRange(Enumerable.Range(0, 5).Select(_ => client.AllocateAsync("svc").AsTask())));
        await IrmdIsDone();
        await Until(() => !_events.IsEmpty, "it is started");
        // Attaching it has told the IRMd that it is there; it may be started again, for later requests.
        Time.Advance(TimeSpan.FromMilliseconds(1999));
        await IrmdIsDone();
        Assert.That(allocates.Any(t => t.IsCompleted), Is.False);

        await PassUntilDone(Task.WhenAll(allocates), TimeSpan.FromMilliseconds(1));

        foreach (var allocate in allocates) Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(_events.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task A_shorter_deadline_of_the_client_bounds_the_wait_for_the_program()
    {
        Node.AddService("idle", (_, stop) => Task.Delay(Timeout.Infinite, stop));
        await Node.Irm.BindProgramAsync(new ProgramCommand("idle"), "svc", autoStart: true);
        var client = await Attach();
        var allocate = await Begun(() => client.AllocateAsync("svc", timeout: TimeSpan.FromMilliseconds(300)).AsTask());
        await PassUntilDone(allocate, TimeSpan.FromMilliseconds(300));
        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.TimedOut));
    }

    [Test]
    public async Task An_executable_is_started_with_its_arguments()
    {
        var script = Script("echo \"$1/$2\" > \"$3\"");
        var file = Path.Combine(_folder, "seen");
        await Node.Irm.BindProgramAsync(new ProgramCommand(script, ["a b", "c", file]), "svc", autoStart: true);
        var client = await Attach();
        var allocate = await Begun(() => client.AllocateAsync("svc").AsTask());

        await Until(() => File.Exists(file) && new FileInfo(file).Length > 0, "the program ran");
        Assert.That(await File.ReadAllTextAsync(file), Is.EqualTo("a b/c\n"));
        await PassUntilDone(allocate, TimeSpan.FromSeconds(2));
        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.IpcpFailed), "it has not attached");
    }

    [Test]
    public async Task An_executable_that_has_vanished_since_it_was_bound_is_not_waited_for()
    {
        var script = Script("true");
        await Node.Irm.BindProgramAsync(new ProgramCommand(script), "svc", autoStart: true);
        File.Delete(script);
        Assert.That(await ErrorOf((await Attach()).AllocateAsync("svc")), Is.EqualTo(FlowError.IpcpFailed)); // the clock stands still
    }

    [Test]
    public async Task A_started_program_is_ended_with_the_runtime()
    {
        var pid = Path.Combine(_folder, "pid");
        var script = Script("echo $$ > \"$1\"; exec sleep 600");
        await Node.Irm.BindProgramAsync(new ProgramCommand(script, [pid]), "svc", autoStart: true);
        var client = await Attach();
        var allocate = await Begun(() => client.AllocateAsync("svc").AsTask());
        await Until(() => File.Exists(pid) && new FileInfo(pid).Length > 0, "the program runs");
        var id = int.Parse(await File.ReadAllTextAsync(pid), null);

        await Stop();

        Assert.That(Directory.Exists($"/proc/{id}"), Is.False, "neither running nor a zombie");
        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.BrokenPipe));
    }

    [Test]
    public async Task A_started_program_that_ignores_SIGTERM_is_killed_after_30_seconds()
    {
        var pid = Path.Combine(_folder, "pid");
        var script = Script("trap '' TERM; echo $$ > \"$1\"; while :; do sleep 600; done");
        await Node.Irm.BindProgramAsync(new ProgramCommand(script, [pid]), "svc", autoStart: true);
        var client = await Attach();
        var allocate = await Begun(() => client.AllocateAsync("svc").AsTask());
        await Until(() => File.Exists(pid) && new FileInfo(pid).Length > 0, "the program runs");
        var id = int.Parse(await File.ReadAllTextAsync(pid), null);

        var stop = Stop();
        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.BrokenPipe));
        await Until(() => Time.IsAwaited(TimeSpan.FromSeconds(30)), "the runtime waits for the program");
        Time.Advance(TimeSpan.FromMilliseconds(29_999));
        Assert.That((stop.IsCompleted, Directory.Exists($"/proc/{id}")), Is.EqualTo((false, true)));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await stop;

        Assert.That(Directory.Exists($"/proc/{id}"), Is.False, "neither running nor a zombie");
    }

    [Test]
    public async Task A_service_is_told_when_the_runtime_stops()
    {
        await BindEcho();
        await (await Attach()).AllocateAsync("svc").AsTask().WaitAsync(Soon);
        await Stop();
        Assert.That(_events, Is.EqualTo(new[] { "start", "stop" }));
    }

    /// <summary>Does something while the IRMd works on a command and on nothing else.</summary>
    private async Task WhileIrmdIsHeld(Action action)
    {
        var ipcp = await Node.Irm.CreateIpcpAsync("held", IpcpType.Local);
        using var config = new HeldConfig();
        var held = Node.Irm.BootstrapIpcpAsync(ipcp.Id, config);
        Assert.That(config.Reached.Wait(Soon), Is.True);
        action();
        config.Release.Set();
        Assert.That(await ErrorOf(held), Is.EqualTo(FlowError.UnknownIpcpType));
    }

    private async Task BindEcho()
    {
        Node.AddService("echo", async (application, stop) =>
        {
            _events.Enqueue("start");
            try
            {
                while (true) _ = Echo(await application.AcceptAsync(cancellationToken: stop));
            }
            catch (OperationCanceledException)
            {
                _events.Enqueue("stop");
            }
        });
        await Node.Irm.BindProgramAsync(new ProgramCommand("echo"), "svc", autoStart: true);
    }

    private static async Task Echo(Flow flow)
    {
        try
        {
            while (true) await flow.WriteAsync(await flow.ReadPacketAsync());
        }
        catch (FlowException)
        {
            flow.Dispose();
        }
    }

    private string Script(string body)
    {
        var file = Path.Combine(_folder, "program.sh");
        File.WriteAllText(file, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }

    /// <summary>Holds whoever reads its type, until it is released.</summary>
    private sealed record HeldConfig() : IpcpConfig(new LayerInfo("held", DirectoryHash.Sha3_256)), IDisposable
    {
        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public override IpcpType Type
        {
            get
            {
                Reached.Set();
                Release.Wait(Soon);
                return IpcpType.Broadcast;
            }
        }

        public void Dispose()
        {
            Reached.Dispose();
            Release.Dispose();
        }
    }
}
