namespace Akka.Actor;

/// <summary>The answer to an ask did not come in time.</summary>
public class AskTimeoutException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public AskTimeoutException(string message) : base(message)
    {
    }
}
