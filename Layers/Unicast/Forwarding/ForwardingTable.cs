using System.Numerics;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Unicast.Forwarding;

/// <summary>
/// Next hops by destination. Never changed once made: whoever forwards reads it without locks, a new calculation makes another. Destinations that are
/// reached the same way share their next hops, so a table of 100,000 destinations is two arrays. Made by <see cref="ForwardingTableMaker"/>.
/// </summary>
public sealed class ForwardingTable
{
    private readonly ulong[] _destinations;
    // For each cube.
    private readonly NextHop[][]?[] _hops;
    private readonly int _shift;

    /// <summary>An empty one, for <see cref="ForwardingTableMaker"/> to fill.</summary>
    internal ForwardingTable(int count)
    {
        // At most two thirds full; at least two slots, so that the shift stays below the width of the word.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, count + (count / 2) + 1));
        _destinations = new ulong[size];
        _hops = new NextHop[size][][];
        _shift = 64 - BitOperations.Log2((uint)size);
    }

    /// <summary>The table of who knows nobody.</summary>
    public static ForwardingTable Empty { get; } = new(0);

    /// <summary>Destinations with a next hop.</summary>
    public int Count { get; private set; }

    /// <summary>The next hops of a destination for packets of a cube; empty when there are none.</summary>
    public ReadOnlySpan<NextHop> Find(ulong destination, QosCube cube)
    {
        var destinations = _destinations;
        for (var i = SlotOf(destination); ; i = (i + 1) & (destinations.Length - 1))
        {
            var found = destinations[i];
            if (found == destination && found != 0) return _hops[i]![(int)cube];
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

    private int SlotOf(ulong destination) => (int)((destination * 0x9E3779B97F4A7C15) >> _shift);

    /// <summary>Adds a destination, unless it is there.</summary>
    internal void Add(ulong destination, NextHop[][] hops)
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
}
