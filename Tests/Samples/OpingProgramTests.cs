using System.Diagnostics;
using System.Runtime.InteropServices;
using Ouroboros.Samples;
using Ouroboros.Samples.Oping;

namespace Ouroboros.Tests.Samples;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed partial class OpingProgramTests
{
    private const int SigTerm = 15;
    private const int SigInt = 2;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly ToolOutput _output = new();
    private readonly ToolOutput _error = new();

    [Test]
    public async Task Wrong_command_lines_end_with_1_and_help_with_0()
    {
        Assert.That(await Run(), Is.EqualTo(1));
        Assert.That(await Run("-n", "oping", "--help"), Is.Zero);
        Assert.That(await Run("--nonsense"), Is.EqualTo(1));
        Assert.That(await Run("-n", "oping", "-i", "3w"), Is.EqualTo(1));
        Assert.That(_error.Text, Is.Empty);
    }

    [Test]
    public async Task A_name_that_is_not_known_ends_with_1_and_the_reference_s_error_and_a_way_out()
    {
        Assert.That(await Run("-n", "nosuch", "-c", "1"), Is.EqualTo(1));
        Assert.That(_output.Text, Is.EqualTo("Failed to allocate flow: -1007.\n"));
        Assert.That(_error.Text, Does.Contain("nosuch").And.Contain("--config"));
    }

    [Test]
    public async Task A_configuration_that_is_not_there_ends_with_1_and_its_name()
    {
        Assert.That(await Run("-n", "oping", "--config", "/nonexistent/oping.conf"), Is.EqualTo(1));
        Assert.That(_error.Text, Does.Contain("/nonexistent/oping.conf"));
    }

    [Test]
    public async Task A_configuration_with_a_wrong_key_ends_with_1_and_its_place()
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "wrong.conf");
        await File.WriteAllTextAsync(file, "ouroboros {\n  nonsense = 1\n}\n");
        Assert.That(await Run("-n", "oping", "--config", file), Is.EqualTo(1));
        Assert.That(_error.Text, Does.Contain("wrong.conf").And.Contain("nonsense"));
    }

    [Test]
    public async Task A_server_that_is_stopped_ends_with_0()
    {
        using var stop = new CancellationTokenSource();
        var running = OpingProgram.RunAsync(["-l", "-n", "name"], new ToolConsole(_output, _error), stop.Token);
        using var patience = new CancellationTokenSource(Soon);
        while (_output.Text != "Ouroboros ping server started.\n")
        {
            Assert.That(patience.IsCancellationRequested || running.IsFaulted, Is.False, _error.Text);
            await Task.Yield();
        }
        await stop.CancelAsync();
        Assert.That(await running.WaitAsync(Soon), Is.Zero);
    }

    [TestCase(SigTerm)]
    [TestCase(SigInt)]
    public async Task A_server_process_that_gets_a_signal_ends_with_0(int signal)
    {
        using var process = Process.Start(ToolProcess.StartInfo("oping.dll", "-l"))!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Soon);
            Assert.That(line, Is.EqualTo("Ouroboros ping server started."));
            Assert.That(Kill(process.Id, signal), Is.Zero);
            using var patience = new CancellationTokenSource(Soon);
            await process.WaitForExitAsync(patience.Token);
            Assert.That(process.ExitCode, Is.Zero);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private Task<int> Run(params string[] arguments) => OpingProgram.RunAsync(arguments, new ToolConsole(_output, _error), CancellationToken.None).WaitAsync(Soon);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
