namespace Ouroboros.Layers.Unicast;

/// <summary>What the flow allocator did not use, by reason. Written by any thread, read by any thread.</summary>
public sealed class FlowAllocatorCounters
{
    private readonly long[] _drops = new long[Enum.GetValues<FlowAllocatorDrop>().Length];

    /// <summary>Not used for a reason.</summary>
    public long this[FlowAllocatorDrop reason] => Volatile.Read(ref _drops[(int)reason]);

    /// <summary>Not used for any reason.</summary>
    public long Total => _drops.Sum();

    /// <summary>Counts a message that was not used.</summary>
    public void Note(FlowAllocatorDrop reason) => Interlocked.Increment(ref _drops[(int)reason]);
}
