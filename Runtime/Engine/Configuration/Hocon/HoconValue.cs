using Ouroboros.Hocon;
using Node = Ouroboros.Hocon.HoconValue;

namespace Akka.Configuration.Hocon;

/// <summary>A value in a configuration: a text, a list or an object.</summary>
public class HoconValue
{
    private readonly Node _node;

    internal HoconValue(Node node) => _node = node;

    /// <summary>Whether it is an object without members.</summary>
    public bool IsEmpty => _node is Ouroboros.Hocon.HoconObject { Count: 0 };

    /// <summary>Whether it is an object.</summary>
    public bool IsObject() => _node is Ouroboros.Hocon.HoconObject;

    /// <summary>Whether it is a list.</summary>
    public bool IsArray() => _node is Ouroboros.Hocon.HoconArray;

    /// <summary>Whether it is a text, a number, a boolean or null.</summary>
    public bool IsString() => _node is HoconScalar;

    /// <summary>The object; null when it is none.</summary>
    public HoconObject GetObject() => (_node is Ouroboros.Hocon.HoconObject obj ? new HoconObject(obj) : null)!;

    /// <summary>The values of the list.</summary>
    public IList<HoconValue> GetArray() => Read<IList<HoconValue>>(_node, static n => [.. n.AsList().Select(i => new HoconValue(i))]);

    /// <summary>The member of an object; null when there is none.</summary>
    /// <param name="key">Its key.</param>
    public HoconValue GetChildObject(string key) => GetObject()?.GetKey(key)!;

    /// <summary>The text; null for null, lists and objects.</summary>
    public string GetString() => (_node is HoconScalar { IsNull: false } scalar ? scalar.Text : null)!;

    /// <summary>The value as true or false.</summary>
    public bool GetBoolean() => Read(_node, static n => n.AsBoolean());

    /// <summary>The value as a whole number.</summary>
    public int GetInt() => Read(_node, static n => n.AsInt());

    /// <summary>The value as a whole number.</summary>
    public long GetLong() => Read(_node, static n => n.AsLong());

    /// <summary>The value as a number.</summary>
    public double GetDouble() => Read(_node, static n => n.AsDouble());

    /// <summary>The value as a duration; a number alone counts milliseconds.</summary>
    /// <param name="allowInfinite">Whether <c>infinite</c> is allowed, which is <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    public TimeSpan GetTimeSpan(bool allowInfinite = true)
    {
        var value = Read(_node, static n => n.AsDuration());
        return allowInfinite || value != Timeout.InfiniteTimeSpan ? value
            : throw new ConfigurationException($"{_node.Origin}: {_node.Path} must not be infinite");
    }

    /// <summary>The value as a size in bytes.</summary>
    public long? GetByteSize() => Read(_node, static n => n.AsSize());

    /// <summary>The values of the list as texts.</summary>
    public IList<string> GetStringList() => Read<IList<string>>(_node, static n => [.. n.AsStringList()]);

    /// <summary>The value as HOCON.</summary>
    public override string ToString() => _node.Render();

    internal static T Read<T>(Node node, Func<Node, T> read)
    {
        try
        {
            return read(node);
        }
        catch (HoconException e)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }
}
