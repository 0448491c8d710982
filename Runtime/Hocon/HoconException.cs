namespace Ouroboros.Hocon;

/// <summary>
/// The one exception of this library: malformed text, a reference that cannot be resolved, or a value that means nothing to its reader.
/// The message is <c>file:line:column: path: reason</c>, and the reason says what to do.
/// </summary>
public sealed class HoconException : Exception
{
    /// <summary>An error at a position.</summary>
    /// <param name="origin">Where the offending text is.</param>
    /// <param name="path">Path of the offending value, empty for the root.</param>
    /// <param name="reason">What is wrong and what to do.</param>
    /// <param name="inner">What caused it, if anything.</param>
    public HoconException(HoconOrigin origin, string path, string reason, Exception? inner = null)
        : base(path.Length == 0 ? $"{origin}: {reason}" : $"{origin}: {path}: {reason}", inner)
    {
        Origin = origin;
        Path = path;
        Reason = reason;
    }

    /// <summary>Where the offending text is.</summary>
    public HoconOrigin Origin { get; }

    /// <summary>File (or description of the source) of the offending text.</summary>
    public string File => Origin.Source;

    /// <summary>Line of the offending text, from 1; 0 when the source has no lines.</summary>
    public int Line => Origin.Line;

    /// <summary>Column of the offending text, from 1; 0 when the source has no lines.</summary>
    public int Column => Origin.Column;

    /// <summary>Path of the offending value, empty for the root.</summary>
    public string Path { get; }

    /// <summary>What is wrong and what to do, without position and path.</summary>
    public string Reason { get; }

    /// <summary>An error of meaning at <paramref name="value"/>, for whoever binds configuration to its own types.</summary>
    /// <param name="value">The offending value.</param>
    /// <param name="reason">What is wrong and what to do.</param>
    public static HoconException At(HoconValue value, string reason)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new HoconException(value.Origin, value.Path, reason);
    }

    /// <summary>Quotes a piece of a document for a message; a long one is cut.</summary>
    internal static string Quote(string text) => text.Length <= 60 ? $"'{text}'" : $"'{text[..57]}...'";
}
