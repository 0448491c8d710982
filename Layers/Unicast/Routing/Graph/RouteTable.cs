using System.Runtime.CompilerServices;
using Ouroboros.Layers.Unicast.Forwarding;

namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>
/// Routes by member, and the list of them that is handed over. Whoever has it may read it while the next one is made; what was handed over before
/// that is used again, so that changes allocate nothing once lists of each length are there.
/// </summary>
internal sealed class RouteTable
{
    private Route[] _byVertex = [];
    // Lists of next hops that were in the table before the last one that was handed over.
    private ulong[]?[] _spare = [];
    private Route[] _routes = [];
    private Route[] _before = [];

    /// <summary>What <see cref="Publish"/> handed over.</summary>
    public IReadOnlyList<Route> Routes => _routes;

    /// <summary>Members have numbers below this.</summary>
    public void Grow(int capacity)
    {
        Array.Resize(ref _byVertex, capacity);
        Array.Resize(ref _spare, capacity);
    }

    /// <summary>A list of two next hops at least for a member: the one that it has when it is the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong[] ListOf(int vertex, ReadOnlySpan<ulong> hops)
    {
        var before = _byVertex[vertex].NextHops;
        if (before is not null && before.AsSpan().SequenceEqual(hops)) return before;
        ref var spare = ref _spare[vertex];
        var list = spare;
        // A list of one next hop is shared by many routes for ever.
        spare = before is { Length: > 1 } ? before : null;
        if (list is null || list.Length != hops.Length) return hops.ToArray();
        hops.CopyTo(list);
        return list;
    }

    /// <summary>Sets the route of a member, once between two calls of <see cref="Publish"/>.</summary>
    /// <param name="vertex">The member.</param>
    /// <param name="address">Its address.</param>
    /// <param name="hops">Its next hops; the same list means that nothing has changed.</param>
    /// <param name="gained">Gets the address when it had no route.</param>
    /// <returns>Whether it is another one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Set(int vertex, ulong address, ulong[] hops, List<ulong> gained)
    {
        ref var route = ref _byVertex[vertex];
        if (route.NextHops == hops && route.Destination == address) return false;
        if (route.NextHops is null || route.Destination != address) gained.Add(address);
        route = new Route(address, hops);
        return true;
    }

    /// <summary>There is no way to a member.</summary>
    /// <param name="vertex">The member.</param>
    /// <param name="lost">Gets its address when it had a route.</param>
    /// <returns>Whether it had one.</returns>
    public bool Remove(int vertex, List<ulong> lost)
    {
        if (_byVertex[vertex].NextHops is null) return false;
        lost.Add(_byVertex[vertex].Destination);
        _byVertex[vertex] = default;
        return true;
    }

    /// <summary>Removes all routes, and hands over an empty list.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Clear(List<ulong> lost)
    {
        if (_routes.Length == 0) return false;
        foreach (var route in _routes) lost.Add(route.Destination);
        Array.Clear(_byVertex);
        Array.Clear(_spare);
        (_routes, _before) = ([], []);
        return true;
    }

    /// <summary>Hands over what is in the table now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Publish()
    {
        var count = 0;
        foreach (ref readonly var route in _byVertex.AsSpan())
        {
            if (route.NextHops is not null) count++;
        }
        var routes = _before.Length == count ? _before : new Route[count];
        count = 0;
        foreach (ref readonly var route in _byVertex.AsSpan())
        {
            if (route.NextHops is not null) routes[count++] = route;
        }
        (_routes, _before) = (routes, _routes);
    }
}
