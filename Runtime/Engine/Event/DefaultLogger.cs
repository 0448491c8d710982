using Akka.Actor;

namespace Akka.Event;

/// <summary>Writes log entries to standard output.</summary>
public class DefaultLogger : ActorBase
{
    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent entry:
                Print(entry);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes an entry.</summary>
    /// <param name="logEvent">The entry.</param>
    protected virtual void Print(LogEvent logEvent) => Console.WriteLine(logEvent);
}
