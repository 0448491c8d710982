using Akka.Actor;
using Akka.Event;
using Serilog;
using Serilog.Events;

namespace Ouroboros.Runtime.Actors;

/// <summary>Hands the actor system's log events to Serilog, with the actor's path as <c>LogSource</c>. Named in the actor system's configuration.</summary>
public sealed class SerilogLogger : ReceiveActor
{
    /// <summary>Made by the actor system.</summary>
    public SerilogLogger()
    {
        Receive<Error>(e => Write(LogEventLevel.Error, e));
        Receive<Warning>(e => Write(LogEventLevel.Warning, e));
        Receive<Info>(e => Write(LogEventLevel.Information, e));
        Receive<Debug>(e => Write(LogEventLevel.Debug, e));
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
    }

    private static void Write(LogEventLevel level, Akka.Event.LogEvent e) =>
        Log.ForContext("SourceContext", e.LogClass.FullName)
            .ForContext("LogSource", e.LogSource)
            .Write(level, e.Cause, "{Message:l}", e.Message?.ToString());
}
