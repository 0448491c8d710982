namespace Ouroboros.Runtime.Actors;

/// <summary>What every runtime sets in its actor system, under what the user sets.</summary>
internal static class ActorSystemSettings
{
    /// <summary>HOCON text.</summary>
    public const string Defaults =
        """
        akka {
          actor.guardian-supervisor-strategy = "Ouroboros.Runtime.Actors.GuardianStrategy, Ouroboros.Runtime"
          loggers = ["Ouroboros.Runtime.Actors.SerilogLogger, Ouroboros.Runtime"]
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.exit-clr = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;
}
