using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Hosting;
using Serilog;
using Serilog.Core;

namespace Ouroboros.Samples.Irmd;

/// <summary>Where the daemon logs to: as configured, or to the standard output in the reference's format when asked to.</summary>
internal static class DaemonLog
{
    /// <summary>Makes the log.</summary>
    /// <exception cref="FlowException">The log file cannot be written.</exception>
    public static Logger Create(LogSettings settings, bool stdout)
    {
        if (!stdout) return SerilogSetup.CreateLogger(settings);
        var log = new LoggerConfiguration().MinimumLevel.Is(settings.Level);
        foreach (var (source, level) in settings.Sources) log.MinimumLevel.Override(source, level);
        return log
            .WriteTo.Console(new LogFormat(!Console.IsOutputRedirected))
            .WriteTo.Logger(SerilogSetup.CreateLogger(settings with { Console = false }))
            .CreateLogger();
    }
}
