using System.Runtime.CompilerServices;
using Ouroboros.Layers.Unicast.Forwarding;

namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>
/// Routes of one member, kept up to date as the graph changes: what every policy has in common, which is the shortest way and its first hop. Of
/// several shortest ways the one counts that a search finds which always goes on from the lowest address (routing-and-broadcast.md A5.1), so
/// that the same links give the same routes in whatever order they came.
/// </summary>
/// <remarks>
/// Methods with loops over members are compiled once and optimised: else the first changes of a process run slow code, and wait up to 11 ms for
/// the compiler in the middle of such a loop.
/// </remarks>
public abstract class RouteCalculator(ulong self)
{
    /// <summary>What stands for no member.</summary>
    protected const int None = -1;

    private readonly LevelQueue _queue = new();
    private readonly List<int> _changed = [];
    private readonly List<int> _looked = [];
    private readonly List<int> _dirty = [];
    private readonly List<ulong> _lost = [];
    private readonly List<ulong> _gained = [];
    private readonly Dictionary<int, ulong[]> _singles = [];
    private readonly RouteTable _table = new();
    private int[] _first = [];
    // What a member's entry holds while this update runs: its stamp when it waits or has been looked at, and when its route is to be made again.
    private int[] _queued = [];
    private int[] _dirtied = [];
    private int _mark;

    /// <summary>Hops from this member to each.</summary>
    public DistanceField Distances { get; } = new();

    /// <summary>
    /// Every member that can be reached, in no particular order; a new list after each change. It and the lists of next hops in it stay as they
    /// are until the next <see cref="Update"/> that returns true has returned; the one after that uses their memory again.
    /// </summary>
    public IReadOnlyList<Route> Routes => _table.Routes;

    /// <summary>Addresses that could be reached before the last <see cref="Update"/>, and no longer can.</summary>
    public IReadOnlyList<ulong> Lost => _lost;

    /// <summary>Addresses that could not be reached before the last <see cref="Update"/>, and now can.</summary>
    public IReadOnlyList<ulong> Gained => _gained;

    /// <summary>Members whose neighbours the last <see cref="Update"/> looked at for first hops: a measure of its work that does not depend on the machine.</summary>
    public int Looked => _looked.Count;

    /// <summary>Number of this member in the graph; <see cref="None"/> while it has no link.</summary>
    protected int Source { get; private set; } = None;

    /// <summary>Whether there is a way to a member, as of the last <see cref="Update"/>.</summary>
    public bool CanReach(int vertex) => Source != None && Distances[vertex] != DistanceField.Unreachable;

    /// <summary>Follows the changes of the graph since the last call; the graph is to be settled afterwards.</summary>
    /// <returns>Whether a route is another one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Update(LinkGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _lost.Clear();
        _gained.Clear();
        _changed.Clear();
        _looked.Clear();
        _dirty.Clear();
        Grow(graph.Capacity);
        if (!graph.TryFind(self, out var source)) source = None;
        var all = source != Source || graph.HasOverflowed;
        Source = source;
        if (source == None) return Clear();
        _mark++;
        if (all) Distances.Reset(graph, source);
        else Distances.Update(graph, _changed);
        all |= Prepare(graph, all);
        Begin(graph, all);
        while (_queue.TryDequeue(out var level, out var vertex))
        {
            _looked.Add(vertex);
            if (!Recompute(graph, vertex) && !all) continue;
            MarkDirty(vertex);
            if (all) continue;
            foreach (var neighbour in graph.Neighbours(vertex))
            {
                if (Distances[neighbour] == level + 1) Enqueue(neighbour);
            }
        }
        Complete(graph, all, _looked, _dirty);
        return Publish(graph);
    }

    /// <summary>Called after distances from this member are up to date and before any <see cref="Recompute"/>.</summary>
    /// <param name="graph">As it is now.</param>
    /// <param name="all">Nothing of what was known is good any more.</param>
    /// <returns>Whether that is so for this policy.</returns>
    protected virtual bool Prepare(LinkGraph graph, bool all) => false;

    /// <summary>Works out again what depends on the neighbours of a member that are one hop nearer; they have their turn before.</summary>
    /// <returns>Whether it is different now.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected virtual bool Recompute(LinkGraph graph, int vertex)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var hops = Distances.All;
        var nearer = hops[vertex] - 1;
        var parent = None;
        foreach (var neighbour in graph.Neighbours(vertex))
        {
            if (hops[neighbour] != nearer) continue;
            if (parent == None || graph.AddressOf(neighbour) < graph.AddressOf(parent)) parent = neighbour;
        }
        var first = parent == Source ? vertex : _first[parent];
        if (_first[vertex] == first) return false;
        _first[vertex] = first;
        return true;
    }

    /// <summary>Called after the last <see cref="Recompute"/>: what else a policy follows. Members whose routes it changes are given to <see cref="MarkDirty"/>.</summary>
    /// <param name="graph">As it is now.</param>
    /// <param name="all">Nothing of what was known is good any more.</param>
    /// <param name="looked">Members that were recomputed: all whose distance has changed, their neighbours, ends of links that came or went, and what followed from those.</param>
    /// <param name="different">Those for which something came out different, and members that can no longer be reached.</param>
    protected virtual void Complete(LinkGraph graph, bool all, List<int> looked, List<int> different)
    {
    }

    /// <summary>Next hops of a member that can be reached.</summary>
    /// <param name="graph">As it is now.</param>
    /// <param name="vertex">The member.</param>
    protected abstract ulong[] NextHops(LinkGraph graph, int vertex);

    /// <summary>Members have numbers below this.</summary>
    protected virtual void Grow(int capacity)
    {
        var before = _first.Length;
        if (before >= capacity) return;
        Array.Resize(ref _first, Math.Max(capacity, before * 2));
        Array.Resize(ref _queued, _first.Length);
        Array.Resize(ref _dirtied, _first.Length);
        _table.Grow(_first.Length);
        _first.AsSpan(before).Fill(None);
    }

    /// <summary>The neighbour through which the shortest way to a member goes.</summary>
    protected int First(int vertex) => _first[vertex];

    /// <summary>The route to a member is to be made again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void MarkDirty(int vertex)
    {
        if (_dirtied[vertex] == _mark) return;
        _dirtied[vertex] = _mark;
        _dirty.Add(vertex);
    }

    /// <summary>A list of this neighbour only, the same for every route.</summary>
    protected ulong[] Single(LinkGraph graph, int neighbour)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var address = graph.AddressOf(neighbour);
        if (!_singles.TryGetValue(neighbour, out var hops) || hops[0] != address) _singles[neighbour] = hops = [address];
        return hops;
    }

    /// <summary>These hops, two at least, as a list: the one that the member has when it is the same.</summary>
    protected ulong[] ListOf(int vertex, ReadOnlySpan<ulong> hops) => _table.ListOf(vertex, hops);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        MarkDirty(vertex);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Publish(LinkGraph graph)
    {
        var changed = false;
        foreach (var vertex in _dirty) changed |= SetRoute(graph, vertex);
        changed |= _table.Remove(Source, _lost);
        if (changed) _table.Publish();
        return changed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool SetRoute(LinkGraph graph, int vertex)
    {
        if (vertex == Source) return false;
        if (Distances[vertex] == DistanceField.Unreachable) return _table.Remove(vertex, _lost);
        return _table.Set(vertex, graph.AddressOf(vertex), NextHops(graph, vertex), _gained);
    }

    private bool Clear()
    {
        if (!_table.Clear(_lost)) return false;
        Array.Fill(_first, None);
        return true;
    }
}
