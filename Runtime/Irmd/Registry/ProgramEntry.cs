namespace Ouroboros.Runtime.Irmd.Registry;

/// <summary>A program: processes announced under its key inherit its names.</summary>
internal sealed class ProgramEntry(string key, string path)
{
    /// <summary>Last component of the path.</summary>
    public string Key { get; } = key;

    public string Path { get; } = path;

    public SortedSet<string> Names { get; } = new(StringComparer.Ordinal);
}
