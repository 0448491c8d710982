namespace Akka.Event;

/// <summary>Puts arguments into the text of a log message.</summary>
public interface ILogMessageFormatter
{
    /// <summary>The text with the arguments in it.</summary>
    /// <param name="format">The text with its place holders.</param>
    /// <param name="args">The arguments.</param>
    string Format(string format, params object[] args);

    /// <summary>The text with the arguments in it.</summary>
    /// <param name="format">The text with its place holders.</param>
    /// <param name="args">The arguments.</param>
    string Format(string format, IEnumerable<object> args);
}
