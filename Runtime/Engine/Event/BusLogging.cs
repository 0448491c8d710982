namespace Akka.Event;

/// <summary>Writes to the log by publishing on the event stream.</summary>
public sealed class BusLogging : ILoggingAdapter
{
    /// <summary>Makes the adapter.</summary>
    /// <param name="bus">Where it publishes.</param>
    /// <param name="logSource">In whose name.</param>
    /// <param name="logClass">Type of who.</param>
    /// <param name="logMessageFormatter">Puts arguments into messages.</param>
    public BusLogging(LoggingBus bus, string logSource, Type logClass, ILogMessageFormatter logMessageFormatter)
    {
        Bus = bus;
        LogSource = logSource;
        LogClass = logClass;
        Formatter = logMessageFormatter;
    }

    /// <summary>Where it publishes.</summary>
    public LoggingBus Bus { get; }

    /// <summary>In whose name.</summary>
    public string LogSource { get; }

    /// <summary>Type of who.</summary>
    public Type LogClass { get; }

    /// <inheritdoc/>
    public ILogMessageFormatter Formatter { get; }

    /// <inheritdoc/>
    public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    /// <inheritdoc/>
    public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    /// <inheritdoc/>
    public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    /// <inheritdoc/>
    public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => Bus.LogLevel <= logLevel;

    /// <inheritdoc/>
    public void Log(LogLevel logLevel, Exception? cause, string format) => Publish(logLevel, cause, format);

    /// <inheritdoc/>
    public void Log(LogLevel logLevel, Exception? cause, LogMessage message) => Publish(logLevel, cause, message);

    private void Publish(LogLevel level, Exception? cause, object message) => Bus.Publish(level switch
    {
        LogLevel.DebugLevel => new Debug(cause, LogSource, LogClass, message),
        LogLevel.InfoLevel => new Info(cause, LogSource, LogClass, message),
        LogLevel.WarningLevel => new Warning(cause, LogSource, LogClass, message),
        _ => (LogEvent)new Error(cause, LogSource, LogClass, message),
    });
}
