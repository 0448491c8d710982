namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>A set of neighbours for each member, as <see cref="NeighbourBits"/> numbers them.</summary>
internal sealed class NeighbourSets
{
    private ulong[] _sets = [];
    private ulong[] _scratch = [];
    private int _words;
    private int _capacity;

    /// <summary>The set of a member.</summary>
    public Span<ulong> this[int vertex] => _sets.AsSpan(vertex * _words, _words);

    /// <summary>The sets of all members by their numbers, when they have one word.</summary>
    public ReadOnlySpan<ulong> Words => _sets;

    /// <summary>An empty set to work out another one in.</summary>
    public Span<ulong> Begin()
    {
        Array.Clear(_scratch);
        return _scratch;
    }

    /// <summary>Makes what was worked out the set of a member.</summary>
    /// <returns>Whether it is another one.</returns>
    public bool End(int vertex)
    {
        var set = this[vertex];
        if (set.SequenceEqual(_scratch)) return false;
        _scratch.CopyTo(set);
        return true;
    }

    /// <summary>Members have numbers below this.</summary>
    public void Grow(int capacity)
    {
        if (_capacity >= capacity) return;
        _capacity = Math.Max(capacity, _capacity * 2);
        Array.Resize(ref _sets, _capacity * _words);
    }

    /// <summary>Sets have this length from now on, and are empty.</summary>
    public void Reset(int words)
    {
        if (_words == words)
        {
            Array.Clear(_sets);
            return;
        }
        _words = words;
        _sets = new ulong[_capacity * words];
        _scratch = new ulong[words];
    }
}
