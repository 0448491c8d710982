namespace Akka.Event;

/// <summary>Writes to the log in the name of one source. See <see cref="LoggingExtensions"/> for the methods to call.</summary>
public interface ILoggingAdapter
{
    /// <summary>Puts arguments into messages.</summary>
    ILogMessageFormatter Formatter { get; }

    /// <summary>Whether debug entries are wanted.</summary>
    bool IsDebugEnabled { get; }

    /// <summary>Whether info entries are wanted.</summary>
    bool IsInfoEnabled { get; }

    /// <summary>Whether warnings are wanted.</summary>
    bool IsWarningEnabled { get; }

    /// <summary>Whether errors are wanted.</summary>
    bool IsErrorEnabled { get; }

    /// <summary>Whether entries of a level are wanted.</summary>
    /// <param name="logLevel">The level.</param>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>Writes an entry, wanted or not.</summary>
    /// <param name="logLevel">How grave.</param>
    /// <param name="cause">The exception, or null.</param>
    /// <param name="format">The text.</param>
    void Log(LogLevel logLevel, Exception? cause, string format);

    /// <summary>Writes an entry, wanted or not.</summary>
    /// <param name="logLevel">How grave.</param>
    /// <param name="cause">The exception, or null.</param>
    /// <param name="message">The text with its arguments.</param>
    void Log(LogLevel logLevel, Exception? cause, LogMessage message);
}
