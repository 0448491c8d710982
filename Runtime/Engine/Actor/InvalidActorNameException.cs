namespace Akka.Actor;

/// <summary>The name of an actor is malformed, or taken by a sibling.</summary>
public class InvalidActorNameException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public InvalidActorNameException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="cause">Why, or null.</param>
    public InvalidActorNameException(string message, Exception? cause) : base(message, cause)
    {
    }
}
