namespace Ouroboros.Hocon;

// The document while it is resolved: every field keeps the stack of values that were assigned to it, lowest first, so that a
// self-reference can look back below its own assignment. Results are kept where they were found, so each substitution is resolved once.

internal abstract class ModelNode(HoconOrigin origin, Place? place)
{
    public HoconOrigin Origin { get; set; } = origin;

    public Place? Place { get; } = place;
}

internal sealed class ScalarModel(HoconScalar value, Place? place, bool isSpace) : ModelNode(value.Origin, place)
{
    public HoconScalar Value { get; } = value;

    public bool IsSpace { get; } = isSpace;
}

/// <summary>Nodes whose result is kept, and which notice when they are asked for while they are being worked out.</summary>
internal abstract class MemoModel(HoconOrigin origin, Place? place) : ModelNode(origin, place)
{
    public bool Resolving { get; set; }

    public bool HasResult { get; private set; }

    public HoconValue? Result
    {
        get;
        set
        {
            field = value;
            HasResult = true;
        }
    }
}

/// <summary>An object; the owner is null for the root and for objects that no path can reach (elements of arrays).</summary>
internal sealed class ObjectModel(FieldStack? owner, HoconOrigin origin, Place? place) : MemoModel(origin, place)
{
    public FieldStack? Owner { get; } = owner;

    public OrderedDictionary<string, FieldStack> Fields { get; } = new(StringComparer.Ordinal);
}

internal sealed class ArrayModel(HoconOrigin origin, Place? place) : MemoModel(origin, place)
{
    public List<ModelNode> Items { get; } = [];
}

/// <summary>A substitution; <paramref name="self"/> is set for the one that <c>+=</c> stands for.</summary>
internal sealed class SubstitutionModel(SyntaxSubstitution syntax, Scope? scope, FieldStack? self, Place? place) : MemoModel(syntax.Origin, place)
{
    public IReadOnlyList<string> Path { get; } = syntax.Path;

    public bool Optional { get; } = syntax.Optional;

    public bool List { get; } = syntax.List;

    public Scope? Scope { get; } = scope;

    public FieldStack? Self { get; } = self;
}

internal sealed class ConcatenationModel(HoconOrigin origin, Place? place) : MemoModel(origin, place)
{
    public List<ModelNode> Parts { get; } = [];
}

/// <summary>The object that a file was included into; its substitutions are looked up there first.</summary>
internal sealed record Scope(ObjectModel Root, Scope? Outer);

/// <summary>All values that were assigned to one field and still matter, lowest first.</summary>
internal sealed class FieldStack(ObjectModel owner, string key, Place place)
{
    public ObjectModel Owner { get; } = owner;

    public string Key { get; } = key;

    public Place Place { get; } = place;

    public HoconOrigin KeyOrigin { get; set; }

    public List<Assignment> Entries { get; } = [];

    /// <summary>Lookups see entries below this only: an entry that holds a substitution is being resolved.</summary>
    public int Limit { get; set; } = int.MaxValue;

    public bool IsLimited => Limit < Entries.Count;

    public int Visible => Math.Min(Limit, Entries.Count);

    /// <summary>Keys from the nearest object that has no owner, and that object.</summary>
    public (ObjectModel Anchor, List<string> Path) Locate()
    {
        var path = new List<string>();
        var field = this;
        while (true)
        {
            path.Add(field.Key);
            if (field.Owner.Owner is not { } outer) break;
            field = outer;
        }
        path.Reverse();
        return (field.Owner, path);
    }
}

/// <summary>One value of a field.</summary>
/// <param name="node">The value.</param>
/// <param name="below">Entries under this one that a self-reference in it can see.</param>
/// <param name="mustBeObject">A part of a concatenation with an object.</param>
/// <param name="selfReference">It mentions its own field, so the value below it will be wanted.</param>
internal sealed class Assignment(ModelNode node, int below, bool mustBeObject, bool selfReference)
{
    public ModelNode Node { get; } = node;

    public int Below { get; } = below;

    public bool MustBeObject { get; } = mustBeObject;

    public bool SelfReference { get; } = selfReference;

    /// <summary>The value of the field as of this entry.</summary>
    public HoconValue? Folded { get; set; }

    public bool HasFolded { get; set; }
}
