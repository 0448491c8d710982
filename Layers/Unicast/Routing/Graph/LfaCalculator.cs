namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>
/// The shortest way to each member, and behind it all neighbours from which a packet does not come back, the newest link first
/// (routing-and-broadcast.md A5.3, without the primary a second time and without neighbours that do not announce the link).
/// </summary>
public sealed class LfaCalculator(ulong self) : RouteCalculator(self)
{
    private const int MostSpare = 4;

    private readonly Dictionary<int, DistanceField> _fields = [];
    private readonly Stack<DistanceField> _spare = [];
    private readonly List<ulong> _hops = [];

    /// <inheritdoc/>
    protected override bool Prepare(LinkGraph graph, bool all, List<int> changed, List<int> dirty)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentNullException.ThrowIfNull(dirty);
        var neighbours = graph.Neighbours(Source);
        dirty.AddRange(changed);
        foreach (var gone in _fields.Keys.Where(n => all || Distances[n] != 1).ToList())
        {
            // Links that flap are followed without allocating.
            _fields.Remove(gone, out var field);
            if (_spare.Count < MostSpare) _spare.Push(field!);
        }
        foreach (var neighbour in neighbours)
        {
            if (_fields.TryGetValue(neighbour, out var field))
            {
                field.Update(graph, dirty);
                continue;
            }
            _fields.Add(neighbour, field = _spare.TryPop(out var spare) ? spare : new DistanceField());
            field.Reset(graph, neighbour);
            all = true;
        }
        return all || graph.Changes.Any(c => c.Touches(Source));
    }

    /// <inheritdoc/>
    protected override ulong[] NextHops(LinkGraph graph, int vertex, ulong[]? before)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var primary = First(vertex);
        _hops.Clear();
        _hops.Add(graph.AddressOf(primary));
        var neighbours = graph.Neighbours(Source);
        for (var i = neighbours.Length - 1; i >= 0; i--)
        {
            var neighbour = neighbours[i];
            if (neighbour != primary && neighbour != vertex && _fields[neighbour][vertex] <= Distances[vertex]) _hops.Add(graph.AddressOf(neighbour));
        }
        return _hops.Count == 1 ? Single(graph, primary) : ListOf(_hops, before);
    }
}
