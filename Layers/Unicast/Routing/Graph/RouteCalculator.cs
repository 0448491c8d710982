using System.Runtime.InteropServices;
using Ouroboros.Layers.Unicast.Forwarding;

namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>
/// Routes of one member, kept up to date as the graph changes: what every policy has in common, which is the shortest way and its first hop. Of
/// several shortest ways the one counts that a search finds which always goes on from the lowest address (routing-and-broadcast.md A5.1), so
/// that the same links give the same routes in whatever order they came.
/// </summary>
public abstract class RouteCalculator(ulong self)
{
    /// <summary>What stands for no member.</summary>
    protected const int None = -1;

    private readonly LevelQueue _queue = new();
    private readonly List<int> _changed = [];
    private readonly List<int> _dirty = [];
    private readonly List<ulong> _lost = [];
    private readonly List<ulong> _gained = [];
    private readonly Dictionary<int, ulong[]> _singles = [];
    private int[] _first = [];
    private int[] _queued = [];
    private Route[] _byVertex = [];
    private Route[] _routes = [];
    private int _mark;

    /// <summary>Hops from this member to each.</summary>
    public DistanceField Distances { get; } = new();

    /// <summary>Every member that can be reached, in no particular order; a new list after each change.</summary>
    public IReadOnlyList<Route> Routes => _routes;

    /// <summary>Addresses that could be reached before the last <see cref="Update"/>, and no longer can.</summary>
    public IReadOnlyList<ulong> Lost => _lost;

    /// <summary>Addresses that could not be reached before the last <see cref="Update"/>, and now can.</summary>
    public IReadOnlyList<ulong> Gained => _gained;

    /// <summary>Number of this member in the graph; <see cref="None"/> while it has no link.</summary>
    protected int Source { get; private set; } = None;

    /// <summary>Whether there is a way to a member, as of the last <see cref="Update"/>.</summary>
    public bool CanReach(int vertex) => Source != None && Distances[vertex] != DistanceField.Unreachable;

    /// <summary>Follows the changes of the graph since the last call; the graph is to be settled afterwards.</summary>
    /// <returns>Whether a route is another one.</returns>
    public bool Update(LinkGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _lost.Clear();
        _gained.Clear();
        Grow(graph.Capacity);
        if (!graph.TryFind(self, out var source)) source = None;
        var all = source != Source || graph.HasOverflowed;
        Source = source;
        if (source == None) return Clear();
        _changed.Clear();
        _dirty.Clear();
        _mark++;
        if (all) Distances.Reset(graph, source);
        else Distances.Update(graph, _changed);
        all |= Prepare(graph, all, _changed, _dirty);
        Begin(graph, all);
        while (_queue.TryDequeue(out var level, out var vertex))
        {
            if (!Recompute(graph, vertex) && !all) continue;
            _dirty.Add(vertex);
            if (all) continue;
            foreach (var neighbour in graph.Neighbours(vertex))
            {
                if (Distances[neighbour] == level + 1) Enqueue(neighbour);
            }
        }
        return Publish(graph);
    }

    /// <summary>Called after distances from this member are up to date and before any <see cref="Recompute"/>: what else a policy follows.</summary>
    /// <param name="graph">As it is now.</param>
    /// <param name="all">Nothing of what was known is good any more.</param>
    /// <param name="changed">Members whose distance has changed.</param>
    /// <param name="dirty">To be given the members whose route is to be made again.</param>
    /// <returns>Whether all are.</returns>
    protected virtual bool Prepare(LinkGraph graph, bool all, List<int> changed, List<int> dirty) => false;

    /// <summary>Works out again what depends on the neighbours of a member that are one hop nearer; they have their turn before.</summary>
    /// <returns>Whether it is different now.</returns>
    protected virtual bool Recompute(LinkGraph graph, int vertex)
    {
        var nearer = Distances[vertex] - 1;
        var parent = None;
        foreach (var neighbour in graph.Neighbours(vertex))
        {
            if (Distances[neighbour] != nearer) continue;
            if (parent == None || graph.AddressOf(neighbour) < graph.AddressOf(parent)) parent = neighbour;
        }
        var first = parent == Source ? vertex : _first[parent];
        if (_first[vertex] == first) return false;
        _first[vertex] = first;
        return true;
    }

    /// <summary>Next hops of a member that can be reached.</summary>
    /// <param name="graph">As it is now.</param>
    /// <param name="vertex">The member.</param>
    /// <param name="before">Those it had; to be returned when they are the same, so that nothing is allocated for what has not changed.</param>
    protected abstract ulong[] NextHops(LinkGraph graph, int vertex, ulong[]? before);

    /// <summary>Members have numbers below this.</summary>
    protected virtual void Grow(int capacity)
    {
        var before = _first.Length;
        if (before >= capacity) return;
        Array.Resize(ref _first, Math.Max(capacity, before * 2));
        Array.Resize(ref _queued, _first.Length);
        Array.Resize(ref _byVertex, _first.Length);
        _first.AsSpan(before).Fill(None);
    }

    /// <summary>The neighbour through which the shortest way to a member goes.</summary>
    protected int First(int vertex) => _first[vertex];

    /// <summary>A list of this neighbour only, the same for every route.</summary>
    protected ulong[] Single(LinkGraph graph, int neighbour)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var address = graph.AddressOf(neighbour);
        if (!_singles.TryGetValue(neighbour, out var hops) || hops[0] != address) _singles[neighbour] = hops = [address];
        return hops;
    }

    /// <summary>These hops as a list: <paramref name="before"/> when it is the same.</summary>
    protected static ulong[] ListOf(List<ulong> hops, ulong[]? before)
    {
        var span = CollectionsMarshal.AsSpan(hops);
        return before is not null && before.AsSpan().SequenceEqual(span) ? before : span.ToArray();
    }

    private void Begin(LinkGraph graph, bool all)
    {
        if (all)
        {
            for (var vertex = 0; vertex < graph.Capacity; vertex++) Enqueue(vertex);
            return;
        }
        foreach (var vertex in _changed)
        {
            Enqueue(vertex);
            foreach (var neighbour in graph.Neighbours(vertex)) Enqueue(neighbour);
        }
        foreach (var change in graph.Changes)
        {
            Enqueue(change.A);
            Enqueue(change.B);
        }
    }

    private void Enqueue(int vertex)
    {
        if (vertex == Source || _queued[vertex] == _mark) return;
        _queued[vertex] = _mark;
        if (Distances[vertex] != DistanceField.Unreachable)
        {
            _queue.Enqueue(Distances[vertex], vertex);
            return;
        }
        _first[vertex] = None;
        _dirty.Add(vertex);
    }

    private bool Publish(LinkGraph graph)
    {
        var changed = false;
        foreach (var vertex in _dirty) changed |= SetRoute(graph, vertex);
        if (_byVertex[Source].NextHops is not null) changed |= Drop(Source);
        if (changed) _routes = Collect();
        return changed;
    }

    private Route[] Collect()
    {
        var count = 0;
        foreach (ref readonly var route in _byVertex.AsSpan())
        {
            if (route.NextHops is not null) count++;
        }
        var routes = new Route[count];
        count = 0;
        foreach (ref readonly var route in _byVertex.AsSpan())
        {
            if (route.NextHops is not null) routes[count++] = route;
        }
        return routes;
    }

    private bool SetRoute(LinkGraph graph, int vertex)
    {
        if (vertex == Source) return false;
        ref var route = ref _byVertex[vertex];
        if (Distances[vertex] == DistanceField.Unreachable) return route.NextHops is not null && Drop(vertex);
        var address = graph.AddressOf(vertex);
        var hops = NextHops(graph, vertex, route.NextHops);
        if (route.NextHops == hops && route.Destination == address) return false;
        if (route.NextHops is null || route.Destination != address) _gained.Add(address);
        route = new Route(address, hops);
        return true;
    }

    private bool Drop(int vertex)
    {
        _lost.Add(_byVertex[vertex].Destination);
        _byVertex[vertex] = default;
        return true;
    }

    private bool Clear()
    {
        if (_routes.Length == 0) return false;
        foreach (var route in _routes) _lost.Add(route.Destination);
        Array.Clear(_byVertex);
        Array.Fill(_first, None);
        _routes = [];
        return true;
    }
}
