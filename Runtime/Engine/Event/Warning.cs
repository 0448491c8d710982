namespace Akka.Event;

/// <summary>An entry of the log that may become a fault.</summary>
public class Warning : LogEvent
{
    /// <summary>Makes the entry.</summary>
    /// <param name="logSource">Who: path of an actor, or another name.</param>
    /// <param name="logClass">Type of who.</param>
    /// <param name="message">What.</param>
    public Warning(string logSource, Type logClass, object message) : base(null, logSource, logClass, message)
    {
    }

    /// <summary>Makes the entry.</summary>
    /// <param name="cause">The exception, or null.</param>
    /// <param name="logSource">Who: path of an actor, or another name.</param>
    /// <param name="logClass">Type of who.</param>
    /// <param name="message">What.</param>
    public Warning(Exception? cause, string logSource, Type logClass, object message) : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}
