namespace Akka.Event;

/// <summary>An entry of the log for whoever looks for a fault.</summary>
public class Debug : LogEvent
{
    /// <summary>Makes the entry.</summary>
    /// <param name="logSource">Who: path of an actor, or another name.</param>
    /// <param name="logClass">Type of who.</param>
    /// <param name="message">What.</param>
    public Debug(string logSource, Type logClass, object message) : base(null, logSource, logClass, message)
    {
    }

    /// <summary>Makes the entry.</summary>
    /// <param name="cause">The exception, or null.</param>
    /// <param name="logSource">Who: path of an actor, or another name.</param>
    /// <param name="logClass">Type of who.</param>
    /// <param name="message">What.</param>
    public Debug(Exception? cause, string logSource, Type logClass, object message) : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}
