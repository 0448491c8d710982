using System.Text;

namespace Ouroboros.Hocon;

/// <summary>A resolved value: object, array or scalar, with the place it was written at and the path it is found under. Immutable.</summary>
public abstract class HoconValue
{
    private readonly HoconValue? _parent;
    private readonly string? _key;
    private readonly int _index;

    private protected HoconValue(HoconOrigin origin, HoconValue? parent, string? key, int index)
    {
        Origin = origin;
        _parent = parent;
        _key = key;
        _index = index;
    }

    /// <summary>Where the value was written. The value of a substitution keeps the origin of what it refers to.</summary>
    public HoconOrigin Origin { get; }

    /// <summary>Path from the root of the document: <c>a.b[2].c</c>; empty for the root.</summary>
    public string Path
    {
        get
        {
            var steps = new Stack<HoconValue>();
            for (var at = this; at._parent is not null; at = at._parent) steps.Push(at);
            var text = new StringBuilder();
            foreach (var step in steps)
            {
                if (step._key is not null) HoconPath.Append(text, step._key);
                else text.Append('[').Append(step._index).Append(']');
            }
            return text.ToString();
        }
    }

    /// <summary>What the value is as written.</summary>
    public abstract HoconValueKind Kind { get; }

    /// <summary>Levels of nested values, this one included.</summary>
    internal abstract int Height { get; }

    /// <summary>The text of a scalar; numbers and booleans as they were written.</summary>
    /// <exception cref="HoconException">Null, an object or an array.</exception>
    public string AsString() => Scalar("a string").Text;

    /// <summary>A whole number.</summary>
    /// <exception cref="HoconException">Not a whole number of 32 bits.</exception>
    public int AsInt() => (int)Conversions.ToLong(Scalar("a number"), int.MinValue, int.MaxValue);

    /// <summary>A whole number.</summary>
    /// <exception cref="HoconException">Not a whole number of 64 bits.</exception>
    public long AsLong() => Conversions.ToLong(Scalar("a number"), long.MinValue, long.MaxValue);

    /// <summary>A number.</summary>
    /// <exception cref="HoconException">Not a number.</exception>
    public double AsDouble() => Conversions.ToDouble(Scalar("a number"));

    /// <summary>A boolean: true, yes, on, false, no, off.</summary>
    /// <exception cref="HoconException">None of these.</exception>
    public bool AsBoolean() => Conversions.ToBoolean(Scalar("a boolean"));

    /// <summary>A duration, <see cref="Timeout.InfiniteTimeSpan"/> for <c>infinite</c>. Parts of 100 ns are rounded up.</summary>
    /// <param name="defaultUnit">Unit of a bare number.</param>
    /// <exception cref="HoconException">Not a duration, negative, or more than a TimeSpan holds.</exception>
    public TimeSpan AsDuration(HoconTimeUnit defaultUnit = HoconTimeUnit.Milliseconds) =>
        Conversions.ToDuration(Scalar("a duration"), defaultUnit);

    /// <summary>A size in bytes; a bare number is in bytes.</summary>
    /// <exception cref="HoconException">Not a size, negative, or more than 64 bits hold.</exception>
    public long AsSize() => Conversions.ToSize(Scalar("a size"));

    /// <summary>The elements of an array, or of an object whose keys are numbers.</summary>
    /// <exception cref="HoconException">Anything else.</exception>
    public IReadOnlyList<HoconValue> AsList() => this switch
    {
        HoconArray array => array,
        HoconObject obj when obj.TryToList(out var list) => list,
        _ => throw HoconException.At(this, $"expected an array but found {Describe()}; write [ ... ]"),
    };

    /// <summary>An array of strings.</summary>
    /// <exception cref="HoconException">Not an array, or an element is not a string.</exception>
    public IReadOnlyList<string> AsStringList() => [.. AsList().Select(v => v.AsString())];

    /// <summary>The value as an object.</summary>
    /// <exception cref="HoconException">Anything else.</exception>
    public HoconObject AsObject() =>
        this as HoconObject ?? throw HoconException.At(this, $"expected an object but found {Describe()}; write {{ ... }}");

    /// <summary>Text that parses to an equal value.</summary>
    /// <param name="format">HOCON or JSON.</param>
    /// <param name="indented">One line a member, or all in one line.</param>
    public string Render(HoconFormat format = HoconFormat.Hocon, bool indented = true) => Renderer.Render(this, format, indented);

    /// <summary>JSON on one line.</summary>
    public override string ToString() => Render(HoconFormat.Json, false);

    internal string Describe() => this switch
    {
        HoconObject => "an object",
        HoconArray => "an array",
        HoconScalar { IsNull: true } => "null",
        HoconScalar scalar => HoconException.Quote(scalar.Text),
        _ => "nothing",
    };

    private HoconScalar Scalar(string wanted) =>
        this is HoconScalar { IsNull: false } scalar
            ? scalar
            : throw HoconException.At(this, $"expected {wanted} but found {Describe()}");
}
