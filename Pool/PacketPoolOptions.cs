namespace Ouroboros.Pool;

/// <summary>How a <see cref="PacketPool"/> is made. Checked when the pool is created; a wrong value names the property.</summary>
public sealed record PacketPoolOptions
{
    /// <summary>Where the memory comes from.</summary>
    public PoolBacking Backing { get; init; } = PoolBacking.SharedFile;

    /// <summary>Folder of shared-memory files; <c>/dev/shm</c> is where POSIX shared memory lives on Linux.</summary>
    public string Directory { get; init; } = "/dev/shm";

    /// <summary>First part of the file's name: <c>PREFIX.gspp</c>, <c>PREFIX.pup.UID</c> (reference: SSM_PREFIX).</summary>
    public string Prefix { get; init; } = "ouroboros";

    /// <summary>Group that may open the global pool.</summary>
    public string Group { get; init; } = "ouroboros";

    /// <summary>Blocks of each size; null for <see cref="PoolCounts.Global"/> or <see cref="PoolCounts.User"/>.</summary>
    public PoolCounts? Counts { get; init; }

    /// <summary>Free lists per size, a power of two up to 64; 0 for one per processor, at least the reference's 4.</summary>
    public int Shards { get; init; }

    /// <summary>Free blocks of one size that a thread keeps for itself, 0 to 64. Only sizes with blocks to spare are kept.</summary>
    public int ThreadCache { get; init; } = 32;

    /// <summary>Larger sizes, one after the other, that a packet may use when those of its own size are exhausted.</summary>
    public int FallbackSizes { get; init; } = 2;

    /// <summary>Locks the global pool in RAM; that it cannot is a warning.</summary>
    public bool LockInMemory { get; init; }

    /// <summary>Clock of all time-outs.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
