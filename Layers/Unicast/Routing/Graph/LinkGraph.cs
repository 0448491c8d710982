using System.Runtime.InteropServices;

namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>
/// The members of a layer and the links between them that both ends announce, in the form that searches need: members are numbers, and what has
/// changed since the last search is noted, so that a search looks at no more than that.
/// </summary>
public sealed class LinkGraph
{
    // Past this many changes a search over everything is as fast, and the list would grow without bound.
    private const int MaxChanges = 256;

    private readonly Dictionary<ulong, int> _byAddress = [];
    private readonly Stack<int> _free = [];
    private readonly List<int> _retired = [];
    private readonly List<EdgeChange> _changes = [];
    private Vertex[] _vertices = [];
    private int _used;

    /// <summary>Numbers of members are below this.</summary>
    public int Capacity => _used;

    /// <summary>Members.</summary>
    public int Count => _byAddress.Count;

    /// <summary>Links, both directions counted once.</summary>
    public int EdgeCount { get; private set; }

    /// <summary>Links that came and went since <see cref="Settle"/>; incomplete when <see cref="HasOverflowed"/>.</summary>
    public ReadOnlySpan<EdgeChange> Changes => CollectionsMarshal.AsSpan(_changes);

    /// <summary>Whether more has changed than <see cref="Changes"/> says.</summary>
    public bool HasOverflowed { get; private set; }

    /// <summary>Whether <see cref="Settle"/> has something to do.</summary>
    public bool NeedsSettling => _changes.Count > 0 || HasOverflowed || _retired.Count > 0;

    /// <summary>The number of a member.</summary>
    public bool TryFind(ulong address, out int vertex) => _byAddress.TryGetValue(address, out vertex);

    /// <summary>The address of a member.</summary>
    public ulong AddressOf(int vertex) => _vertices[vertex].Address;

    /// <summary>Members that it has a link to, the oldest link first.</summary>
    public ReadOnlySpan<int> Neighbours(int vertex)
    {
        ref var v = ref _vertices[vertex];
        return v.Neighbours.AsSpan(0, v.Count);
    }

    /// <summary>The number of a member, made when there is none; kept until released as often.</summary>
    internal int Acquire(ulong address)
    {
        if (!_byAddress.TryGetValue(address, out var vertex))
        {
            if (!_free.TryPop(out vertex))
            {
                vertex = _used++;
                if (vertex == _vertices.Length) Array.Resize(ref _vertices, Math.Max(8, vertex * 2));
            }
            _vertices[vertex] = new Vertex { Address = address, Neighbours = [] };
            _byAddress.Add(address, vertex);
        }
        _vertices[vertex].References++;
        return vertex;
    }

    /// <summary>Gives a number back. It belongs to its member until <see cref="Settle"/>.</summary>
    internal void Release(int vertex)
    {
        ref var v = ref _vertices[vertex];
        if (--v.References > 0 || v.Retired) return;
        v.Retired = true;
        _retired.Add(vertex);
    }

    /// <summary>Both ends announce the link now.</summary>
    internal void Connect(int a, int b)
    {
        Append(ref _vertices[a], b);
        Append(ref _vertices[b], a);
        EdgeCount++;
        Note(new EdgeChange(a, b, Added: true));
    }

    /// <summary>One end no longer announces it.</summary>
    internal void Disconnect(int a, int b)
    {
        Remove(ref _vertices[a], b);
        Remove(ref _vertices[b], a);
        EdgeCount--;
        // One that came and went since is no news, and must not be searched along.
        if (!ForgetAdded(a, b)) Note(new EdgeChange(a, b, Added: false));
    }

    /// <summary>A search has seen everything: begins a new list of changes, and forgets members of which nothing is left.</summary>
    internal void Settle()
    {
        _changes.Clear();
        HasOverflowed = false;
        foreach (var vertex in _retired)
        {
            ref var v = ref _vertices[vertex];
            v.Retired = false;
            if (v.References > 0) continue;
            _byAddress.Remove(v.Address);
            v = default;
            _free.Push(vertex);
        }
        _retired.Clear();
    }

    private static void Append(ref Vertex vertex, int neighbour)
    {
        if (vertex.Count == vertex.Neighbours.Length) Array.Resize(ref vertex.Neighbours, Math.Max(4, vertex.Count * 2));
        vertex.Neighbours[vertex.Count++] = neighbour;
    }

    private static void Remove(ref Vertex vertex, int neighbour)
    {
        var at = Array.IndexOf(vertex.Neighbours, neighbour, 0, vertex.Count);
        // In place: the order of links decides which of two equal ways comes first.
        Array.Copy(vertex.Neighbours, at + 1, vertex.Neighbours, at, vertex.Count - at - 1);
        vertex.Count--;
    }

    private bool ForgetAdded(int a, int b)
    {
        for (var at = _changes.Count - 1; at >= 0; at--)
        {
            var change = _changes[at];
            if (!change.Added || !change.Touches(a) || !change.Touches(b)) continue;
            _changes.RemoveAt(at);
            return true;
        }
        return false;
    }

    private void Note(EdgeChange change)
    {
        if (_changes.Count < MaxChanges) _changes.Add(change);
        else HasOverflowed = true;
    }

    private struct Vertex
    {
        public ulong Address;
        public int[] Neighbours;
        public int Count;
        public int References;
        public bool Retired;
    }
}
