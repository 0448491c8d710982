using Ouroboros.Layers.Unicast.Directory;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// What a member of a unicast layer is after a failure as it was before: the address, under which neighbours and the directory know it, and its place in the
/// directory.
/// </summary>
internal sealed class UnicastMemory
{
    /// <summary>Its address; 0 = to be drawn.</summary>
    public ulong Address { get; set; }

    /// <summary>What its directory remembers.</summary>
    public DirectoryState Directory { get; set; } = new();
}
