using System.Text;

namespace Ouroboros.Hocon;

// What the parser saw, before anything is merged or resolved. Immutable once parsed: one document can be resolved many times,
// over different fallbacks.

internal abstract class SyntaxNode(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;
}

/// <summary>A string, number, boolean or null; also the white space between the parts of a concatenation.</summary>
internal sealed class SyntaxScalar(HoconOrigin origin, string text, bool quoted, bool space = false) : SyntaxNode(origin)
{
    public string Text { get; } = text;

    public bool Quoted { get; } = quoted;

    public bool IsSpace { get; } = space;
}

/// <summary><c>${path}</c>, <c>${?path}</c>, <c>${path[]}</c>.</summary>
internal sealed class SyntaxSubstitution(HoconOrigin origin, IReadOnlyList<string> path, bool optional, bool list) : SyntaxNode(origin)
{
    public IReadOnlyList<string> Path { get; } = path;

    public bool Optional { get; } = optional;

    public bool List { get; } = list;
}

internal sealed class SyntaxConcatenation(HoconOrigin origin, List<SyntaxNode> parts) : SyntaxNode(origin)
{
    public List<SyntaxNode> Parts { get; } = parts;
}

internal sealed class SyntaxArray(HoconOrigin origin) : SyntaxNode(origin)
{
    public List<SyntaxNode> Items { get; } = [];
}

internal sealed class SyntaxObject(HoconOrigin origin) : SyntaxNode(origin)
{
    public List<SyntaxMember> Members { get; } = [];
}

/// <summary>A field, or in its place the root of an included file.</summary>
internal sealed class SyntaxMember
{
    public SyntaxMember(HoconOrigin keyOrigin, IReadOnlyList<string> path, SyntaxNode value, bool append)
    {
        KeyOrigin = keyOrigin;
        Path = path;
        Value = value;
        Append = append;
    }

    public SyntaxMember(HoconOrigin keyOrigin, SyntaxObject included)
    {
        KeyOrigin = keyOrigin;
        Path = [];
        Value = included;
        IsInclude = true;
    }

    public HoconOrigin KeyOrigin { get; }

    public IReadOnlyList<string> Path { get; }

    public SyntaxNode Value { get; }

    public bool Append { get; }

    public bool IsInclude { get; }
}

/// <summary>A place in the tree, for messages only: a chain up to the root.</summary>
internal sealed class Place(Place? parent, string? key, int index)
{
    public static Place? Of(Place? parent, IEnumerable<string> path)
    {
        foreach (var key in path) parent = new Place(parent, key, 0);
        return parent;
    }

    public static string Name(Place? place)
    {
        var steps = new Stack<Place>();
        for (var at = place; at is not null; at = at.Parent) steps.Push(at);
        var text = new StringBuilder();
        foreach (var step in steps)
        {
            if (step.Key is not null) HoconPath.Append(text, step.Key);
            else text.Append('[').Append(step.Index).Append(']');
        }
        return text.ToString();
    }

    private Place? Parent { get; } = parent;

    private string? Key { get; } = key;

    private int Index { get; } = index;
}
