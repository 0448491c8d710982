namespace Ouroboros.Layers.Unicast;

/// <summary>What data transfer dropped, by reason. Written by any thread, read by any thread.</summary>
public sealed class DataTransferCounters
{
    private readonly long[] _drops = new long[Enum.GetValues<DataTransferDrop>().Length];

    /// <summary>Dropped for a reason.</summary>
    public long this[DataTransferDrop reason] => Volatile.Read(ref _drops[(int)reason]);

    /// <summary>Dropped for any reason.</summary>
    public long Total => _drops.Sum();

    /// <summary>Counts a packet that was dropped.</summary>
    public void Note(DataTransferDrop reason) => Interlocked.Increment(ref _drops[(int)reason]);
}
