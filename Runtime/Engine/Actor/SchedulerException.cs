namespace Akka.Actor;

/// <summary>The scheduler takes no more work, because the system has terminated.</summary>
public class SchedulerException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public SchedulerException(string message) : base(message)
    {
    }
}
