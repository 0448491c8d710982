using System.Collections.Concurrent;

namespace Ouroboros.Layers.Rib;

/// <summary>
/// The RIB of one IPCP. Whoever implements a part of it hangs in what there is to see, with <see cref="Set"/>; that replaces what a former incarnation
/// of the part had there. When the IPCP's actor ends, everything goes.
/// </summary>
public sealed class RibMount : IRibMount
{
    private readonly ConcurrentDictionary<string, IRibComponent> _components = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<string> Components => [.. _components.Keys];

    /// <summary>Shows a component under a name.</summary>
    /// <param name="name">E.g. <c>lsdb</c>, <c>dt.c5.b1.dd.c2</c>; no <c>/</c>.</param>
    /// <param name="component">What is to be seen.</param>
    public void Set(string name, IRibComponent component)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(component);
        _components[name] = component;
    }

    /// <summary>Shows it no more, unless another has taken its place.</summary>
    public void Remove(string name, IRibComponent component) => _components.TryRemove(KeyValuePair.Create(name, component));

    /// <summary>Shows nothing any more.</summary>
    public void Clear() => _components.Clear();

    /// <inheritdoc/>
    public IRibComponent? Find(string component) => _components.GetValueOrDefault(component);

    internal static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('/', StringComparison.Ordinal)) throw new ArgumentException($"'{name}' has a '/' in it, which separates names in the RIB", nameof(name));
    }
}
