using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Ouroboros.Runtime.Hosting;

/// <summary>Hands what the runtime logs to Serilog's static logger over to the loggers of a host. Owns the static logger while attached.</summary>
internal sealed class HostLogging : ILogEventSink
{
    private const string NoSource = "Ouroboros";

    private readonly ILoggerFactory _factory;

    private HostLogging(ILoggerFactory factory) => _factory = factory;

    /// <summary>Attaches; disposing what is returned puts the former logger back.</summary>
    public static IDisposable Attach(ILoggerFactory factory)
    {
        var former = Log.Logger;
        // Filters are the host's; what it does not want costs a look at the level.
        var forwarding = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(new HostLogging(factory)).CreateLogger();
        Log.Logger = forwarding;
        return new Attachment(forwarding, former);
    }

    public void Emit(LogEvent logEvent)
    {
        var source = logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var property) && property is ScalarValue { Value: string text } ? text : NoSource;
        var logger = _factory.CreateLogger(source);
        var level = LevelOf(logEvent.Level);
        if (!logger.IsEnabled(level)) return;
        var state = new List<KeyValuePair<string, object?>>(logEvent.Properties.Count + 1);
        foreach (var (name, value) in logEvent.Properties) state.Add(new(name, value is ScalarValue scalar ? scalar.Value : value));
        state.Add(new("{OriginalFormat}", logEvent.MessageTemplate.Text));
        logger.Log(level, default, state, logEvent.Exception, (_, _) => logEvent.RenderMessage(null));
    }

    private static LogLevel LevelOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => LogLevel.Trace,
        LogEventLevel.Debug => LogLevel.Debug,
        LogEventLevel.Information => LogLevel.Information,
        LogEventLevel.Warning => LogLevel.Warning,
        LogEventLevel.Error => LogLevel.Error,
        _ => LogLevel.Critical,
    };

    private sealed class Attachment(Logger forwarding, Serilog.ILogger former) : IDisposable
    {
        public void Dispose()
        {
            if (ReferenceEquals(Log.Logger, forwarding)) Log.Logger = former;
            forwarding.Dispose();
        }
    }
}
