namespace Akka.Event;

/// <summary>A message of the log with arguments that are put in only when somebody reads it.</summary>
public abstract class LogMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="formatter">Puts the arguments in.</param>
    /// <param name="format">The text with its place holders.</param>
    protected LogMessage(ILogMessageFormatter formatter, string format)
    {
        Formatter = formatter;
        Format = format;
    }

    /// <summary>The text with its place holders.</summary>
    public string Format { get; }

    /// <summary>Puts the arguments in.</summary>
    protected ILogMessageFormatter Formatter { get; }

    /// <summary>The arguments.</summary>
    public abstract IEnumerable<object> Parameters();
}
