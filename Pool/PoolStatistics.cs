namespace Ouroboros.Pool;

/// <summary>Counters of a <see cref="PacketPool"/>, read while others use it.</summary>
/// <param name="Rented">Packets rented since the pool was made.</param>
/// <param name="Returned">Packets returned.</param>
/// <param name="Exhausted">Rents that found no block and did not wait.</param>
/// <param name="Waited">Rents that had to wait.</param>
/// <param name="TimedOut">Waits that ended without a block because of their time-out.</param>
/// <param name="Cancelled">Waits that ended without a block because they were cancelled.</param>
/// <param name="Stolen">Times that a shard had no block and another shard's was taken.</param>
/// <param name="LargerUsed">Packets that got a larger block than they need, because those of their size were exhausted.</param>
/// <param name="BadReleases">Handles that were disposed twice or never existed; ignored and counted when not checked.</param>
/// <param name="Waiting">Sleepers now.</param>
/// <param name="Sizes">Per size of block, ascending.</param>
public sealed record PoolStatistics(
    long Rented,
    long Returned,
    long Exhausted,
    long Waited,
    long TimedOut,
    long Cancelled,
    long Stolen,
    long LargerUsed,
    long BadReleases,
    int Waiting,
    IReadOnlyList<PoolSizeStatistics> Sizes)
{
    /// <summary>Blocks in use.</summary>
    public long Outstanding => Rented - Returned;
}
