namespace Akka.Actor;

/// <summary>A path of a selection is malformed.</summary>
public class IllegalActorNameException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public IllegalActorNameException(string message) : base(message)
    {
    }
}
