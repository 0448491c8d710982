namespace Ouroboros.Pool;

/// <summary>Where the memory of a <see cref="PacketPool"/> comes from.</summary>
public enum PoolBacking
{
    /// <summary>A file in shared memory that other processes can attach; anonymous memory where the platform has none.</summary>
    SharedFile,

    /// <summary>Memory of this process only.</summary>
    Anonymous,
}
