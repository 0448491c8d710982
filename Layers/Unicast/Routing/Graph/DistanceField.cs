using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>
/// How many hops every member is from one of them. Kept up to date from what has changed: members that lost their last shortest way are found
/// level by level, get a new distance from those around them, and what has become nearer spreads from there.
/// </summary>
public sealed class DistanceField
{
    /// <summary>The distance of what cannot be reached.</summary>
    public const int Unreachable = int.MaxValue;

    private readonly LevelQueue _queue = new();
    private readonly List<int> _lost = [];
    private int[] _distances = [];
    // What a member's entry holds while this update runs: its stamp when it is lost.
    private int[] _marks = [];
    private int _mark;
    private int[] _search = [];

    /// <summary>Hops to a member, <see cref="Unreachable"/> for none.</summary>
    public int this[int vertex] => vertex < _distances.Length ? _distances[vertex] : Unreachable;

    /// <summary>Hops to all members by their numbers, as of the last <see cref="Reset"/> or <see cref="Update"/>.</summary>
    public ReadOnlySpan<int> All => _distances;

    /// <summary>Searches from <paramref name="source"/> over everything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Reset(LinkGraph graph, int source)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Grow(graph.Capacity);
        Array.Fill(_distances, Unreachable);
        if (_search.Length < graph.Capacity) _search = new int[_distances.Length];
        var (head, tail) = (0, 0);
        _distances[source] = 0;
        _search[tail++] = source;
        while (head < tail)
        {
            var at = _search[head++];
            var next = _distances[at] + 1;
            foreach (var neighbour in graph.Neighbours(at))
            {
                if (_distances[neighbour] != Unreachable) continue;
                _distances[neighbour] = next;
                _search[tail++] = neighbour;
            }
        }
    }

    /// <summary>Follows the changes of the graph, whose source is the same as at the last <see cref="Reset"/>.</summary>
    /// <param name="graph">As it is now.</param>
    /// <param name="changed">Gets the members whose distance is another one, some perhaps twice, and some for which it turned out to be the same.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(LinkGraph graph, List<int> changed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changed);
        Debug.Assert(!graph.HasOverflowed, "such a graph is searched from the beginning");
        Grow(graph.Capacity);
        FindLost(graph);
        foreach (var vertex in _lost) _distances[vertex] = Unreachable;
        foreach (var vertex in _lost)
        {
            changed.Add(vertex);
            foreach (var neighbour in graph.Neighbours(vertex)) Offer(vertex, _distances[neighbour]);
        }
        foreach (var change in graph.Changes)
        {
            if (!change.Added) continue;
            Offer(change.A, _distances[change.B]);
            Offer(change.B, _distances[change.A]);
        }
        while (_queue.TryDequeue(out var level, out var vertex))
        {
            if (_distances[vertex] != level) continue;
            changed.Add(vertex);
            foreach (var neighbour in graph.Neighbours(vertex)) Offer(neighbour, level);
        }
        _lost.Clear();
    }

    /// <summary>Members that no neighbour one hop nearer holds in their place any more, nearest first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindLost(LinkGraph graph)
    {
        _mark++;
        foreach (var change in graph.Changes)
        {
            if (change.Added) continue;
            Suspect(change.A, change.B);
            Suspect(change.B, change.A);
        }
        while (_queue.TryDequeue(out var level, out var vertex))
        {
            if (_marks[vertex] == _mark || IsHeld(graph, vertex, level)) continue;
            _marks[vertex] = _mark;
            _lost.Add(vertex);
            foreach (var neighbour in graph.Neighbours(vertex))
            {
                if (_distances[neighbour] == level + 1) _queue.Enqueue(level + 1, neighbour);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Suspect(int vertex, int former)
    {
        var distance = _distances[vertex];
        if (distance != Unreachable && _distances[former] == distance - 1) _queue.Enqueue(distance, vertex);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsHeld(LinkGraph graph, int vertex, int level)
    {
        foreach (var neighbour in graph.Neighbours(vertex))
        {
            if (_distances[neighbour] == level - 1 && _marks[neighbour] != _mark) return true;
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Offer(int vertex, int from)
    {
        if (from == Unreachable || from + 1 >= _distances[vertex]) return;
        _distances[vertex] = from + 1;
        _queue.Enqueue(from + 1, vertex);
    }

    private void Grow(int capacity)
    {
        var before = _distances.Length;
        if (before >= capacity) return;
        Array.Resize(ref _distances, Math.Max(capacity, before * 2));
        Array.Resize(ref _marks, _distances.Length);
        _distances.AsSpan(before).Fill(Unreachable);
    }
}
