namespace Akka.Actor;

/// <summary>An actor left a <see cref="Terminated"/> unhandled; by default it is stopped.</summary>
public class DeathPactException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="deadActor">Who was watched and stopped.</param>
    public DeathPactException(IActorRef deadActor) : base($"Monitored actor [{deadActor}] terminated") => DeadActor = deadActor;

    /// <summary>Who was watched and stopped.</summary>
    public IActorRef DeadActor { get; }
}
