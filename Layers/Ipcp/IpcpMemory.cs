namespace Ouroboros.Layers.Ipcp;

/// <summary>
/// What an IPCP remembers from one life of its actor to the next: kept by the IRMd with its record, touched by the IPCP's actor only. Configuration is not in
/// it, that is the record's.
/// </summary>
public sealed class IpcpMemory
{
    private object? _value;

    /// <summary>What was remembered, or something new in its place; a kind of IPCP uses one type for it.</summary>
    public T Get<T>()
        where T : class, new()
    {
        if (_value is T known) return known;
        var made = new T();
        _value = made;
        return made;
    }
}
