namespace Ouroboros.Layers.Rib;

/// <summary>A component with a file for each entry of something that any thread may read: flows, neighbours, counters.</summary>
/// <param name="list">Names of the entries.</param>
/// <param name="read">Text of one; null = it is not there (any more).</param>
public sealed class RibTable(Func<IEnumerable<string>> list, Func<string, RibFile?> read) : IRibComponent
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => new([.. list()]);

    /// <inheritdoc/>
    public ValueTask<RibFile?> ReadAsync(string file, CancellationToken cancellationToken) => new(read(file));
}
