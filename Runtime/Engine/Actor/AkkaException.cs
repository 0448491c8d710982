namespace Akka.Actor;

/// <summary>Base of what the actor engine throws.</summary>
public abstract class AkkaException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong, or null.</param>
    /// <param name="cause">Why, or null.</param>
    protected AkkaException(string? message, Exception? cause = null) : base(message, cause)
    {
    }

    /// <summary>Why, or null.</summary>
    protected Exception? Cause => InnerException;
}
