using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ouroboros.Tests.Samples;

/// <summary>The daemon as a process of its own, in a folder of its own: socket, configuration and packet memory.</summary>
internal sealed partial class IrmdProcess : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private IrmdProcess(string[] args, params string[] starter)
    {
        var start = ToolProcess.StartInfoUnder(starter, "irmd.dll", args);
        start.RedirectStandardInput = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Everything that it wrote to its standard output so far.</summary>
    public List<string> Output { get; } = [];

    public int Id => _process.Id;

    /// <summary>Starts it and does not wait.</summary>
    public static IrmdProcess Run(params string[] args) => new(args);

    /// <summary>As <see cref="Run"/>, started by another program that takes a command line.</summary>
    public static IrmdProcess RunUnder(string[] starter, params string[] args) => new(args, starter);

    /// <summary>Starts it with a configuration in a folder and waits until it serves.</summary>
    public static async Task<IrmdProcess> StartAsync(string folder, string configuration = "")
    {
        var daemon = new IrmdProcess(["--stdout", "--config", Configure(folder, configuration)]);
        try
        {
            await daemon._ready.Task.WaitAsync(Soon);
            return daemon;
        }
        catch (Exception e)
        {
            var ended = daemon._process.HasExited;
            if (!ended) daemon._process.Kill();
            var (exitCode, error) = await daemon.EndAsync();
            var output = string.Join('\n', daemon.Output);
            daemon.Dispose();
            throw new InvalidOperationException($"irmd did not start; {(ended ? $"it ended with {exitCode}" : "killed")}; it said: {output}{error}", e);
        }
    }

    /// <summary>Writes a configuration file that keeps everything in the folder.</summary>
    public static string Configure(string folder, string configuration = "")
    {
        var file = Path.Combine(folder, "irmd.conf");
        File.WriteAllText(file, $$"""
            ouroboros {
              control.socket = "{{folder}}/irm.sock"
              pool.directory = "{{folder}}"
              {{configuration}}
            }
            """);
        return file;
    }

    public void Signal(int signal) => Assert.That(kill(_process.Id, signal), Is.Zero);

    /// <summary>Waits for its end.</summary>
    public async Task<(int ExitCode, string Error)> EndAsync()
    {
        using var patience = new CancellationTokenSource(Soon);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            _ready.TrySetException(new InvalidOperationException("it has ended"));
            return;
        }
        lock (Output) Output.Add(line);
        if (line.Contains("daemon started", StringComparison.Ordinal)) _ready.TrySetResult();
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
