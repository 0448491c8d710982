namespace Ouroboros.Hocon;

/// <summary>Where a value was written. Every value and every error carries one, so that a wrong setting can be found without a search.</summary>
/// <param name="Source">File path as it was given, or a description such as <c>IConfiguration</c>.</param>
/// <param name="Line">Line, from 1; 0 when the source has no lines.</param>
/// <param name="Column">Column in UTF-16 code units, from 1; 0 when the source has no lines.</param>
public readonly record struct HoconOrigin(string Source, int Line, int Column)
{
    /// <summary>An origin without a position, such as <c>IConfiguration</c>.</summary>
    /// <param name="source">What the value came from.</param>
    public HoconOrigin(string source) : this(source, 0, 0)
    {
    }

    /// <summary><c>file:line:column</c>, or only the source when it has no lines.</summary>
    public override string ToString() => Line > 0 ? $"{Source}:{Line}:{Column}" : Source ?? "<unknown>";
}
