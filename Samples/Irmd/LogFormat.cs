using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace Ouroboros.Samples.Irmd;

/// <summary>Log lines as the reference writes them: <c>==PID== component(LVL): text</c>, coloured on a terminal.</summary>
internal sealed class LogFormat(bool colour) : ITextFormatter
{
    private readonly string _pid = Environment.ProcessId.ToString("D5", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var (level, code) = logEvent.Level switch
        {
            LogEventLevel.Verbose => ("PP", 35),
            LogEventLevel.Debug => ("DB", 34),
            LogEventLevel.Information => ("II", 32),
            LogEventLevel.Warning => ("WW", 33),
            _ => ("EE", 31),
        };
        if (colour) output.Write($"\u001b[{code}m");
        output.Write($"=={_pid}== {Component(logEvent)}({level}): ");
        logEvent.RenderMessage(output, CultureInfo.InvariantCulture);
        if (logEvent.Exception is { } exception) output.Write($" [{exception}]");
        if (colour) output.Write("\u001b[0m");
        output.Write('\n');
    }

    // Ouroboros.Runtime.Irmd.IrmdActor -> irmd/irmdactor; a component that names itself is left as it is.
    private static string Component(LogEvent logEvent)
    {
        if (!logEvent.Properties.TryGetValue("SourceContext", out var value) || value is not ScalarValue { Value: string source }) return "irmd";
        if (!source.StartsWith("Ouroboros.", StringComparison.Ordinal)) return source;
        return string.Join('/', source.Split('.').Skip(2)).ToLowerInvariant();
    }
}
