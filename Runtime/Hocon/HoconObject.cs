using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ouroboros.Hocon;

/// <summary>An object: keys with values, in the order in which the keys were first written. Lookups take a path expression unless they say key.</summary>
public sealed class HoconObject : HoconValue
{
    private readonly OrderedDictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private int _height = 1;

    internal HoconObject(HoconOrigin origin, HoconValue? parent = null, string? key = null, int index = 0)
        : base(origin, parent, key, index)
    {
    }

    /// <summary>An object without keys.</summary>
    public static HoconObject Empty { get; } = new(new HoconOrigin("<empty>"));

    /// <inheritdoc/>
    public override HoconValueKind Kind => HoconValueKind.Object;

    /// <summary>Number of keys.</summary>
    public int Count => _slots.Count;

    /// <summary>The keys, in the order in which they were first written.</summary>
    public IReadOnlyList<string> Keys => _slots.Keys;

    /// <summary>An earlier value that was not an object ends here: no fallback may show through.</summary>
    internal bool HidesFallbacks { get; set; }

    internal override int Height => _height;

    /// <summary>The value at a path.</summary>
    /// <param name="path">A path expression.</param>
    /// <exception cref="HoconException">Nothing there, or not a path expression.</exception>
    public HoconValue this[string path] => Get(path);

    /// <summary>The value at a path.</summary>
    /// <param name="path">A path expression.</param>
    /// <exception cref="HoconException">Nothing there, or not a path expression.</exception>
    public HoconValue Get(string path) =>
        TryGet(path, out var value)
            ? value
            : throw new HoconException(Origin, Path.Length == 0 ? path : $"{Path}.{path}", "is required but missing; set it");

    /// <summary>The value at a path, if there is one; null is a value.</summary>
    /// <param name="path">A path expression.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="HoconException">Not a path expression.</exception>
    public bool TryGet(string path, [NotNullWhen(true)] out HoconValue? value)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (HoconPath.IsPlain(path)) return TryGetKey(path, out value);
        value = this;
        foreach (var key in HoconPath.Parse(path))
        {
            if (value is HoconObject obj && obj.TryGetKey(key, out var child))
            {
                value = child;
                continue;
            }
            value = null;
            return false;
        }
        return true;
    }

    /// <summary>The value of a key, if there is one; null is a value. The key is taken as it is, full stops and all.</summary>
    /// <param name="key">A key.</param>
    /// <param name="value">The value.</param>
    public bool TryGetKey(string key, [NotNullWhen(true)] out HoconValue? value)
    {
        if (_slots.TryGetValue(key, out var slot))
        {
            value = slot.Value;
            return true;
        }
        value = null;
        return false;
    }

    /// <summary>The object at a path.</summary>
    /// <param name="path">A path expression.</param>
    /// <exception cref="HoconException">Nothing there, or not an object.</exception>
    public HoconObject GetObject(string path) => Get(path).AsObject();

    /// <summary>Where a key was last written.</summary>
    /// <param name="key">A key.</param>
    public HoconOrigin OriginOfKey(string key) => _slots.TryGetValue(key, out var slot) ? slot.KeyOrigin : Origin;

    /// <summary>This object over another: its values win, objects on both sides are merged.</summary>
    /// <param name="fallback">What shows through where this object has nothing.</param>
    /// <param name="options">Limits.</param>
    /// <exception cref="HoconException">The result passes a limit.</exception>
    public HoconObject WithFallback(HoconObject fallback, HoconOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        var trees = new TreeBuilder(options ?? HoconOptions.Default);
        return (HoconObject)trees.Materialise(trees.Merge(this, fallback), null, null, 0);
    }

    internal void Set(string key, HoconValue value, HoconOrigin keyOrigin)
    {
        _slots[key] = new Slot(value, keyOrigin);
        _height = Math.Max(_height, value.Height + 1);
    }

    /// <summary>Values whose keys are whole numbers, in the order of these; false when there are none.</summary>
    internal bool TryToList([NotNullWhen(true)] out List<HoconValue>? list)
    {
        var numbered = new List<(long Index, HoconValue Value)>();
        foreach (var (key, slot) in _slots)
            if (long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) numbered.Add((index, slot.Value));
        list = numbered.Count == 0 ? null : [.. numbered.OrderBy(n => n.Index).Select(n => n.Value)];
        return list is not null;
    }

    private readonly record struct Slot(HoconValue Value, HoconOrigin KeyOrigin);
}
