using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Memory;
using Ouroboros.Samples.Irm;
using Ouroboros.Samples.Irmd;

namespace Ouroboros.Tests.Samples;

/// <summary>The daemon as a process: started, managed by <c>irm</c>, ended by a signal; and all the ways in which it does not start.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class IrmdTests
{
    private const int Hup = 1;
    private const int Int = 2;
    private const int Quit = 3;
    private const int Kill = 9;
    private const int Term = 15;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    // On a loaded machine a server that has said that it runs may be late to accept.
    private const string OneLayer = """
        irmd { query-timeout = 1 m, request-arrival-timeout = 1 m, flow-alloc-timeout = 2 m }
        name { oping { lb = round-robin } }
        local { lo { bootstrap = layer, reg = [oping] } }
        """;

    private string _folder = null!;

    private string SocketPath => Path.Combine(_folder, "irm.sock");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("o7s-irmd").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(Term)]
    [TestCase(Int)]
    [TestCase(Hup)]
    [TestCase(Quit)]
    public async Task A_signal_ends_it_with_exit_code_0_and_nothing_left_behind(int signal)
    {
        using var daemon = await IrmdProcess.StartAsync(_folder, OneLayer);
        Assert.That(Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName), Does.Contain("irm.sock").And.Contain("ouroboros.gspp"));

        daemon.Signal(signal);
        var (exitCode, error) = await daemon.EndAsync();
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName), Is.EqualTo(new[] { "irmd.conf" }));
    }

    [Test]
    public async Task The_tool_sees_and_changes_what_the_configuration_made()
    {
        using var daemon = await IrmdProcess.StartAsync(_folder, OneLayer);
        Assert.That(await Irm("name list"), Does.Contain("oping |          round-robin |"));
        Assert.That(await Irm("ipcp list"), Does.Contain("lo |      local |                layer |"));
        await Irm("i b t local n l2 l more");
        await Irm("n reg fresh l more");
        Assert.That(await Irm("name list"), Does.Contain("fresh |            spillover |"));
        await Irm("i d n l2");
        Assert.That(await Irm("inspect"), Does.Contain("irmd  IrmdActor"));

        daemon.Signal(Term);
        Assert.That((await daemon.EndAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Two_programs_reach_each_other_through_it_by_name()
    {
        using var daemon = await IrmdProcess.StartAsync(_folder, OneLayer);
        using var server = Oping("-l");
        Assert.That(await server.StandardOutput.ReadLineAsync().WaitAsync(Soon), Is.EqualTo("Ouroboros ping server started."));
        using (var client = Oping("-n", "oping", "-c", "3", "-i", "1"))
        {
            var output = await client.StandardOutput.ReadToEndAsync().WaitAsync(Soon);
            await client.WaitForExitAsync().WaitAsync(Soon);
            Assert.That(client.ExitCode, Is.Zero, output);
            Assert.That(output, Does.Contain("3 packets transmitted, 3 received"));
        }
        // However it ends, it leaves nothing in the daemon.
        server.Kill();
        await server.WaitForExitAsync().WaitAsync(Soon);
        using var patience = new CancellationTokenSource(Soon);
        while ((await Irm("process list")).Contains(" oping |", StringComparison.Ordinal) || await Irm("flow list") != "No flows in system.\n\n")
        {
            Assert.That(patience.IsCancellationRequested, Is.False, "the daemon still has something of them");
        }

        daemon.Signal(Term);
        Assert.That((await daemon.EndAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Its_log_has_the_format_of_the_reference()
    {
        using var daemon = await IrmdProcess.StartAsync(_folder);
        lock (daemon.Output) Assert.That(daemon.Output, Has.One.Match($"^=={daemon.Id:D5}== irmd\\(II\\): .*daemon started.*{SocketPath}"));
        daemon.Signal(Term);
        await daemon.EndAsync();
    }

    [Test]
    public async Task A_second_daemon_on_the_same_socket_does_not_start_and_the_first_goes_on()
    {
        using var first = await IrmdProcess.StartAsync(_folder, OneLayer);
        using var second = IrmdProcess.Run("--config", Path.Combine(_folder, "irmd.conf"));
        var (exitCode, error) = await second.EndAsync();
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain($"(pid {first.Id})").And.Contain(SocketPath).And.Contain("already"));

        Assert.That(await Irm("name list"), Does.Contain("oping"));
        first.Signal(Term);
        Assert.That((await first.EndAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task It_starts_again_after_it_was_killed()
    {
        using (var killed = await IrmdProcess.StartAsync(_folder))
        {
            killed.Signal(Kill);
            await killed.EndAsync();
        }
        Assert.That(File.Exists(SocketPath), "a killed daemon cannot remove its socket");
        using var daemon = await IrmdProcess.StartAsync(_folder, OneLayer);
        Assert.That(await Irm("name list"), Does.Contain("oping"));
        daemon.Signal(Term);
        Assert.That((await daemon.EndAsync()).ExitCode, Is.Zero);
        Assert.That(File.Exists(SocketPath), Is.False);
    }

    [TestCase("nonsense = 1", "ouroboros.nonsense", "not a known key")]
    [TestCase("local { lo { bootstrap = layer, hash = MD5 } }", "ouroboros.local.lo.hash", "SHA3_256")]
    [TestCase("control.max-connections = 0", "ouroboros.control.max-connections", "out of range")]
    [TestCase("irmd.query-timeout = soon", "ouroboros.irmd.query-timeout", "soon")]
    public async Task A_wrong_configuration_is_refused_with_its_path_and_the_reason(string configuration, string path, string reason)
    {
        using var daemon = IrmdProcess.Run("--config", IrmdProcess.Configure(_folder, configuration));
        var (exitCode, error) = await daemon.EndAsync();
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain(path).And.Contain(reason).And.Contain("irmd.conf"));
        Assert.That(File.Exists(SocketPath), Is.False);
    }

    [Test]
    public async Task It_locks_its_memory_when_asked_and_does_not_start_where_it_may_not()
    {
        const string Asked = "security.lock-memory = true";
        if (MayLockMemory())
        {
            using var daemon = await IrmdProcess.StartAsync(_folder, Asked);
            Assert.That(KibibytesOf(daemon.Id, "VmLck"), Is.GreaterThanOrEqualTo(KibibytesOf(daemon.Id, "VmRSS") / 2), "most of what it uses, at least");
            daemon.Signal(Term);
            Assert.That((await daemon.EndAsync()).ExitCode, Is.Zero);
        }
        // 64 KiB, and no right to more.
        string[] confined = [.. Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set", "-ipc_lock", "--inh-caps", "-ipc_lock"] : Array.Empty<string>(), "prlimit", "--memlock=65536"];
        using var refused = IrmdProcess.RunUnder(confined, "--config", IrmdProcess.Configure(_folder, Asked));
        var (exitCode, error) = await refused.EndAsync();
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("ouroboros.security.lock-memory").And.Contain("CAP_IPC_LOCK").And.Not.Contain("   at "));
        Assert.That(Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName), Is.EqualTo(new[] { "irmd.conf" }));
    }

    [Test]
    public async Task It_sees_to_large_pages_when_asked_and_does_not_start_where_there_are_none()
    {
        const string Asked = "large-pages = true";
        if (HasLargePages())
        {
            using var daemon = await IrmdProcess.StartAsync(_folder, Asked);
            // A thread gives itself its name when it first runs.
            var end = Stopwatch.GetTimestamp() + (Soon.Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond));
            while (!ThreadsOf(daemon.Id).Contains("ouroboros-large")) Assert.That(Stopwatch.GetTimestamp(), Is.LessThan(end), "no thread sees to large pages");
            daemon.Signal(Term);
            Assert.That((await daemon.EndAsync()).ExitCode, Is.Zero);
        }
        IrmdProcess refused;
        // Programs inherit it.
        ForbidLargePages(true);
        try
        {
            refused = IrmdProcess.Run("--config", IrmdProcess.Configure(_folder, Asked));
        }
        finally
        {
            ForbidLargePages(false);
        }
        using (refused)
        {
            var (exitCode, error) = await refused.EndAsync();
            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(error, Does.Contain("ouroboros.large-pages: no large pages here").And.Contain("set it to false").And.Not.Contain("   at "));
        }
        Assert.That(Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName), Is.EqualTo(new[] { "irmd.conf" }));
    }

    [Test]
    public async Task A_stanza_that_cannot_be_applied_is_named_and_nothing_is_left_running()
    {
        // Two programs of one name's last component cannot both be bound to it.
        using var daemon = IrmdProcess.Run(
            "--config", IrmdProcess.Configure(_folder, "local { lo { bootstrap = layer } }\n  name { x { prog = [\"/bin/a\", \"/sbin/a\"] } }"));
        var (exitCode, error) = await daemon.EndAsync();
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("ouroboros.name.x"));
        Assert.That(Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName), Is.EqualTo(new[] { "irmd.conf" }));
    }

    [Test]
    public async Task A_missing_configuration_file_is_named()
    {
        using var daemon = IrmdProcess.Run("--config", Path.Combine(_folder, "nosuch.conf"));
        var (exitCode, error) = await daemon.EndAsync();
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("nosuch.conf"));
    }

    [TestCase("--nonsense", "--nonsense is unknown.")]
    [TestCase("--config", "--config needs a value.")]
    [TestCase("--stdout --socket", "--socket needs a value.")]
    public async Task A_wrong_option_is_named_before_the_usage(string args, string problem)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        Assert.That(await Daemon.MainAsync(args.Split(' '), output, error), Is.EqualTo(1));
        Assert.That(error.ToString(), Is.EqualTo(problem + "\n"));
        Assert.That(output.ToString(), Does.StartWith("Usage: irmd"));
    }

    [TestCase("--help")]
    [TestCase("-h")]
    public async Task Help_is_all_that_it_says_when_asked(string option)
    {
        var output = new StringWriter { NewLine = "\n" };
        Assert.That(await Daemon.MainAsync([option, "--config", "/no/such/file"], output, TextWriter.Null), Is.Zero);
        Assert.That(output.ToString(), Does.StartWith("Usage: irmd").And.Contain("--config FILE").And.Contain("Example:"));
    }

    [Test]
    public async Task Its_version_is_all_that_it_says_when_asked()
    {
        var output = new StringWriter { NewLine = "\n" };
        Assert.That(await Daemon.MainAsync(["--version"], output, TextWriter.Null), Is.Zero);
        Assert.That(output.ToString(), Does.Match(@"^irmd \d+\.\d+\.\d+\n$"));
    }

    /// <summary>Whether a process like this one may lock all that it has.</summary>
    private static bool MayLockMemory()
    {
        const int IpcLock = 14;
        var rights = File.ReadLines("/proc/self/status").Single(l => l.StartsWith("CapEff:", StringComparison.Ordinal))["CapEff:".Length..];
        var limit = File.ReadLines("/proc/self/limits").Single(l => l.StartsWith("Max locked memory", StringComparison.Ordinal));
        return (Convert.ToUInt64(rights.Trim(), 16) >> IpcLock & 1) != 0 || limit["Max locked memory".Length..].TrimStart().StartsWith("unlimited", StringComparison.Ordinal);
    }

    private static bool HasLargePages()
    {
        try
        {
            using var pages = LargePages.Open();
            return true;
        }
        catch (FlowException)
        {
            return false;
        }
    }

    /// <summary>The first 15 characters of the names of a process's threads.</summary>
    private static List<string> ThreadsOf(int process)
    {
        var names = new List<string>();
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            try
            {
                names.Add(File.ReadAllText(Path.Combine(thread, "comm")).Trim());
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
        return names;
    }

    private static void ForbidLargePages(bool forbid)
    {
        const int SetThpDisable = 41;
        // A kernel without large pages does not know it, and needs no telling.
        _ = prctl(SetThpDisable, forbid ? 1 : 0, 0, 0, 0);
    }

    [LibraryImport("libc")]
    private static partial int prctl(int option, nint a, nint b, nint c, nint d);

    private static long KibibytesOf(int process, string field) => long.Parse(
        File.ReadLines($"/proc/{process}/status").Single(l => l.StartsWith(field + ":", StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private Process Oping(params string[] args)
    {
        var start = ToolProcess.StartInfo("oping.dll", args);
        start.RedirectStandardError = false;
        start.Environment[ControlProtocol.SocketVariable] = SocketPath;
        return Process.Start(start)!;
    }

    private async Task<string> Irm(string command)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter();
        Assert.That(await IrmTool.MainAsync(["--socket", SocketPath, .. command.Split(' ')], output, error), Is.Zero, error.ToString());
        return output.ToString();
    }
}
