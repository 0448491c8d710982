namespace Ouroboros.Layers.Unicast.Forwarding;

/// <summary>
/// The first next hop that is up, in routing's order; for routing policy lfa. So a failure is gone round before routing has noticed, an alternate that
/// comes back is used again, and what is down stays down across a recalculation; the reference has none of the last two (unicast-data-plane.md, D16).
/// </summary>
public sealed class AlternateForwarding : IForwardingPolicy
{
    /// <inheritdoc/>
    public int Number => 1;

    /// <inheritdoc/>
    public string Name => "alternate";

    /// <inheritdoc/>
    public Adjacency? Choose(ReadOnlySpan<NextHop> hops, ulong flow)
    {
        foreach (var hop in hops)
        {
            if (hop.Link is { } link) return link;
        }
        return null;
    }
}
