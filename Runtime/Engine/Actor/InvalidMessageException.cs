namespace Akka.Actor;

/// <summary>A message is not one, such as null.</summary>
public class InvalidMessageException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public InvalidMessageException(string message) : base(message)
    {
    }
}
