using System.Runtime;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// Puts off garbage collection while a simulation runs. Its nodes live to its end, so that a collection finds next to nothing and copies all that was made since
/// the last: a sixth of the processor time. Where there is no room for that, collections go on as usual.
/// </summary>
internal readonly struct QuietHeap : IDisposable
{
    private const long BytesPerNode = 64 << 10;
    private const long Most = 1 << 30;
    private const int LeastPart = 4;

    /// <summary>Begins, if there is room.</summary>
    /// <param name="nodes">Nodes that will be made.</param>
    public static QuietHeap Begin(int nodes)
    {
        var bytes = Math.Min(Math.Min(nodes * BytesPerNode, Most), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / LeastPart);
        HugePages.Use();
        try
        {
            GC.TryStartNoGCRegion(bytes);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            // Somebody else has asked for it, or it is more than the heap may have.
        }
        return default;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // What was promised may have been used up long ago.
        if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion) return;
        try
        {
            GC.EndNoGCRegion();
        }
        catch (InvalidOperationException)
        {
            // Another thread has caused a collection in between.
        }
    }
}
