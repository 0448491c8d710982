namespace Akka.Event;

/// <summary>A log message with any number of arguments.</summary>
internal sealed class FormattedLogMessage(ILogMessageFormatter formatter, string format, object?[] arguments)
    : LogMessage(formatter, format)
{
    public override IEnumerable<object> Parameters() => arguments!;

    public override string ToString()
    {
        try
        {
            return Formatter.Format(Format, arguments!);
        }
        catch (FormatException)
        {
            // A mistake in a log call must not take the logger down.
            return $"{Format} [{string.Join(", ", arguments)}]";
        }
    }
}
