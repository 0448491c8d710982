using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ouroboros.Hocon;

/// <summary>
/// Reads one object strictly: each getter takes a key, checks the value and remembers that the key is known; <see cref="Finish"/> then refuses
/// every key that nobody asked for. A key that is null counts as not set. Every error is a <see cref="HoconException"/> at the value.
/// Keys are plain keys, not paths: <see cref="GetObject"/> goes one level down.
/// </summary>
public sealed class HoconReader
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<HoconObject, HoconReader> _children = new(ReferenceEqualityComparer.Instance);
    private readonly string _path;

    /// <summary>A reader at the beginning of an object.</summary>
    /// <param name="obj">The object.</param>
    public HoconReader(HoconObject obj) : this(obj ?? throw new ArgumentNullException(nameof(obj)), obj.Path)
    {
    }

    private HoconReader(HoconObject obj, string path)
    {
        Object = obj;
        _path = path;
    }

    /// <summary>The object; empty when it was optional and is not there.</summary>
    public HoconObject Object { get; }

    /// <summary>Path of the object, whether it is there or not.</summary>
    public string Path => _path;

    /// <summary>Keys of the object in the order in which they were written.</summary>
    public IReadOnlyList<string> Keys => Object.Keys;

    /// <summary>Whether a key is set, to anything but null. The key counts as known from now on.</summary>
    /// <param name="key">A key.</param>
    public bool Has(string key) => TryGetValue(key, out _);

    /// <summary>The value of a key, if it is set to anything but null.</summary>
    /// <param name="key">A key.</param>
    /// <param name="value">The value.</param>
    public bool TryGetValue(string key, [NotNullWhen(true)] out HoconValue? value)
    {
        _known.Add(key);
        if (Object.TryGetKey(key, out value) && value is not HoconScalar { IsNull: true }) return true;
        value = null;
        return false;
    }

    /// <summary>The value of a key.</summary>
    /// <param name="key">A key.</param>
    /// <exception cref="HoconException">Not set.</exception>
    public HoconValue GetValue(string key) => TryGetValue(key, out var value) ? value : throw Missing(key);

    /// <summary>A text.</summary>
    /// <param name="key">A key.</param>
    /// <exception cref="HoconException">Not set, or not a scalar.</exception>
    public string GetString(string key) => GetValue(key).AsString();

    /// <summary>A text, or what it is when not set.</summary>
    /// <param name="key">A key.</param>
    /// <param name="fallback">The default.</param>
    /// <exception cref="HoconException">Not a scalar.</exception>
    [return: NotNullIfNotNull(nameof(fallback))]
    public string? GetString(string key, string? fallback) => TryGetValue(key, out var value) ? value.AsString() : fallback;

    /// <summary>A whole number.</summary>
    /// <param name="key">A key.</param>
    /// <param name="fallback">The default; null: the key is required.</param>
    /// <param name="min">The least allowed.</param>
    /// <param name="max">The largest allowed.</param>
    /// <exception cref="HoconException">Required and not set, not a whole number, or out of range.</exception>
    public int GetInt(string key, int? fallback = null, int min = int.MinValue, int max = int.MaxValue) =>
        (int)GetLong(key, fallback, min, max);

    /// <summary>A whole number.</summary>
    /// <param name="key">A key.</param>
    /// <param name="fallback">The default; null: the key is required.</param>
    /// <param name="min">The least allowed.</param>
    /// <param name="max">The largest allowed.</param>
    /// <exception cref="HoconException">Required and not set, not a whole number, or out of range.</exception>
    public long GetLong(string key, long? fallback = null, long min = long.MinValue, long max = long.MaxValue)
    {
        if (!Find(key, fallback.HasValue, out var value)) return fallback!.Value;
        var number = value.AsLong();
        return number >= min && number <= max ? number : throw OutOfRange(value, Text(number), Text(min), Text(max));
    }

    /// <summary>A number.</summary>
    /// <param name="key">A key.</param>
    /// <param name="fallback">The default; null: the key is required.</param>
    /// <param name="min">The least allowed.</param>
    /// <param name="max">The largest allowed.</param>
    /// <exception cref="HoconException">Required and not set, not a number, or out of range.</exception>
    public double GetDouble(string key, double? fallback = null, double min = double.MinValue, double max = double.MaxValue)
    {
        if (!Find(key, fallback.HasValue, out var value)) return fallback!.Value;
        var number = value.AsDouble();
        return number >= min && number <= max ? number : throw OutOfRange(value, Text(number), Text(min), Text(max));
    }

    /// <summary>A boolean.</summary>
    /// <param name="key">A key.</param>
    /// <param name="fallback">The default; null: the key is required.</param>
    /// <exception cref="HoconException">Required and not set, or not a boolean.</exception>
    public bool GetBoolean(string key, bool? fallback = null) =>
        Find(key, fallback.HasValue, out var value) ? value.AsBoolean() : fallback!.Value;

    /// <summary>A duration; <c>infinite</c> is <see cref="Timeout.InfiniteTimeSpan"/> and allowed only where there is no maximum.</summary>
    /// <param name="key">A key.</param>
    /// <param name="fallback">The default; null: the key is required.</param>
    /// <param name="defaultUnit">Unit of a bare number.</param>
    /// <param name="min">The least allowed; zero when null.</param>
    /// <param name="max">The largest allowed; any, and infinite too, when null.</param>
    /// <exception cref="HoconException">Required and not set, not a duration, or out of range.</exception>
    public TimeSpan GetDuration(
        string key, TimeSpan? fallback = null, HoconTimeUnit defaultUnit = HoconTimeUnit.Milliseconds, TimeSpan? min = null, TimeSpan? max = null)
    {
        if (!Find(key, fallback.HasValue, out var value)) return fallback!.Value;
        var duration = value.AsDuration(defaultUnit);
        if (duration == Timeout.InfiniteTimeSpan ? max is null : duration >= (min ?? TimeSpan.Zero) && duration <= (max ?? TimeSpan.MaxValue)) return duration;
        throw max is null
            ? HoconException.At(value, $"{value.Describe()} is out of range; at least {Text(min ?? TimeSpan.Zero)} is allowed")
            : OutOfRange(value, value.Describe(), Text(min ?? TimeSpan.Zero), Text(max.Value));
    }

    /// <summary>A size in bytes.</summary>
    /// <param name="key">A key.</param>
    /// <param name="fallback">The default in bytes; null: the key is required.</param>
    /// <param name="min">The least allowed, in bytes.</param>
    /// <param name="max">The largest allowed, in bytes.</param>
    /// <exception cref="HoconException">Required and not set, not a size, or out of range.</exception>
    public long GetSize(string key, long? fallback = null, long min = 0, long max = long.MaxValue)
    {
        if (!Find(key, fallback.HasValue, out var value)) return fallback!.Value;
        var size = value.AsSize();
        return size >= min && size <= max ? size : throw OutOfRange(value, value.Describe(), $"{Text(min)} B", $"{Text(max)} B");
    }

    /// <summary>An array of texts.</summary>
    /// <param name="key">A key.</param>
    /// <param name="fallback">The default; null: the key is required.</param>
    /// <exception cref="HoconException">Required and not set, or not an array of scalars.</exception>
    public IReadOnlyList<string> GetStringList(string key, IReadOnlyList<string>? fallback = null) =>
        Find(key, fallback is not null, out var value) ? value.AsStringList() : fallback!;

    /// <summary>An array.</summary>
    /// <param name="key">A key.</param>
    /// <param name="fallback">The default; null: the key is required.</param>
    /// <exception cref="HoconException">Required and not set, or not an array.</exception>
    public IReadOnlyList<HoconValue> GetList(string key, IReadOnlyList<HoconValue>? fallback = null) =>
        Find(key, fallback is not null, out var value) ? value.AsList() : fallback!;

    /// <summary>One of a set of names.</summary>
    /// <typeparam name="T">What the names stand for.</typeparam>
    /// <param name="key">A key.</param>
    /// <param name="names">The names; its comparer decides about case.</param>
    /// <exception cref="HoconException">Not set, or none of the names.</exception>
    public T GetEnum<T>(string key, IReadOnlyDictionary<string, T> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return ToEnum(GetValue(key), names);
    }

    /// <summary>One of a set of names, or what it is when not set.</summary>
    /// <typeparam name="T">What the names stand for.</typeparam>
    /// <param name="key">A key.</param>
    /// <param name="names">The names; its comparer decides about case.</param>
    /// <param name="fallback">The default.</param>
    /// <exception cref="HoconException">None of the names.</exception>
    public T GetEnum<T>(string key, IReadOnlyDictionary<string, T> names, T fallback)
    {
        ArgumentNullException.ThrowIfNull(names);
        return TryGetValue(key, out var value) ? ToEnum(value, names) : fallback;
    }

    /// <summary>A reader of an object one level down. <see cref="Finish"/> of this reader finishes it too.</summary>
    /// <param name="key">A key.</param>
    /// <exception cref="HoconException">Not set, or not an object.</exception>
    public HoconReader GetObject(string key) => Child(GetValue(key).AsObject());

    /// <summary>Like <see cref="GetObject"/>, but when the key is not set the reader has an empty object, so that every default applies.</summary>
    /// <param name="key">A key.</param>
    /// <exception cref="HoconException">Not an object.</exception>
    public HoconReader GetObjectOrEmpty(string key)
    {
        if (TryGetValue(key, out var value)) return Child(value.AsObject());
        var missing = new HoconReader(new HoconObject(Object.Origin), PathOf(key));
        _children.Add(missing.Object, missing);
        return missing;
    }

    /// <summary>Readers of the objects of an array; none when the key is not set.</summary>
    /// <param name="key">A key.</param>
    /// <exception cref="HoconException">Not an array of objects.</exception>
    public IReadOnlyList<HoconReader> GetObjectList(string key) =>
        TryGetValue(key, out var value) ? [.. value.AsList().Select(v => Child(v.AsObject()))] : [];

    /// <summary>Readers of all keys of this object, for objects whose keys are names that the user chooses. Keys that are null are left out.</summary>
    /// <exception cref="HoconException">A value is not an object.</exception>
    public IReadOnlyList<KeyValuePair<string, HoconReader>> GetNamedObjects() =>
        [.. Keys.Where(Has).Select(key => new KeyValuePair<string, HoconReader>(key, GetObject(key)))];

    /// <summary>Marks a key as known without reading it.</summary>
    /// <param name="key">A key.</param>
    public void Ignore(string key) => _known.Add(key);

    /// <summary>An error of meaning at a key: at its value, or at the object when the key is not set.</summary>
    /// <param name="key">A key.</param>
    /// <param name="reason">What is wrong and what to do.</param>
    public HoconException Error(string key, string reason) => Object.TryGetKey(key, out var value)
        ? HoconException.At(value, reason)
        : new HoconException(Object.Origin, PathOf(key), reason);

    /// <summary>Keys that were asked for so far, sorted.</summary>
    public IReadOnlyList<string> KnownKeys => [.. _known.Order(StringComparer.Ordinal)];

    /// <summary>Ends the reading of this object and of all objects read through it.</summary>
    /// <exception cref="HoconException">There is a key that nobody asked for.</exception>
    public void Finish()
    {
        foreach (var error in FindUnknown()) throw error;
    }

    /// <summary>One error for each key of this object, and of all objects read through it, that nobody asked for; for whoever reports all at once.</summary>
    public IEnumerable<HoconException> FindUnknown()
    {
        foreach (var key in Object.Keys)
        {
            if (_known.Contains(key)) continue;
            var advice = Suggestion.For(key, _known) is { } near ? $"did you mean '{near}'?"
                : _known.Count == 0 ? "no key is known here; remove it"
                : $"remove it, or use one of {string.Join(", ", _known.Order(StringComparer.Ordinal).Take(20))}";
            yield return new HoconException(Object.OriginOfKey(key), PathOf(key), $"{HoconException.Quote(key)} is not a known key; {advice}");
        }
        foreach (var error in _children.Values.SelectMany(child => child.FindUnknown())) yield return error;
    }

    private static T ToEnum<T>(HoconValue value, IReadOnlyDictionary<string, T> names)
    {
        var text = value.AsString();
        if (names.TryGetValue(text, out var member)) return member;
        var near = Suggestion.For(text, names.Keys) is { } suggestion ? $"; did you mean {suggestion}?" : "";
        throw HoconException.At(value, $"{value.Describe()} is not one of {string.Join(", ", names.Keys)}{near}");
    }

    private static HoconException OutOfRange(HoconValue value, string found, string min, string max) =>
        HoconException.At(value, $"{found} is out of range; allowed are {min} to {max}");

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Text(TimeSpan value) => value.Ticks % TimeSpan.TicksPerSecond == 0
        ? $"{value.Ticks / TimeSpan.TicksPerSecond} s"
        : string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds} ms");

    private bool Find(string key, bool optional, [NotNullWhen(true)] out HoconValue? value) =>
        TryGetValue(key, out value) || (optional ? false : throw Missing(key));

    private HoconReader Child(HoconObject obj)
    {
        if (!_children.TryGetValue(obj, out var child)) _children.Add(obj, child = new HoconReader(obj));
        return child;
    }

    private string PathOf(string key) => _path.Length == 0 ? HoconPath.Quote(key) : $"{_path}.{HoconPath.Quote(key)}";

    private HoconException Missing(string key) => new(Object.Origin, PathOf(key), "is required but not set; set it");
}
