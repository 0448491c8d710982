using Ouroboros.Hocon;
using HoconObject = Ouroboros.Hocon.HoconObject;
using HoconValue = Akka.Configuration.Hocon.HoconValue;

namespace Akka.Configuration;

/// <summary>
/// Settings by path. A missing setting is the default that the caller gives; a malformed one is a <see cref="ConfigurationException"/>.
/// </summary>
public class Config
{
    private readonly HoconObject _root;

    /// <summary>Makes a configuration without settings.</summary>
    public Config() : this(HoconObject.Empty)
    {
    }

    internal Config(HoconObject root) => _root = root;

    /// <summary>A configuration without settings.</summary>
    public static Config Empty { get; } = new();

    /// <summary>Whether there are no settings.</summary>
    public virtual bool IsEmpty => _root.Count == 0;

    /// <summary>Whether there is a setting.</summary>
    /// <param name="path">Its path.</param>
    public virtual bool HasPath(string path) => Find(path) is not null;

    /// <summary>A setting as true or false; <c>on</c> and <c>off</c> will do.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="default">When it is missing.</param>
    public virtual bool GetBoolean(string path, bool @default = false) => Read(path, @default, static v => v.AsBoolean());

    /// <summary>A setting as a whole number.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="default">When it is missing.</param>
    public virtual int GetInt(string path, int @default = 0) => Read(path, @default, static v => v.AsInt());

    /// <summary>A setting as a whole number.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="default">When it is missing.</param>
    public virtual long GetLong(string path, long @default = 0) => Read(path, @default, static v => v.AsLong());

    /// <summary>A setting as a number.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="default">When it is missing.</param>
    public virtual float GetFloat(string path, float @default = 0) => Read(path, @default, static v => (float)v.AsDouble());

    /// <summary>A setting as a number.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="default">When it is missing.</param>
    public virtual double GetDouble(string path, double @default = 0) => Read(path, @default, static v => v.AsDouble());

    /// <summary>A setting as a number.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="default">When it is missing.</param>
    public virtual decimal GetDecimal(string path, decimal @default = 0) => Read(path, @default, static v => (decimal)v.AsDouble());

    /// <summary>A setting as text; null when it is an object or a list.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="default">When it is missing.</param>
    public virtual string GetString(string path, string? @default = null) => (Find(path) switch
    {
        null => @default,
        HoconScalar { IsNull: false } scalar => scalar.Text,
        _ => null,
    })!;

    /// <summary>A setting as a duration; a number alone counts milliseconds.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="default">When it is missing; null: zero.</param>
    /// <param name="allowInfinite">Whether <c>infinite</c> is allowed, which is <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        GetValue(path)?.GetTimeSpan(allowInfinite) ?? @default ?? TimeSpan.Zero;

    /// <summary>A setting as a size in bytes; null when it is missing.</summary>
    /// <param name="path">Its path.</param>
    public virtual long? GetByteSize(string path) => GetByteSize(path, null);

    /// <summary>A setting as a size in bytes.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="def">When it is missing.</param>
    public virtual long? GetByteSize(string path, long? def) => Read(path, def, static v => (long?)v.AsSize());

    /// <summary>A setting as a list of texts; empty when it is missing.</summary>
    /// <param name="path">Its path.</param>
    public virtual IList<string> GetStringList(string path) => GetStringList(path, []);

    /// <summary>A setting as a list of texts.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="defaultPaths">When it is missing.</param>
    public virtual IList<string> GetStringList(string path, string[] defaultPaths) =>
        Read<IList<string>>(path, defaultPaths, static v => [.. v.AsStringList()]);

    /// <summary>A setting as a list of whole numbers; empty when it is missing.</summary>
    /// <param name="path">Its path.</param>
    public virtual IList<int> GetIntList(string path) => Read<IList<int>>(path, [], static v => [.. v.AsList().Select(i => i.AsInt())]);

    /// <summary>The settings below a path; null when there are none.</summary>
    /// <param name="path">The path.</param>
    public virtual Config GetConfig(string path) => (Find(path) is HoconObject child ? new Config(child) : null)!;

    /// <summary>The configuration with another one for the settings that it has not.</summary>
    /// <param name="fallback">The other one.</param>
    /// <exception cref="ArgumentException">It is the same one.</exception>
    public virtual Config WithFallback(Config fallback)
    {
        if (ReferenceEquals(fallback, this)) throw new ArgumentException("Config can not have itself as fallback", nameof(fallback));
        if (fallback is null || fallback.IsEmpty) return this;
        return IsEmpty ? fallback : new Config(_root.WithFallback(fallback._root));
    }

    /// <summary>The settings as a value.</summary>
    public virtual HoconValue Root => new(_root);

    internal IEnumerable<string> Keys => _root.Keys;

    /// <summary>A setting as a value; null when it is missing.</summary>
    /// <param name="path">Its path.</param>
    public HoconValue GetValue(string path) => (Find(path) is { } value ? new HoconValue(value) : null)!;

    /// <summary>The settings at the top, by key.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() => Root.GetObject().Items;

    /// <summary>The configuration with the settings of a text for those that it has not.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="fallback">HOCON.</param>
    public static Config operator +(Config config, string fallback) => config.WithFallback(ConfigurationFactory.ParseString(fallback));

    /// <summary>Reads HOCON.</summary>
    /// <param name="str">The text.</param>
    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    /// <summary>The settings as HOCON.</summary>
    public override string ToString() => _root.Render();

    private Ouroboros.Hocon.HoconValue? Find(string path) => _root.TryGet(path, out var value) ? value : null;

    private T Read<T>(string path, T missing, Func<Ouroboros.Hocon.HoconValue, T> read) =>
        Find(path) is { } value ? HoconValue.Read(value, read) : missing;
}
