namespace Ouroboros.Layers.Unicast.Forwarding;

/// <summary>
/// Spreads flows over all next hops, each flow over one of them, so that its packets stay in order; for routing policy ecmp. Each hop draws a number from
/// flow and neighbour, the largest wins (rendezvous hashing): when one goes, only its flows move, and a new table leaves the others where they are.
/// The reference sends packets round in turn, under a lock.
/// </summary>
public sealed class MultipathForwarding : IForwardingPolicy
{
    /// <inheritdoc/>
    public int Number => 2;

    /// <inheritdoc/>
    public string Name => "multipath";

    /// <inheritdoc/>
    public Adjacency? Choose(ReadOnlySpan<NextHop> hops, ulong flow)
    {
        if (hops.Length == 1) return hops[0].Link;
        Adjacency? best = null;
        ulong highest = 0;
        foreach (var hop in hops)
        {
            var drawn = Mix(flow ^ (hop.Peer * 0x9E3779B97F4A7C15));
            if (best is not null && drawn <= highest) continue;
            if (hop.Link is not { } link) continue;
            best = link;
            highest = drawn;
        }
        return best;
    }

    /// <summary>The finalizer of SplitMix64: every bit of the result depends on every bit of the argument.</summary>
    internal static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
