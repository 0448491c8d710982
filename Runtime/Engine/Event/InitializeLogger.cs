using Akka.Actor;

namespace Akka.Event;

/// <summary>The first message that a logger gets; it answers with <see cref="LoggerInitialized"/>.</summary>
public class InitializeLogger : INoSerializationVerificationNeeded
{
    /// <summary>Makes the message.</summary>
    /// <param name="loggingBus">Where log entries come from.</param>
    public InitializeLogger(LoggingBus loggingBus) => LoggingBus = loggingBus;

    /// <summary>Where log entries come from.</summary>
    public LoggingBus LoggingBus { get; }
}
