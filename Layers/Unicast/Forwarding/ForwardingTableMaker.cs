using System.Runtime.CompilerServices;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Unicast.Forwarding;

/// <summary>
/// Makes one table after another. Next hops that the last two tables had are used again, so that a change of some routes costs no more than them and
/// two arrays; they are made anew when adjacencies come or go. One thread at a time. Its loop is compiled once and optimised, as those that calculate routes.
/// </summary>
internal sealed class ForwardingTableMaker
{
    private readonly Dictionary<ulong[], Known> _known = new(SameHops.Instance);
    private readonly List<NextHop[]> _usable = [];
    private Dictionary<ulong, NextHop[]> _neighbours = [];
    private IReadOnlyCollection<Adjacency>? _adjacencies;
    private int _made;

    /// <summary>Lists of next hops that are kept.</summary>
    public int Count => _known.Count;

    /// <summary>
    /// Makes a table. Next hops without an adjacency are left out, destinations without next hops too; of a destination that comes twice the first
    /// counts, and address 0 is none.
    /// </summary>
    /// <param name="routes">What routing calculated; read during the call only.</param>
    /// <param name="adjacencies">What there is to go by; another list when there is another one.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ForwardingTable Make(IReadOnlyList<Route> routes, IReadOnlyCollection<Adjacency> adjacencies)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(adjacencies);
        Follow(adjacencies);
        _made++;
        var table = routes.Count == 0 ? ForwardingTable.Empty : new ForwardingTable(routes.Count);
        var used = 0;
        for (var n = 0; n < routes.Count; n++)
        {
            var (destination, hops) = routes[n];
            if (destination == 0 || hops is null) continue;
            if (!_known.TryGetValue(hops, out var known))
            {
                // Whoever calculates uses the memory of lists again.
                _known.Add([.. hops], known = new Known(Gather(hops)));
            }
            if (known.Made != _made)
            {
                known.Made = _made;
                used++;
            }
            if (known.Hops is not null) table.Add(destination, known.Hops);
        }
        if (_known.Count > 2 * used) Forget();
        return table;
    }

    private void Follow(IReadOnlyCollection<Adjacency> adjacencies)
    {
        if (ReferenceEquals(_adjacencies, adjacencies)) return;
        _adjacencies = adjacencies;
        _known.Clear();
        _neighbours = adjacencies.GroupBy(a => a.Peer).ToDictionary(g => g.Key, HopsTo);
    }

    /// <summary>Drops what neither of the last two tables has; a link that comes and goes finds what it had.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forget()
    {
        foreach (var (hops, known) in _known)
        {
            if (_made - known.Made > 1) _known.Remove(hops);
        }
    }

    private static NextHop[] HopsTo(IGrouping<ulong, Adjacency> links)
    {
        // The newest first: of two flows to a neighbour that was restarted the older one may lead nowhere, which is noticed later.
        var hops = new NextHop[QosCubes.Count];
        Adjacency[] before = [];
        for (var cube = 0; cube < QosCubes.Count; cube++)
        {
            var wanted = (QosCube)cube;
            Adjacency[] ordered = [.. links.OrderBy(a => a.Cube == wanted ? 0 : 1).ThenByDescending(a => a.Id)];
            hops[cube] = cube > 0 && ordered.AsSpan().SequenceEqual(before) ? hops[cube - 1] : new NextHop(links.Key, ordered);
            before = ordered;
        }
        return hops;
    }

    private NextHop[][]? Gather(ulong[] hops)
    {
        _usable.Clear();
        foreach (var hop in hops)
        {
            if (_neighbours.TryGetValue(hop, out var links) && !_usable.Contains(links)) _usable.Add(links);
        }
        if (_usable.Count == 0) return null;
        var byCube = new NextHop[QosCubes.Count][];
        for (var cube = 0; cube < QosCubes.Count; cube++)
        {
            byCube[cube] = cube > 0 && AreAlike(cube - 1, cube) ? byCube[cube - 1] : OfCube(cube);
        }
        return byCube;
    }

    private bool AreAlike(int one, int other)
    {
        foreach (var links in _usable)
        {
            if (links[one] != links[other]) return false;
        }
        return true;
    }

    private NextHop[] OfCube(int cube)
    {
        var hops = new NextHop[_usable.Count];
        for (var n = 0; n < hops.Length; n++) hops[n] = _usable[n][cube];
        return hops;
    }

    /// <summary>Next hops that were made of a list, for each cube, and the last table that has them.</summary>
    private sealed class Known(NextHop[][]? hops)
    {
        public NextHop[][]? Hops => hops;

        public int Made { get; set; }
    }

    /// <summary>Routes share lists or have equal ones.</summary>
    private sealed class SameHops : IEqualityComparer<ulong[]>
    {
        public static readonly SameHops Instance = new();

        public bool Equals(ulong[]? x, ulong[]? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.AsSpan().SequenceEqual(y));

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int GetHashCode(ulong[] obj)
        {
            // All of them, as many lists differ in one neighbour only. They are this member's own neighbours: no stranger makes lists that collide.
            var hash = (ulong)obj.Length;
            foreach (var hop in obj) hash = (hash ^ hop) * 0x9E3779B97F4A7C15;
            return (int)(hash >> 32);
        }
    }
}
