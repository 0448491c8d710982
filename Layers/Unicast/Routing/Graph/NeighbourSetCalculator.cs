using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>
/// What policies with several next hops have in common: for each member the set of all neighbours on a shortest way to it. Those are the neighbours
/// of all its neighbours that are one hop nearer: a bit for each, so that no tree is kept for every neighbour.
/// </summary>
public abstract class NeighbourSetCalculator(ulong self) : RouteCalculator(self)
{
    private const int BitsPerWord = 64;

    private ulong[] _hops = [];

    /// <summary>Numbers of neighbours in sets.</summary>
    private protected NeighbourBits Bits { get; } = new();

    /// <summary>Neighbours on a shortest way.</summary>
    private protected NeighbourSets Nearest { get; } = new();

    /// <inheritdoc/>
    protected override bool Prepare(LinkGraph graph, bool all)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (!Bits.Follow(graph, Source, all)) return false;
        Nearest.Reset(Bits.Words);
        if (_hops.Length != Bits.Words * BitsPerWord) _hops = new ulong[Bits.Words * BitsPerWord];
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override bool Recompute(LinkGraph graph, int vertex)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var changed = base.Recompute(graph, vertex);
        var hops = Distances.All;
        var nearer = hops[vertex] - 1;
        var union = Nearest.Begin();
        if (nearer == 0) union[Bits[vertex] / BitsPerWord] = 1UL << (Bits[vertex] % BitsPerWord);
        else if (union.Length == 1)
        {
            var sets = Nearest.Words;
            foreach (var neighbour in graph.Neighbours(vertex))
            {
                if (hops[neighbour] == nearer) union[0] |= sets[neighbour];
            }
        }
        else
        {
            foreach (var neighbour in graph.Neighbours(vertex))
            {
                if (hops[neighbour] == nearer) Add(union, Nearest[neighbour]);
            }
        }
        return Nearest.End(vertex) || changed;
    }

    /// <inheritdoc/>
    protected override void Grow(int capacity)
    {
        base.Grow(capacity);
        Bits.Grow(capacity);
        Nearest.Grow(capacity);
    }

    /// <summary>Adds one set to another.</summary>
    protected static void Add(Span<ulong> to, ReadOnlySpan<ulong> set)
    {
        for (var word = 0; word < to.Length; word++) to[word] |= set[word];
    }

    /// <summary>A list of these neighbours, the newest link first, but the primary in front of all when there is one.</summary>
    /// <param name="graph">As it is now.</param>
    /// <param name="vertex">The member that the list is for.</param>
    /// <param name="set">The neighbours.</param>
    /// <param name="more">Others.</param>
    /// <param name="primary">One of them; <see cref="RouteCalculator.None"/> when there is none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected ulong[] ListOf(LinkGraph graph, int vertex, ReadOnlySpan<ulong> set, ReadOnlySpan<ulong> more, int primary)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var hops = _hops.AsSpan();
        var addresses = Bits.Addresses;
        var (count, first) = (0, None);
        if (primary != None)
        {
            first = Bits[primary];
            hops[count++] = addresses[first];
        }
        for (var word = set.Length - 1; word >= 0; word--)
        {
            for (var bits = set[word] | (more.IsEmpty ? 0 : more[word]); bits != 0;)
            {
                var highest = BitOperations.Log2(bits);
                bits ^= 1UL << highest;
                var bit = (word * BitsPerWord) + highest;
                if (bit != first) hops[count++] = addresses[bit];
            }
        }
        return count == 1 ? Single(graph, First(vertex)) : ListOf(vertex, hops[..count]);
    }
}
