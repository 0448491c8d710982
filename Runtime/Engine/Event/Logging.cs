using Akka.Actor;

namespace Akka.Event;

/// <summary>Makes logging adapters, and translates levels.</summary>
public static class Logging
{
    internal const LogLevel OffLevel = (LogLevel)int.MaxValue;

    /// <summary>The log of an actor.</summary>
    /// <param name="context">Its context.</param>
    /// <param name="logMessageFormatter">Puts arguments into messages; null: that of the system.</param>
    public static ILoggingAdapter GetLogger(this IActorContext context, ILogMessageFormatter? logMessageFormatter = null) =>
        new BusLogging(context.System.EventStream, context.Self.Path.ToString(), context.Props.Type,
            logMessageFormatter ?? context.System.Settings.LogFormatter);

    /// <summary>The log of anything.</summary>
    /// <param name="system">The system.</param>
    /// <param name="logSourceObj">In whose name: a string, a type, an actor, or an object that stands for its type.</param>
    /// <param name="logMessageFormatter">Puts arguments into messages; null: that of the system.</param>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        var (source, type) = SourceOf(logSourceObj);
        var name = logSourceObj is IActorContext or IActorRef ? source : $"{source} ({system})";
        return new BusLogging(system.EventStream, name, type, logMessageFormatter ?? system.Settings.LogFormatter);
    }

    /// <summary>The log of anything.</summary>
    /// <param name="loggingBus">Where to publish.</param>
    /// <param name="logSourceObj">In whose name: a string, a type, an actor, or an object that stands for its type.</param>
    /// <param name="logMessageFormatter">Puts arguments into messages; null: the default.</param>
    public static ILoggingAdapter GetLogger(LoggingBus loggingBus, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        var (source, type) = SourceOf(logSourceObj);
        return new BusLogging(loggingBus, source, type, logMessageFormatter ?? DefaultLogMessageFormatter.Instance);
    }

    /// <summary>The level of a name: DEBUG, INFO, WARNING, ERROR or OFF.</summary>
    /// <param name="logLevel">The name, in any case.</param>
    /// <exception cref="ArgumentException">There is no such level.</exception>
    public static LogLevel LogLevelFor(string logLevel) => logLevel?.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => OffLevel,
        _ => throw new ArgumentException(
            $"Unknown LogLevel: \"{logLevel}\". Valid values are: \"DEBUG\", \"INFO\", \"WARNING\", \"ERROR\"", nameof(logLevel)),
    };

    /// <summary>The type of event of a level.</summary>
    /// <param name="logLevel">The level.</param>
    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        LogLevel.ErrorLevel => typeof(Error),
        _ => throw new ArgumentException("Unknown LogLevel", nameof(logLevel)),
    };

    /// <summary>The name of a level.</summary>
    /// <param name="logLevel">The level.</param>
    public static string StringFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        OffLevel => "OFF",
        _ => throw new ArgumentException("Unknown LogLevel", nameof(logLevel)),
    };

    private static (string Source, Type Type) SourceOf(object source) => source switch
    {
        IActorContext context => (context.Self.Path.ToString(), context.Props.Type),
        IActorRef actor => (actor.Path.ToString(), actor.GetType()),
        string text => (text, typeof(string)),
        Type type => (type.Name, type),
        _ => (source.GetType().Name, source.GetType()),
    };
}
