namespace Akka.Configuration.Hocon;

/// <summary>The members of an object in a configuration.</summary>
public class HoconObject
{
    internal HoconObject(Ouroboros.Hocon.HoconObject obj)
    {
        Items = [];
        foreach (var key in obj.Keys)
        {
            obj.TryGetKey(key, out var value);
            Items.Add(key, new HoconValue(value!));
        }
    }

    /// <summary>The members by key.</summary>
    public Dictionary<string, HoconValue> Items { get; }

    /// <summary>A member; null when there is none.</summary>
    /// <param name="key">Its key.</param>
    public HoconValue GetKey(string key) => Items.GetValueOrDefault(key)!;
}
