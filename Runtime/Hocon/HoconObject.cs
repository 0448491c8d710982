using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ouroboros.Hocon;

/// <summary>An object: keys with values, in the order in which the keys were first written. Lookups take a path expression unless they say key.</summary>
public sealed class HoconObject : HoconValue
{
    /// <summary>Below this many keys a search is faster than an index, and most objects are small.</summary>
    private const int IndexFrom = 9;

    private Slot[] _slots = [];
    private Dictionary<string, int>? _index;
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
    public int Count { get; private set; }

    /// <summary>The keys, in the order in which they were first written.</summary>
    public IReadOnlyList<string> Keys => field ??= [.. Slots.ToArray().Select(s => s.Key)];

    /// <summary>An earlier value that was not an object ends here: no fallback may show through.</summary>
    internal bool HidesFallbacks { get; set; }

    internal override int Height => _height;

    /// <summary>The members, for those who want keys, values and origins together.</summary>
    internal ReadOnlySpan<Slot> Slots => _slots.AsSpan(0, Count);

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
        ArgumentNullException.ThrowIfNull(key);
        var at = Find(key);
        value = at < 0 ? null : _slots[at].Value;
        return value is not null;
    }

    /// <summary>The object at a path.</summary>
    /// <param name="path">A path expression.</param>
    /// <exception cref="HoconException">Nothing there, or not an object.</exception>
    public HoconObject GetObject(string path) => Get(path).AsObject();

    /// <summary>Where a key was last written.</summary>
    /// <param name="key">A key.</param>
    public HoconOrigin OriginOfKey(string key) => Find(key) is >= 0 and var at ? _slots[at].KeyOrigin : Origin;

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

    /// <summary>Sets a key, only while the object is made.</summary>
    internal void Set(string key, HoconValue value, HoconOrigin keyOrigin)
    {
        _height = Math.Max(_height, value.Height + 1);
        var at = Find(key);
        if (at >= 0)
        {
            _slots[at] = new Slot(_slots[at].Key, value, keyOrigin);
            return;
        }
        if (Count == _slots.Length) Array.Resize(ref _slots, Math.Max(2, Count * 2));
        _slots[Count++] = new Slot(key, value, keyOrigin);
        if (Count < IndexFrom) return;
        if (_index is not null)
        {
            _index.Add(key, Count - 1);
            return;
        }
        _index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Count; i++) _index.Add(_slots[i].Key, i);
    }

    /// <summary>Values whose keys are whole numbers, in the order of these; false when there are none.</summary>
    internal bool TryToList([NotNullWhen(true)] out List<HoconValue>? list)
    {
        var numbered = new List<(long Index, HoconValue Value)>();
        foreach (var slot in Slots)
            if (long.TryParse(slot.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) numbered.Add((index, slot.Value));
        list = numbered.Count == 0 ? null : [.. numbered.OrderBy(n => n.Index).Select(n => n.Value)];
        return list is not null;
    }

    private int Find(string key)
    {
        if (_index is not null) return _index.TryGetValue(key, out var at) ? at : -1;
        for (var i = 0; i < Count; i++)
            if (_slots[i].Key == key) return i;
        return -1;
    }

    internal readonly record struct Slot(string Key, HoconValue Value, HoconOrigin KeyOrigin);
}
