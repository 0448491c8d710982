using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The settings of a system.</summary>
public class Settings
{
    /// <summary>Reads the settings.</summary>
    /// <param name="system">The system.</param>
    /// <param name="config">Its configuration; what it has not is as in the reference configuration.</param>
    /// <param name="setup">What else it is made from.</param>
    /// <exception cref="ConfigurationException">A setting makes no sense.</exception>
    public Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        System = system;
        Setup = setup;
        Config = config.SafeWithFallback(ConfigurationFactory.Default());
        SupervisorStrategyClass = Config.GetString("akka.actor.guardian-supervisor-strategy");
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout");
        LogLevel = Config.GetString("akka.loglevel");
        StdoutLogLevel = Config.GetString("akka.stdout-loglevel");
        Loggers = Config.GetStringList("akka.loggers");
        LoggersDispatcher = Config.GetString("akka.loggers-dispatcher");
        LoggerStartTimeout = Config.GetTimeSpan("akka.logger-startup-timeout");
        LogDeadLetters = Config.GetString("akka.log-dead-letters") switch
        {
            "on" or "true" or "yes" => int.MaxValue,
            "off" or "false" or "no" => 0,
            _ => Config.GetInt("akka.log-dead-letters"),
        };
        LogDeadLettersDuringShutdown = Config.GetBoolean("akka.log-dead-letters-during-shutdown");
        LogDeadLettersSuspendDuration = Config.GetTimeSpan("akka.log-dead-letters-suspend-duration");
        CoordinatedShutdownTerminateActorSystem = Config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system");
        CoordinatedShutdownRunByActorSystemTerminate = Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate");
        if (CoordinatedShutdownRunByActorSystemTerminate && !CoordinatedShutdownTerminateActorSystem)
        {
            throw new ConfigurationException("akka.coordinated-shutdown.run-by-actor-system-terminate=on and " +
                "akka.coordinated-shutdown.terminate-actor-system=off is not a supported configuration combination.");
        }
    }

    /// <summary>The system.</summary>
    public ActorSystem System { get; }

    /// <summary>The configuration with the defaults.</summary>
    public Config Config { get; }

    /// <summary>What else the system is made from.</summary>
    public ActorSystemSetup Setup { get; }

    /// <summary>Type of the configurator of the strategy of <c>/user</c>.</summary>
    public string SupervisorStrategyClass { get; }

    /// <summary>How long an ask without time-out of its own waits.</summary>
    public TimeSpan AskTimeout { get; }

    /// <summary>Lowest level that loggers get.</summary>
    public string LogLevel { get; }

    /// <summary>Lowest level on standard output while no logger runs.</summary>
    public string StdoutLogLevel { get; }

    /// <summary>Types of the loggers.</summary>
    public IList<string> Loggers { get; }

    /// <summary>Id of their dispatcher.</summary>
    public string LoggersDispatcher { get; }

    /// <summary>How long the start waits for each.</summary>
    public TimeSpan LoggerStartTimeout { get; }

    /// <summary>Puts arguments into log messages.</summary>
    public ILogMessageFormatter LogFormatter => DefaultLogMessageFormatter.Instance;

    /// <summary>How many dead letters are logged before logging them pauses.</summary>
    public int LogDeadLetters { get; }

    /// <summary>Whether they are logged during shutdown.</summary>
    public bool LogDeadLettersDuringShutdown { get; }

    /// <summary>How long logging them pauses.</summary>
    public TimeSpan LogDeadLettersSuspendDuration { get; }

    /// <summary>Whether coordinated shutdown terminates the system.</summary>
    public bool CoordinatedShutdownTerminateActorSystem { get; }

    /// <summary>Whether <see cref="ActorSystem.Terminate"/> runs coordinated shutdown.</summary>
    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    /// <inheritdoc/>
    public override string ToString() => Config.ToString();
}
