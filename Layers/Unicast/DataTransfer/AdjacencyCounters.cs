using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Unicast;

/// <summary>Packets and bytes of an adjacency, by cube. Written by any thread, read by any thread.</summary>
public sealed class AdjacencyCounters
{
    private static readonly int s_kinds = Enum.GetValues<AdjacencyCount>().Length;

    private readonly long[] _counts = new long[QosCubes.Count * s_kinds * 2];

    /// <summary>Packets of a kind and cube.</summary>
    public long Packets(AdjacencyCount kind, QosCube cube) => Volatile.Read(ref _counts[IndexOf(kind, cube)]);

    /// <summary>Bytes of a kind and cube, headers of data transfer included.</summary>
    public long Bytes(AdjacencyCount kind, QosCube cube) => Volatile.Read(ref _counts[IndexOf(kind, cube) + 1]);

    /// <summary>Packets of a kind, all cubes.</summary>
    public long Packets(AdjacencyCount kind) => Packets(kind, QosCube.BestEffort) + Packets(kind, QosCube.Video) + Packets(kind, QosCube.Voice);

    /// <summary>Counts a packet.</summary>
    internal void Note(AdjacencyCount kind, QosCube cube, int bytes)
    {
        var index = IndexOf(kind, cube);
        Interlocked.Increment(ref _counts[index]);
        Interlocked.Add(ref _counts[index + 1], bytes);
    }

    private static int IndexOf(AdjacencyCount kind, QosCube cube) => (((int)cube * s_kinds) + (int)kind) * 2;
}
