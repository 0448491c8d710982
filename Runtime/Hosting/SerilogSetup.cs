using Ouroboros.Runtime.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Ouroboros.Runtime.Hosting;

/// <summary>
/// Makes the logger that <c>ouroboros.log</c> describes. The runtime logs to Serilog's static <see cref="Log.Logger"/>; whoever starts the
/// process assigns it: <c>Log.Logger = SerilogSetup.CreateLogger(config.Log)</c>, and <see cref="Log.CloseAndFlush"/> at the end.
/// </summary>
public static class SerilogSetup
{
    private const string Template = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";

    /// <summary>A logger.</summary>
    /// <param name="settings">What to log and where to.</param>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/>: the log file cannot be written.</exception>
    public static Logger CreateLogger(LogSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var configuration = new LoggerConfiguration().MinimumLevel.Is(settings.Level);
        foreach (var (source, level) in settings.Sources) configuration.MinimumLevel.Override(source, level);
        if (settings.Console) configuration.WriteTo.Console(outputTemplate: Template, standardErrorFromLevel: LogEventLevel.Verbose, formatProvider: null);
        if (settings.File is { } file)
        {
            CheckWritable(file);
            configuration.WriteTo.File(file, outputTemplate: Template, formatProvider: null, rollOnFileSizeLimit: true);
        }
        return configuration.CreateLogger();
    }

    // Serilog drops what it cannot write; a daemon whose log goes nowhere is worse than one that does not start.
    private static void CheckWritable(string file)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } directory) Directory.CreateDirectory(directory);
            using var _ = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new FlowException(FlowError.InvalidArgument, $"ouroboros.log.file: {file} cannot be written: {e.Message}", e);
        }
    }
}
