using System.Numerics;

namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>
/// All neighbours on a shortest way to each member, the newest link first (routing-and-broadcast.md A5.4, without neighbours that do not
/// announce the link). A member has those of all its neighbours that are one hop nearer: a set of bits for each, one bit a neighbour.
/// </summary>
public sealed class EcmpCalculator(ulong self) : RouteCalculator(self)
{
    private const int BitsPerWord = 64;

    private readonly List<ulong> _hops = [];
    private ulong[] _sets = [];
    private ulong[] _scratch = [];
    private int[] _slots = [];
    private int _words;
    private int _capacity;

    /// <inheritdoc/>
    protected override bool Prepare(LinkGraph graph, bool all, List<int> changed, List<int> dirty)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (!all && !graph.Changes.Any(c => c.Touches(Source))) return false;
        // Another neighbour has other bits.
        var neighbours = graph.Neighbours(Source);
        _words = (neighbours.Length + BitsPerWord - 1) / BitsPerWord;
        _sets = new ulong[_words * _capacity];
        _scratch = new ulong[_words];
        for (var slot = 0; slot < neighbours.Length; slot++) _slots[neighbours[slot]] = slot;
        return true;
    }

    /// <inheritdoc/>
    protected override bool Recompute(LinkGraph graph, int vertex)
    {
        var changed = base.Recompute(graph, vertex);
        var nearer = Distances[vertex] - 1;
        var union = _scratch.AsSpan();
        union.Clear();
        if (nearer == 0) union[_slots[vertex] / BitsPerWord] |= 1UL << (_slots[vertex] % BitsPerWord);
        else
        {
            foreach (var neighbour in graph.Neighbours(vertex))
            {
                if (Distances[neighbour] != nearer) continue;
                var theirs = Set(neighbour);
                for (var word = 0; word < union.Length; word++) union[word] |= theirs[word];
            }
        }
        var set = Set(vertex);
        if (set.SequenceEqual(union)) return changed;
        union.CopyTo(set);
        return true;
    }

    /// <inheritdoc/>
    protected override ulong[] NextHops(LinkGraph graph, int vertex, ulong[]? before)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _hops.Clear();
        var set = Set(vertex);
        var neighbours = graph.Neighbours(Source);
        for (var word = set.Length - 1; word >= 0; word--)
        {
            for (var bits = set[word]; bits != 0;)
            {
                var bit = BitsPerWord - 1 - BitOperations.LeadingZeroCount(bits);
                bits &= ~(1UL << bit);
                _hops.Add(graph.AddressOf(neighbours[(word * BitsPerWord) + bit]));
            }
        }
        return _hops.Count == 1 ? Single(graph, First(vertex)) : ListOf(_hops, before);
    }

    /// <inheritdoc/>
    protected override void Grow(int capacity)
    {
        base.Grow(capacity);
        if (_capacity >= capacity) return;
        _capacity = Math.Max(capacity, _capacity * 2);
        Array.Resize(ref _sets, _capacity * _words);
        Array.Resize(ref _slots, _capacity);
    }

    private Span<ulong> Set(int vertex) => _sets.AsSpan(vertex * _words, _words);
}
