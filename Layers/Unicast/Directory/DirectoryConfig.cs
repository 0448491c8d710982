namespace Ouroboros.Layers.Unicast.Directory;

/// <summary>Parameters of a directory: the same for all members of a layer, handed over at enrolment. Each policy derives its own.</summary>
/// <param name="Peer">
/// Address of a member to find the directory through; 0 for the first member. Whoever enrols others hands over its own address instead
/// (layer-management.md 4.5): <see cref="For"/>.
/// </param>
public abstract record DirectoryConfig(ulong Peer)
{
    /// <summary>Number of the policy.</summary>
    public abstract int Policy { get; }

    /// <summary>What the member at <paramref name="address"/> hands over to those who enrol with it.</summary>
    public DirectoryConfig For(ulong address) => this with { Peer = address };

    /// <summary>These parameters with the limits that are each member's own as they are in <paramref name="other"/>.</summary>
    public virtual DirectoryConfig WithOwnOf(DirectoryConfig other) => this;
}
