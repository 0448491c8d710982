namespace Ouroboros.Layers.Unicast.Forwarding;

/// <summary>Which of the next hops that routing gives a packet takes. Stateless: what is up is asked of the adjacencies, for each packet.</summary>
public interface IForwardingPolicy
{
    /// <summary>Its number, that of the routing policy it belongs to: 0 link_state, 1 lfa, 2 ecmp.</summary>
    int Number { get; }

    /// <summary>Its name: simple, alternate, multipath.</summary>
    string Name { get; }

    /// <summary>The adjacency for a packet; null when nothing that may be used is up.</summary>
    /// <param name="hops">Next hops of the destination, the primary one first; at least one.</param>
    /// <param name="flow">The same for all packets of a flow in one direction, different between flows.</param>
    Adjacency? Choose(ReadOnlySpan<NextHop> hops, ulong flow);
}
