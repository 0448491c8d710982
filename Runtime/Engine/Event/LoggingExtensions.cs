namespace Akka.Event;

/// <summary>Writing to the log: <c>log.Info("{0} is up", name)</c>. Arguments are put in only when the entry is wanted and read.</summary>
public static partial class LoggingExtensions
{
    /// <summary>Writes an entry, wanted or not.</summary>
    /// <param name="log">The log.</param>
    /// <param name="level">How grave.</param>
    /// <param name="format">The text.</param>
    public static void Log(this ILoggingAdapter log, LogLevel level, string format) => log.Log(level, null, format);

    /// <summary>Writes an entry, wanted or not.</summary>
    /// <param name="log">The log.</param>
    /// <param name="level">How grave.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="args">The arguments.</param>
    public static void Log(this ILoggingAdapter log, LogLevel level, string format, object[] args) => log.Log(level, null, format, args);

    /// <summary>Writes an entry, wanted or not.</summary>
    /// <param name="log">The log.</param>
    /// <param name="level">How grave.</param>
    /// <param name="cause">The exception, or null.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="args">The arguments.</param>
    public static void Log(this ILoggingAdapter log, LogLevel level, Exception? cause, string format, object?[] args) =>
        log.Log(level, cause, new FormattedLogMessage(log.Formatter, format, args));
}
