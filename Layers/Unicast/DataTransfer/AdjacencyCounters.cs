using System.Numerics;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// Packets and bytes of an adjacency, by cube. Written by any thread, read by any thread. Each processor has numbers of its own, so that those that
/// forward at the same time do not wait for each other's cache lines; a sum that is read meanwhile is right a moment later.
/// </summary>
public sealed class AdjacencyCounters
{
    private const int MaxStripes = 16;
    private const int LineOfCache = 16;
    private static readonly int s_kinds = Enum.GetValues<AdjacencyCount>().Length;

    private static readonly int s_mask = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, MaxStripes)) - 1;
    private static readonly int s_stride = (QosCubes.Count * s_kinds * 2) + LineOfCache;

    private readonly long[] _counts = new long[(s_mask + 1) * s_stride];

    /// <summary>Packets of a kind and cube.</summary>
    public long Packets(AdjacencyCount kind, QosCube cube) => Sum(IndexOf(kind, cube));

    /// <summary>Bytes of a kind and cube, headers of data transfer included.</summary>
    public long Bytes(AdjacencyCount kind, QosCube cube) => Sum(IndexOf(kind, cube) + 1);

    /// <summary>Packets of a kind, all cubes.</summary>
    public long Packets(AdjacencyCount kind) => Packets(kind, QosCube.BestEffort) + Packets(kind, QosCube.Video) + Packets(kind, QosCube.Voice);

    /// <summary>Counts a packet.</summary>
    internal void Note(AdjacencyCount kind, QosCube cube, int bytes)
    {
        var index = ((Thread.GetCurrentProcessorId() & s_mask) * s_stride) + IndexOf(kind, cube);
        Interlocked.Increment(ref _counts[index]);
        Interlocked.Add(ref _counts[index + 1], bytes);
    }

    private static int IndexOf(AdjacencyCount kind, QosCube cube) => (((int)cube * s_kinds) + (int)kind) * 2;

    private long Sum(int index)
    {
        long sum = 0;
        for (var at = index; at < _counts.Length; at += s_stride) sum += Volatile.Read(ref _counts[at]);
        return sum;
    }
}
