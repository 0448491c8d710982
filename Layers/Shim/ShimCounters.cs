namespace Ouroboros.Layers.Shim;

/// <summary>What a shim layer dropped, by reason. Written by any thread, read by any thread.</summary>
public sealed class ShimCounters
{
    private readonly long[] _drops = new long[Enum.GetValues<ShimDrop>().Length];

    /// <summary>Dropped for a reason.</summary>
    public long this[ShimDrop reason] => Volatile.Read(ref _drops[(int)reason]);

    /// <summary>Dropped for any reason.</summary>
    public long Total => _drops.Sum();

    /// <summary>Counts something that was dropped.</summary>
    public void Note(ShimDrop reason) => Interlocked.Increment(ref _drops[(int)reason]);
}
