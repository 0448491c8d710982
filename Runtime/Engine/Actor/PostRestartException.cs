namespace Akka.Actor;

/// <summary>The constructor or <c>PostRestart</c> failed in a restart.</summary>
public class PostRestartException : ActorInitializationException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="actor">Which actor.</param>
    /// <param name="cause">What went wrong in the restart.</param>
    /// <param name="originalCause">Why the actor was restarted.</param>
    public PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
        : base(actor, $"Exception post restart ({originalCause.GetType()})", cause) => OriginalCause = originalCause;

    /// <summary>Why the actor was restarted.</summary>
    public Exception OriginalCause { get; }
}
