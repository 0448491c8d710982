using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd;

/// <summary>
/// Starts the programs that names are bound to: services of this process and executables. It owns what it started, reaps it, and ends it
/// with the runtime: SIGTERM first, SIGKILL after a time.
/// </summary>
internal sealed partial class ProgramStarter(TimeProvider time)
{
    private const int SigTerm = 15;

    // Reference: FLOW_ALLOC_TIMEOUT / 19.
    private static readonly TimeSpan AfterKill = TimeSpan.FromMilliseconds(1052);

    private readonly ConcurrentDictionary<string, ServiceMain> _services = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Process, bool> _processes = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _starting = new();
    private bool _stopped;

    /// <summary>What services are attached to.</summary>
    public OuroborosRuntime? Runtime { get; set; }

    public void AddService(string program, ServiceMain main)
    {
        if (!_services.TryAdd(program, main)) throw new FlowException(FlowError.AlreadyExists, $"there is a service '{program}' already");
    }

    /// <summary>Whether the program can be started at all.</summary>
    /// <exception cref="FlowException">It is neither a service nor an executable file.</exception>
    public void Check(ProgramCommand program)
    {
        if (_services.ContainsKey(program.Path)) return;
        if (!File.Exists(program.Path))
        {
            throw new FlowException(FlowError.InvalidArgument, $"{program.Path} does not exist, and no service of that name was added; give the full path of an executable");
        }
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(program.Path) & UnixFileMode.UserExecute) == 0)
        {
            throw new FlowException(FlowError.NotPermitted, $"{program.Path} is not executable; check its permissions");
        }
    }

    /// <summary>Who the program will be when it attaches: a service has the rights of the runtime, an executable those of this process.</summary>
    public Credentials CredentialsOf(ProgramCommand program) =>
        _services.ContainsKey(program.Path) ? new Credentials(0, 0, program.Key) : Credentials.Current(program.Key);

    /// <summary>Starts it.</summary>
    /// <exception cref="FlowException">It could not be started.</exception>
    public void Start(ProgramCommand program)
    {
        // What is started is either seen by whoever stops everything, or not started at all.
        lock (_starting)
        {
            if (_stopped) return;
            if (_services.TryGetValue(program.Path, out var main))
            {
                Track(Task.Run(() => RunServiceAsync(program.Key, main)));
                return;
            }
            Check(program);
            StartExecutable(program);
        }
    }

    /// <summary>Ends all that was started; returns when it has ended.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        lock (_starting) _stopped = true;
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var process in _processes.Keys)
        {
            if (!OperatingSystem.IsWindows()) _ = kill(process.Id, SigTerm);
        }
        var all = Task.WhenAll(_running.Keys.Select(EndAsync).Concat(_processes.Keys.Select(p => p.WaitForExitAsync())));
        try
        {
            await all.WaitAsync(patience, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var killed = _processes.Keys.ToList();
            foreach (var process in killed) process.Kill(entireProcessTree: true);
            await EndAsync(Task.WhenAll(killed.Select(p => p.WaitForExitAsync())).WaitAsync(AfterKill, time)).ConfigureAwait(false);
        }
    }

    private async Task RunServiceAsync(string program, ServiceMain main)
    {
        await using var application = await Runtime!.AttachAsync(program, _stopping.Token).ConfigureAwait(false);
        await main(application, _stopping.Token).ConfigureAwait(false);
    }

    // A service that is cancelled ends with an exception, which is no reason to stop stopping; failures are logged where it is tracked.
    private static async Task EndAsync(Task service) => await service.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Track(Task task)
    {
        _running.TryAdd(task, true);
        task.ContinueWith(
            done =>
            {
                _running.TryRemove(done, out _);
                if (done.Exception is { } e && e.InnerException is not OperationCanceledException) Serilog.Log.ForContext<ProgramStarter>().Warning(e.InnerException, "a service failed");
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void StartExecutable(ProgramCommand program)
    {
        var start = new ProcessStartInfo(program.Path) { UseShellExecute = false };
        foreach (var argument in program.Arguments) start.ArgumentList.Add(argument);
        try
        {
            var process = new Process { StartInfo = start, EnableRaisingEvents = true };
            process.Exited += (_, _) => _processes.TryRemove(process, out _);
            process.Start();
            _processes.TryAdd(process, true);
            // It may have ended before it was added.
            if (process.HasExited) _processes.TryRemove(process, out _);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new FlowException(FlowError.InvalidArgument, $"{program.Path} cannot be started: {e.Message}", e);
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
