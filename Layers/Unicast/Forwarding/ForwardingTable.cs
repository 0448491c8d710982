using System.Numerics;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Unicast.Forwarding;

/// <summary>
/// Next hops by destination. Never changed once made: whoever forwards reads it without locks, a new calculation makes another. Destinations that are
/// reached the same way share their next hops, so a table of 100,000 destinations is two arrays.
/// </summary>
public sealed class ForwardingTable
{
    private readonly ulong[] _destinations;
    private readonly NextHops?[] _hops;
    private readonly int _shift;

    private ForwardingTable(int count)
    {
        // At most two thirds full; at least two slots, so that the shift stays below the width of the word.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, count + (count / 2) + 1));
        _destinations = new ulong[size];
        _hops = new NextHops?[size];
        _shift = 64 - BitOperations.Log2((uint)size);
    }

    /// <summary>The table of who knows nobody.</summary>
    public static ForwardingTable Empty { get; } = new(0);

    /// <summary>Destinations with a next hop.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Makes a table. Next hops without an adjacency are left out, destinations without next hops too; of a destination that comes twice the first
    /// counts, and address 0 is none.
    /// </summary>
    /// <param name="routes">What routing calculated.</param>
    /// <param name="adjacencies">What there is to go by.</param>
    public static ForwardingTable Make(IReadOnlyCollection<Route> routes, IReadOnlyCollection<Adjacency> adjacencies)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(adjacencies);
        if (routes.Count == 0) return Empty;
        var neighbours = adjacencies.GroupBy(a => a.Peer).ToDictionary(g => g.Key, HopsTo);
        var known = new Dictionary<ulong[], NextHops?>(SameHops.Instance);
        var table = new ForwardingTable(routes.Count);
        foreach (var (destination, hops) in routes)
        {
            if (destination == 0 || hops is null) continue;
            if (!known.TryGetValue(hops, out var next)) known.Add(hops, next = Gather(hops, neighbours));
            if (next is not null) table.Add(destination, next);
        }
        return table;
    }

    /// <summary>The next hops of a destination for packets of a cube; empty when there are none.</summary>
    public ReadOnlySpan<NextHop> Find(ulong destination, QosCube cube)
    {
        var destinations = _destinations;
        for (var i = SlotOf(destination); ; i = (i + 1) & (destinations.Length - 1))
        {
            var found = destinations[i];
            if (found == destination && found != 0) return _hops[i]!.ByCube[(int)cube];
            if (found == 0) return default;
        }
    }

    /// <summary>Destinations, as many as fit.</summary>
    /// <returns>How many were written.</returns>
    public int CopyDestinations(Span<ulong> into)
    {
        var count = 0;
        foreach (var destination in _destinations)
        {
            if (destination == 0) continue;
            if (count == into.Length) break;
            into[count++] = destination;
        }
        return count;
    }

    private static NextHop[] HopsTo(IGrouping<ulong, Adjacency> links)
    {
        // The newest first: of two flows to a neighbour that was restarted the older one may lead nowhere, which is noticed later.
        var hops = new NextHop[QosCubes.Count];
        for (var cube = 0; cube < QosCubes.Count; cube++)
        {
            var wanted = (QosCube)cube;
            hops[cube] = new NextHop(links.Key, [.. links.OrderBy(a => a.Cube == wanted ? 0 : 1).ThenByDescending(a => a.Id)]);
        }
        return hops;
    }

    private static NextHops? Gather(ulong[] hops, Dictionary<ulong, NextHop[]> neighbours)
    {
        var usable = new List<NextHop[]>(hops.Length);
        foreach (var hop in hops)
        {
            if (neighbours.TryGetValue(hop, out var links) && !usable.Contains(links)) usable.Add(links);
        }
        if (usable.Count == 0) return null;
        var byCube = new NextHop[QosCubes.Count][];
        for (var cube = 0; cube < QosCubes.Count; cube++) byCube[cube] = [.. usable.Select(links => links[cube])];
        return new NextHops(byCube);
    }

    private int SlotOf(ulong destination) => (int)((destination * 0x9E3779B97F4A7C15) >> _shift);

    private void Add(ulong destination, NextHops hops)
    {
        var i = SlotOf(destination);
        while (_destinations[i] != 0)
        {
            if (_destinations[i] == destination) return;
            i = (i + 1) & (_destinations.Length - 1);
        }
        _destinations[i] = destination;
        _hops[i] = hops;
        Count++;
    }

    /// <summary>Next hops of all destinations that are reached the same way, for each cube.</summary>
    private sealed class NextHops(NextHop[][] byCube)
    {
        public NextHop[][] ByCube { get; } = byCube;
    }

    /// <summary>Routes share arrays or have equal ones.</summary>
    private sealed class SameHops : IEqualityComparer<ulong[]>
    {
        public static readonly SameHops Instance = new();

        public bool Equals(ulong[]? x, ulong[]? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.AsSpan().SequenceEqual(y));

        public int GetHashCode(ulong[] obj)
        {
            var hash = default(HashCode);
            foreach (var hop in obj) hash.Add(hop);
            return hash.ToHashCode();
        }
    }
}
