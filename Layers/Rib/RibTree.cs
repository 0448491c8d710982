using System.Collections.Concurrent;

namespace Ouroboros.Layers.Rib;

/// <summary>
/// The RIB of a runtime (tools-and-rib.md 9): <c>[ipcp]/[component]/[file]</c> and <c>proc.[number]/[descriptor]/frct</c>. Nothing is kept: names and
/// texts are made when they are asked for. A <c>/</c> in the name of an IPCP is written <c>%2F</c>.
/// </summary>
public sealed class RibTree
{
    private readonly ConcurrentDictionary<string, IRibMount> _mounts = new(StringComparer.Ordinal);

    /// <summary>Adds an IPCP or an application; replaces its namesake.</summary>
    public void Add(string name, IRibMount mount)
    {
        ArgumentNullException.ThrowIfNull(name);
        _mounts[Encode(name)] = mount;
    }

    /// <summary>Takes it out, unless another has taken its place.</summary>
    public void Remove(string name, IRibMount mount)
    {
        ArgumentNullException.ThrowIfNull(name);
        _mounts.TryRemove(KeyValuePair.Create(Encode(name), mount));
    }

    /// <summary>Everything below a path, parents first, each directory sorted by name but for the files of a component, which have its order.</summary>
    /// <param name="path">Empty = the root.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// null = there is nothing of that path. A component that does not answer is shown without files. A file is the only entry of its own list.
    /// </returns>
    public async Task<IReadOnlyList<RibEntry>?> ListAsync(string path = "", CancellationToken cancellationToken = default)
    {
        var parts = Split(path);
        var entries = new List<RibEntry>();
        switch (parts.Length)
        {
            case 0:
                foreach (var name in _mounts.Keys.Order(StringComparer.Ordinal))
                {
                    if (!_mounts.TryGetValue(name, out var mount)) continue;
                    entries.Add(new RibEntry(name, IsDirectory: true));
                    await ListAsync(name, mount, entries, cancellationToken).ConfigureAwait(false);
                }
                return entries;
            case 1:
                if (!_mounts.TryGetValue(parts[0], out var one)) return null;
                await ListAsync(parts[0], one, entries, cancellationToken).ConfigureAwait(false);
                return entries;
            case 2:
                if (Find(parts) is not { } component) return null;
                await ListAsync($"{parts[0]}/{parts[1]}", component, entries, cancellationToken).ConfigureAwait(false);
                return entries;
            default:
                return await ReadAsync(path, cancellationToken).ConfigureAwait(false) is null ? null : [new RibEntry(string.Join('/', parts), IsDirectory: false)];
        }
    }

    /// <summary>A file.</summary>
    /// <returns>null = there is no file of that path.</returns>
    /// <exception cref="FlowException"><see cref="FlowError.TimedOut"/>: who knows its content does not answer.</exception>
    public async Task<RibFile?> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        var parts = Split(path);
        if (parts.Length != 3 || Find(parts) is not { } component) return null;
        return await component.ReadAsync(parts[2], cancellationToken).ConfigureAwait(false);
    }

    private static async Task ListAsync(string path, IRibMount mount, List<RibEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var name in mount.Components.Order(RibOrder.Instance))
        {
            if (mount.Find(name) is not { } component) continue;
            entries.Add(new RibEntry($"{path}/{name}", IsDirectory: true));
            await ListAsync($"{path}/{name}", component, entries, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task ListAsync(string path, IRibComponent component, List<RibEntry> entries, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var file in await component.ListAsync(cancellationToken).ConfigureAwait(false)) entries.Add(new RibEntry($"{path}/{file}", IsDirectory: false));
        }
        catch (FlowException)
        {
            // Reading one of its files says why.
        }
    }

    private static string[] Split(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Encode(string name) => name.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);

    private IRibComponent? Find(string[] parts) => _mounts.TryGetValue(parts[0], out var mount) ? mount.Find(parts[1]) : null;
}
