namespace Ouroboros.Layers.Unicast.Forwarding;

/// <summary>A neighbour to go by, and the adjacencies that lead to it. Immutable; what it points to changes its state.</summary>
public sealed class NextHop
{
    private readonly Adjacency[] _links;

    /// <summary>Made by <see cref="ForwardingTableMaker"/>.</summary>
    /// <param name="peer">Address of the neighbour.</param>
    /// <param name="links">Adjacencies to it, the best one for the cube first.</param>
    internal NextHop(ulong peer, Adjacency[] links)
    {
        Peer = peer;
        _links = links;
    }

    /// <summary>Address of the neighbour.</summary>
    public ulong Peer { get; }

    /// <summary>The best adjacency that is up; null when none is.</summary>
    public Adjacency? Link
    {
        get
        {
            foreach (var link in _links)
            {
                if (link.IsUp) return link;
            }
            return null;
        }
    }
}
