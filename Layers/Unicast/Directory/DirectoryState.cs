using Ouroboros.Crypto.Hashing;

namespace Ouroboros.Layers.Unicast.Directory;

/// <summary>
/// What a directory actor has to remember, kept by whoever made the actor: the names that are registered here, this node's id, and members through
/// which the directory was last reached. Touched by the actor only, one message at a time.
/// </summary>
public sealed class DirectoryState
{
    /// <summary>
    /// For another life of the member: the same id, and the members that it knew. Names are registered again by whoever wants them to be.
    /// </summary>
    public DirectoryState ForNextLife() => new() { Id = Id, Members = Members };

    /// <summary>Names registered here.</summary>
    internal HashSet<NameHash> Names { get; } = [];

    /// <summary>The node's id, the same after a restart; null before the first start.</summary>
    internal byte[]? Id { get; set; }

    /// <summary>Addresses of contacts of the node before it was restarted.</summary>
    internal ulong[] Members { get; set; } = [];
}
