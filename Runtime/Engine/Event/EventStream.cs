using Akka.Actor;
using Akka.Configuration;

namespace Akka.Event;

/// <summary>The event bus of a system: log entries, dead letters, unhandled messages and whatever is published on it.</summary>
public sealed class EventStream : LoggingBus
{
    private static readonly LogLevel[] Levels = Enum.GetValues<LogLevel>();
    private static int _loggerId;

    private readonly List<IActorRef> _loggers = [];
    private readonly StandardOutRef _standardOut;

    internal EventStream(ActorSystemImpl system) => _standardOut = new StandardOutRef(system);

    /// <inheritdoc/>
    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        var cell = subscriber as ActorCell;
        if (cell is not null) cell.Extras.Subscribed = true;
        var added = base.Subscribe(subscriber, channel);
        // It may have stopped before it could be known here.
        if (cell is { IsTerminated: true }) Unsubscribe(subscriber);
        return added;
    }

    /// <summary>Changes the lowest level that loggers get.</summary>
    /// <param name="logLevel">The level.</param>
    public void SetLogLevel(LogLevel logLevel)
    {
        LogLevel = logLevel;
        lock (_loggers)
            foreach (var logger in _loggers) SetLevel(logger, logLevel);
    }

    internal void Forget(ActorCell cell)
    {
        if (cell.ExistingExtras is { Subscribed: true }) Unsubscribe(cell);
    }

    internal void StartStandardOut(Settings settings) => SetLevel(_standardOut, Logging.LogLevelFor(settings.StdoutLogLevel));

    internal void StartLoggers(ActorSystemImpl system)
    {
        LogLevel = Logging.LogLevelFor(system.Settings.LogLevel);
        var keepStandardOut = false;
        foreach (var name in system.Settings.Loggers)
        {
            if (name.StartsWith("Akka.Event.StandardOutLogger", StringComparison.Ordinal))
            {
                keepStandardOut = true;
                continue;
            }
            var type = system.FindType(name) ?? throw new ConfigurationException($"Logger specified in config cannot be found: \"{name}\"");
            StartLogger(system, type);
        }
        if (!keepStandardOut) Unsubscribe(_standardOut);
    }

    internal void StopLoggers(Settings settings)
    {
        StartStandardOut(settings);
        lock (_loggers)
        {
            foreach (var logger in _loggers)
            {
                Unsubscribe(logger);
                ((ActorRefBase)logger).Stop();
            }
            _loggers.Clear();
        }
    }

    private void StartLogger(ActorSystemImpl system, Type type)
    {
        var name = $"log{Interlocked.Increment(ref _loggerId)}-{type.Name}";
        var logger = system.SystemActorOf(Props.Create(type).WithDispatcher(system.Settings.LoggersDispatcher), name);
        var started = logger.Ask<object>(new InitializeLogger(this), Timeout.InfiniteTimeSpan);
        var ready = started.ContinueWith(t =>
        {
            if (t.IsFaulted || t.Result is not LoggerInitialized)
            {
                Publish(new Error(t.Exception, name, GetType(), $"Logger {type} did not respond with {nameof(LoggerInitialized)}"));
                ((ActorRefBase)logger).Stop();
                return;
            }
            lock (_loggers) _loggers.Add(logger);
            SetLevel(logger, LogLevel);
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (!ready.Wait(system.Settings.LoggerStartTimeout))
            Publish(new Warning(name, GetType(), $"Logger {type} did not respond within {system.Settings.LoggerStartTimeout}"));
    }

    private void SetLevel(IActorRef logger, LogLevel level)
    {
        foreach (var one in Levels)
        {
            if (one >= level) Subscribe(logger, one.ClassFor());
            else Unsubscribe(logger, one.ClassFor());
        }
    }
}
