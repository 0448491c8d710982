using System.Globalization;

namespace Akka.Event;

/// <summary>Formats as <see cref="string.Format(string, object[])"/> does: <c>{0}</c>, <c>{1}</c>, ...</summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    /// <summary>The only instance.</summary>
    public static readonly DefaultLogMessageFormatter Instance = new();

    private DefaultLogMessageFormatter()
    {
    }

    /// <inheritdoc/>
    public string Format(string format, params object[] args) => string.Format(CultureInfo.InvariantCulture, format, args);

    /// <inheritdoc/>
    public string Format(string format, IEnumerable<object> args) => Format(format, args.ToArray());
}
