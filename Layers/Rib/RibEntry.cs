namespace Ouroboros.Layers.Rib;

/// <summary>A directory or a file of the RIB.</summary>
/// <param name="Path">From the root, without a leading <c>/</c>.</param>
/// <param name="IsDirectory">Whether it has entries of its own.</param>
public sealed record RibEntry(string Path, bool IsDirectory);
