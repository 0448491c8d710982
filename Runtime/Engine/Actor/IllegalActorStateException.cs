namespace Akka.Actor;

/// <summary>Something was done that the state of the actor does not allow, such as stashing a message twice.</summary>
public class IllegalActorStateException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public IllegalActorStateException(string message) : base(message)
    {
    }
}
