using System.Text;

namespace Ouroboros.Hocon;

/// <summary>Path expressions: elements that are separated by full stops, an element in quotes where it holds anything special.</summary>
public static class HoconPath
{
    /// <summary>Elements of a path expression.</summary>
    /// <param name="path">A path expression such as <c>a.b."c.d"</c>.</param>
    /// <exception cref="HoconException">Not a path expression.</exception>
    public static IReadOnlyList<string> Parse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Parser.ParsePathExpression(path);
    }

    /// <summary>The path expression that names these elements.</summary>
    /// <param name="elements">Keys, outermost first.</param>
    public static string Join(IEnumerable<string> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        var text = new StringBuilder();
        foreach (var element in elements) Append(text, element);
        return text.ToString();
    }

    /// <summary>A key as it has to be written in a path expression: quoted where it holds anything special.</summary>
    /// <param name="key">A key.</param>
    public static string Quote(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return IsPlain(key) ? key : Renderer.Quote(key);
    }

    internal static void Append(StringBuilder text, string key)
    {
        if (text.Length > 0) text.Append('.');
        text.Append(Quote(key));
    }

    internal static bool IsPlain(string key)
    {
        foreach (var c in key)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
        return key.Length > 0;
    }
}
