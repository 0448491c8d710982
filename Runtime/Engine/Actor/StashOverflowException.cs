namespace Akka.Actor;

/// <summary>A stash holds no more.</summary>
public class StashOverflowException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public StashOverflowException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="cause">Why, or null.</param>
    public StashOverflowException(string message, Exception? cause) : base(message, cause)
    {
    }
}
