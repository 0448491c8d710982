namespace Ouroboros.Layers.Rib;

/// <summary>A component whose files are always the same. Filled before it is mounted, read by any thread.</summary>
public sealed class RibFiles : IRibComponent
{
    private readonly List<(string Name, Func<RibFile> Read)> _files = [];

    /// <summary>Adds a file.</summary>
    /// <param name="name">Its name; no <c>/</c>.</param>
    /// <param name="read">Makes its text, on whatever thread reads it.</param>
    public RibFiles Add(string name, Func<string> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return Add(name, () => new RibFile(read()));
    }

    /// <summary>Adds a file that knows when it changed.</summary>
    public RibFiles Add(string name, Func<RibFile> read)
    {
        RibMount.CheckName(name);
        _files.Add((name, read));
        return this;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => new([.. _files.Select(f => f.Name)]);

    /// <inheritdoc/>
    public ValueTask<RibFile?> ReadAsync(string file, CancellationToken cancellationToken)
    {
        foreach (var (name, read) in _files)
        {
            if (name == file) return new ValueTask<RibFile?>(read());
        }
        return default;
    }
}
