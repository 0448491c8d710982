using Ouroboros.Hocon;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Control;
using Serilog;

namespace Ouroboros.Samples.Irmd;

/// <summary>
/// The <c>irmd</c> daemon: a runtime from a configuration file, served on a socket until a signal. Exit code 0 after a signal, 1 when it
/// could not start.
/// </summary>
internal static class Daemon
{
    private const int Success = 0;
    private const int Failure = 1;

    /// <summary>Runs the daemon to its exit code.</summary>
    public static async Task<int> MainAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        if (DaemonOptions.Parse(args, out var problem) is not { } options)
        {
            await error.WriteLineAsync(problem).ConfigureAwait(false);
            await output.WriteAsync(DaemonOptions.Usage).ConfigureAwait(false);
            return Failure;
        }
        if (options.Help)
        {
            await output.WriteAsync(DaemonOptions.Usage).ConfigureAwait(false);
            return Success;
        }
        if (options.Version)
        {
            await output.WriteLineAsync($"irmd {typeof(Daemon).Assembly.GetName().Version?.ToString(3)}").ConfigureAwait(false);
            return Success;
        }
        using var signals = new StopSignals();
        try
        {
            var config = options.Config is { } file ? HoconConfig.LoadFile(file) : HoconConfig.ParseString("");
            if (options.Socket is not null) config = config with { Control = config.Control with { Socket = options.Socket } };
            await using var log = DaemonLog.Create(config.Log, options.Stdout);
            Log.Logger = log;
            await RunAsync(config, log.ForContext("SourceContext", "irmd"), signals.Token).ConfigureAwait(false);
            return Success;
        }
        catch (HoconException e)
        {
            foreach (var single in HoconConfig.ErrorsOf(e)) await error.WriteLineAsync($"irmd: {single.Message}").ConfigureAwait(false);
        }
        catch (Exception e) when (e is FlowException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"irmd: {e.Message}").ConfigureAwait(false);
        }
        return Failure;
    }

    private static async Task RunAsync(RuntimeConfig config, ILogger log, CancellationToken stop)
    {
        // Before anything else: what follows touches memory that another daemon may be using.
        using var endpoint = ControlEndpoint.Open(config.Control);
        try
        {
            await using var runtime = await OuroborosRuntime.StartAsync(config, cancellationToken: stop).ConfigureAwait(false);
            await using var server = ControlServer.Start(runtime, config.Control, endpoint);
            log.Information("Ouroboros IPC Resource Manager daemon started; listens at {Socket:l}", endpoint.Path);
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            log.Information("Stopping");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.Information("Stopped while starting");
        }
    }
}
