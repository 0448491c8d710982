namespace Akka.Actor;

/// <summary><c>PreRestart</c> failed; it is logged, and the restart goes on.</summary>
public class PreRestartException : ActorInitializationException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="actor">Which actor.</param>
    /// <param name="restartException">What <c>PreRestart</c> threw.</param>
    /// <param name="cause">Why the actor was restarted.</param>
    /// <param name="optionalMessage">The message that it failed on, or null.</param>
    public PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
        : base(actor, $"Exception pre restart ({restartException.GetType()})", cause)
    {
        RestartException = restartException;
        OptionalMessage = optionalMessage;
    }

    /// <summary>What <c>PreRestart</c> threw.</summary>
    public Exception RestartException { get; }

    /// <summary>The message that the actor failed on, or null.</summary>
    public object? OptionalMessage { get; }
}
