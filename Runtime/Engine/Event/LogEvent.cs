using System.Globalization;
using Akka.Actor;

namespace Akka.Event;

/// <summary>An entry of the log, as it is published on the event stream.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    private protected LogEvent(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause!;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
        Timestamp = DateTime.UtcNow;
        Thread = Thread.CurrentThread;
    }

    /// <summary>The exception, or null.</summary>
    public Exception Cause { get; }

    /// <summary>When, UTC.</summary>
    public DateTime Timestamp { get; }

    /// <summary>On which thread.</summary>
    public Thread Thread { get; }

    /// <summary>Who: path of an actor, or another name.</summary>
    public string LogSource { get; }

    /// <summary>Type of who.</summary>
    public Type LogClass { get; }

    /// <summary>What: a string, or something whose <c>ToString</c> makes it.</summary>
    public object Message { get; }

    /// <summary>How grave.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc/>
    public override string ToString()
    {
        var level = LogLevel().StringFor();
        var time = Timestamp.ToString("MM/dd/yyyy HH:mm:ss.fffK", CultureInfo.InvariantCulture);
        var line = $"[{level}][{time}][Thread {Thread.ManagedThreadId:0000}][{LogSource}] {Message}";
        return Cause is null ? line : $"{line}{Environment.NewLine}Cause: {Cause}";
    }
}
