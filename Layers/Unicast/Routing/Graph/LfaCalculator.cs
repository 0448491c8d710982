using System.Runtime.CompilerServices;

namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>
/// The shortest way to each member, and behind it all neighbours from which a packet does not come back, the newest link first
/// (routing-and-broadcast.md A5.3, without the primary a second time and without neighbours that do not announce the link). From a neighbour a packet
/// does not come back when it is no further from the member than this one: it is on a shortest way, one hop nearer, or just as far. As far are those
/// that are as far from a neighbour of the member one hop nearer, or on a shortest way to one that is as far as it, and are not on a
/// shortest way to the member.
/// </summary>
public sealed class LfaCalculator(ulong self) : NeighbourSetCalculator(self)
{
    private readonly NeighbourSets _asFar = new();
    private readonly LevelQueue _queue = new();
    private int[] _queued = [];
    private int _mark;

    /// <inheritdoc/>
    protected override bool Prepare(LinkGraph graph, bool all)
    {
        if (!base.Prepare(graph, all)) return false;
        _asFar.Reset(Bits.Words);
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Complete(LinkGraph graph, bool all, List<int> looked, List<int> different)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(looked);
        ArgumentNullException.ThrowIfNull(different);
        _mark++;
        foreach (var vertex in looked) Enqueue(vertex);
        if (!all)
        {
            foreach (var vertex in different) EnqueueNeighbours(graph, vertex, further: 0);
        }
        while (_queue.TryDequeue(out _, out var vertex))
        {
            if (!Recompute(graph, vertex, Distances[vertex])) continue;
            MarkDirty(vertex);
            EnqueueNeighbours(graph, vertex, further: 1);
        }
    }

    /// <inheritdoc/>
    protected override ulong[] NextHops(LinkGraph graph, int vertex) => ListOf(graph, vertex, Nearest[vertex], _asFar[vertex], First(vertex));

    /// <inheritdoc/>
    protected override void Grow(int capacity)
    {
        base.Grow(capacity);
        _asFar.Grow(capacity);
        if (_queued.Length < capacity) Array.Resize(ref _queued, Math.Max(capacity, _queued.Length * 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Recompute(LinkGraph graph, int vertex, int level)
    {
        var hops = Distances.All;
        var union = _asFar.Begin();
        if (union.Length == 1) union[0] = UnionOf(graph.Neighbours(vertex), hops, level);
        else
        {
            foreach (var neighbour in graph.Neighbours(vertex))
            {
                var distance = hops[neighbour];
                if (distance == level) Add(union, Nearest[neighbour]);
                else if (distance == level - 1) Add(union, _asFar[neighbour]);
            }
        }
        var nearest = Nearest[vertex];
        for (var word = 0; word < union.Length; word++) union[word] &= ~nearest[word];
        return _asFar.End(vertex);
    }

    // As above, for up to 64 neighbours, without jumps that no processor predicts.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong UnionOf(ReadOnlySpan<int> neighbours, ReadOnlySpan<int> hops, int level)
    {
        var nearest = Nearest.Words;
        var asFar = _asFar.Words;
        var union = 0UL;
        foreach (var neighbour in neighbours)
        {
            var distance = hops[neighbour];
            union |= (nearest[neighbour] & MaskOf(distance == level)) | (asFar[neighbour] & MaskOf(distance == level - 1));
        }
        return union;
    }

    private static ulong MaskOf(bool condition) => (ulong)-(long)(condition ? 1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EnqueueNeighbours(LinkGraph graph, int vertex, int further)
    {
        var level = Distances[vertex];
        if (level == DistanceField.Unreachable) return;
        foreach (var neighbour in graph.Neighbours(vertex))
        {
            if (Distances[neighbour] == level + further) Enqueue(neighbour);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enqueue(int vertex)
    {
        if (_queued[vertex] == _mark) return;
        _queued[vertex] = _mark;
        _queue.Enqueue(Distances[vertex], vertex);
    }
}
