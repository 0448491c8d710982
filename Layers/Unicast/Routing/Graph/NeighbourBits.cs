namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>
/// A bit for each neighbour of a member, so that a set of neighbours is a few words. A neighbour has the same bit as long as the link is there, and a
/// newer link a higher one, so that what a link changes is followed like every other change.
/// </summary>
internal sealed class NeighbourBits
{
    private const int None = -1;
    private const int BitsPerWord = 64;

    private int[] _bits = [];
    private ulong[] _addresses = [];
    private int _used;

    /// <summary>Words of a set.</summary>
    public int Words { get; private set; }

    /// <summary>The bit of a neighbour.</summary>
    public int this[int neighbour] => _bits[neighbour];

    /// <summary>Addresses of neighbours, by their bits.</summary>
    public ReadOnlySpan<ulong> Addresses => _addresses;

    /// <summary>Members have numbers below this.</summary>
    public void Grow(int capacity)
    {
        if (_bits.Length < capacity) Array.Resize(ref _bits, Math.Max(capacity, _bits.Length * 2));
    }

    /// <summary>Follows changes of the member's links.</summary>
    /// <param name="graph">As it is now.</param>
    /// <param name="source">The member.</param>
    /// <param name="all">Begins anew.</param>
    /// <returns>Whether bits stand for others than before, and sets may have another length.</returns>
    public bool Follow(LinkGraph graph, int source, bool all)
    {
        if (all || !TryAddNew(graph, source))
        {
            Renumber(graph, graph.Neighbours(source));
            return true;
        }
        return false;
    }

    private bool TryAddNew(LinkGraph graph, int source)
    {
        var added = false;
        foreach (var change in graph.Changes)
        {
            // One that went and came since is a new link.
            if (!change.Added || !change.Touches(source)) continue;
            _bits[change.A == source ? change.B : change.A] = None;
            added = true;
        }
        if (!added) return true;
        foreach (var neighbour in graph.Neighbours(source))
        {
            if (_bits[neighbour] != None) continue;
            if (_used == _addresses.Length) return false;
            Give(graph, neighbour);
        }
        return true;
    }

    private void Renumber(LinkGraph graph, ReadOnlySpan<int> neighbours)
    {
        // Room for as many new links as half of them, so that this, after which everything is calculated, is rare.
        Words = (neighbours.Length + (neighbours.Length / 2) + BitsPerWord) / BitsPerWord;
        if (_addresses.Length != Words * BitsPerWord) _addresses = new ulong[Words * BitsPerWord];
        _used = 0;
        foreach (var neighbour in neighbours) Give(graph, neighbour);
    }

    private void Give(LinkGraph graph, int neighbour)
    {
        _addresses[_used] = graph.AddressOf(neighbour);
        _bits[neighbour] = _used++;
    }
}
