namespace Akka.Actor;

/// <summary>An actor received <see cref="Kill"/>.</summary>
public class ActorKilledException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public ActorKilledException(string message) : base(message)
    {
    }
}
