using System.Text;
using Ouroboros.Hocon;

namespace Ouroboros.Runtime.Configuration;

/// <summary>
/// One object of the configuration. Each getter wants its key to be there, for <c>reference.conf</c> has them all; what is wrong goes to the
/// collected errors.
/// </summary>
internal sealed class ConfigSection(HoconReader reader, ConfigErrors errors)
{
    public HoconReader Reader => reader;

    public ConfigErrors Errors => errors;

    /// <summary>A text that must not be empty.</summary>
    public string Name(string key, int maxBytes = int.MaxValue) => errors.Try(() => Checked(reader.GetValue(key), maxBytes));

    /// <summary>A text that is not empty, or null where it is not set.</summary>
    public string? OptionalName(string key, int maxBytes = int.MaxValue) =>
        errors.Try(() => reader.TryGetValue(key, out var value) ? Checked(value, maxBytes) : null);

    public int Int(string key, int min, int max) => errors.Try(() => reader.GetInt(key, null, min, max));

    /// <summary>Bytes.</summary>
    public long Size(string key, long min, long max) => errors.Try(() => reader.GetSize(key, min: min, max: max));

    public int? OptionalInt(string key) => errors.Try<int?>(() => reader.Has(key) ? reader.GetInt(key) : null);

    public bool Flag(string key) => errors.Try(() => reader.GetBoolean(key));

    public TimeSpan Duration(string key, TimeSpan min, TimeSpan max) => errors.Try(() => reader.GetDuration(key, min: min, max: max));

    public T Choice<T>(string key, IReadOnlyDictionary<string, T> names) => errors.Try(() => reader.GetEnum(key, names));

    public IReadOnlyList<HoconValue> List(string key) => errors.Try(() => reader.GetList(key)) ?? [];

    /// <summary>A list of texts that must not be empty.</summary>
    public IReadOnlyList<string> Names(string key, int maxBytes)
    {
        var names = new List<string>();
        foreach (var value in List(key))
        {
            if (errors.Try(() => Checked(value, maxBytes)) is { } name) names.Add(name);
        }
        return names;
    }

    /// <summary>The object below; where there is none, one whose missing keys nobody is told about.</summary>
    public ConfigSection Section(string key) => errors.Try(() => reader.GetObject(key)) is { } below
        ? new ConfigSection(below, errors)
        : new ConfigSection(new HoconReader(HoconObject.Empty), new ConfigErrors());

    /// <summary>The objects below, for keys that are names which the user chose; null ones are left out.</summary>
    public IEnumerable<(string Name, ConfigSection Section)> Stanzas()
    {
        foreach (var key in reader.Keys)
        {
            if (reader.Has(key) && errors.Try(() => reader.GetObject(key)) is { } stanza) yield return (key, new ConfigSection(stanza, errors));
        }
    }

    public void Fail(string key, string reason) => errors.Add(reader.Error(key, reason));

    /// <summary>Stops complaints about unknown keys: an error kept them from being read.</summary>
    public void IgnoreRest()
    {
        foreach (var key in reader.Keys) reader.Ignore(key);
    }

    public static string Checked(HoconValue value, int maxBytes)
    {
        var text = value.AsString();
        var length = Encoding.UTF8.GetByteCount(text);
        if (length == 0) throw HoconException.At(value, "must not be empty; write a name, or null");
        return length <= maxBytes ? text : throw HoconException.At(value, $"has {length} bytes; at most {maxBytes} are allowed");
    }
}
