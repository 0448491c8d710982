namespace Ouroboros.Layers.Rib;

/// <summary>A file of the RIB as it is at the moment of reading.</summary>
/// <param name="Text">All of it, ending in a newline.</param>
/// <param name="Modified">When its content last changed; null = not known.</param>
public sealed record RibFile(string Text, DateTimeOffset? Modified = null);
