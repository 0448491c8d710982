namespace Akka.Event;

/// <summary>An entry of the log of a fault.</summary>
public class Error : LogEvent
{
    /// <summary>Makes the entry.</summary>
    /// <param name="cause">The exception, or null.</param>
    /// <param name="logSource">Who: path of an actor, or another name.</param>
    /// <param name="logClass">Type of who.</param>
    /// <param name="message">What.</param>
    public Error(Exception? cause, string logSource, Type logClass, object message) : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}
