namespace Akka.Actor;

/// <summary>A logger did not start.</summary>
public class LoggerInitializationException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public LoggerInitializationException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="cause">Why, or null.</param>
    public LoggerInitializationException(string message, Exception? cause) : base(message, cause)
    {
    }
}
