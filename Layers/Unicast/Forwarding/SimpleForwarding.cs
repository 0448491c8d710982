namespace Ouroboros.Layers.Unicast.Forwarding;

/// <summary>
/// The primary next hop and no other; for routing policy link_state. A second adjacency to the same neighbour takes over at once, another
/// neighbour when routing says so.
/// </summary>
public sealed class SimpleForwarding : IForwardingPolicy
{
    /// <inheritdoc/>
    public int Number => 0;

    /// <inheritdoc/>
    public string Name => "simple";

    /// <inheritdoc/>
    public Adjacency? Choose(ReadOnlySpan<NextHop> hops, ulong flow) => hops[0].Link;
}
