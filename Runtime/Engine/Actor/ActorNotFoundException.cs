namespace Akka.Actor;

/// <summary>A selection found no actor.</summary>
public class ActorNotFoundException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public ActorNotFoundException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="cause">Why, or null.</param>
    public ActorNotFoundException(string message, Exception? cause) : base(message, cause)
    {
    }
}
