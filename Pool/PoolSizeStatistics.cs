namespace Ouroboros.Pool;

/// <summary>State of the blocks of one size.</summary>
/// <param name="BlockSize">Bytes of a block.</param>
/// <param name="MaxPayload">Bytes of payload that fit.</param>
/// <param name="Blocks">Number of blocks.</param>
/// <param name="Free">Blocks that are free, wherever they are kept.</param>
/// <param name="Cached">Free blocks in the caches of threads.</param>
/// <param name="FreeByShard">Free blocks on each shard's list; shard 0 includes those that were never used.</param>
public sealed record PoolSizeStatistics(
    int BlockSize, int MaxPayload, int Blocks, int Free, int Cached, IReadOnlyList<int> FreeByShard);
