namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>
/// The places in a table that are nearest to a key, nearest first, while they are being collected: numbers to compare and to shift, so that contacts
/// are copied once, when it is known which. The one who asks is left out here, not afterwards: a part that is full has as many as are wanted, and to look for
/// one more is to go through the next parts.
/// </summary>
internal ref struct NearestPlaces(
    DhtKey target, ReadOnlySpan<TableEntry> table, ReadOnlySpan<ulong> addresses, ulong except, Span<ulong> distances, Span<int> places)
{
    private readonly DhtKey _target = target;
    private readonly ReadOnlySpan<TableEntry> _table = table;
    private readonly ReadOnlySpan<ulong> _addresses = addresses;
    private readonly ulong _except = except;
    private readonly Span<ulong> _distances = distances;
    private readonly Span<int> _places = places;

    public int Count { get; private set; }

    public readonly bool IsFull => Count == _places.Length;

    /// <summary>Those before this one are nearer than all that follow, and are not looked at again.</summary>
    public int Start { get; set; }

    /// <summary>Adds the places from <paramref name="first"/> to before <paramref name="end"/>, those apart that are farther than all of enough.</summary>
    public void Add(int first, int end)
    {
        for (var place = first; place < end; place++)
        {
            if (_addresses[place] == _except) continue;
            ref readonly var entry = ref _table[place];
            var distance = entry.Prefix ^ _target.Prefix;
            var at = Count;
            if (IsFull)
            {
                if (at == Start || !IsNearer(distance, entry, at - 1)) continue;
                at--;
            }
            else
            {
                Count++;
            }
            for (; at > Start && IsNearer(distance, entry, at - 1); at--)
            {
                _distances[at] = _distances[at - 1];
                _places[at] = _places[at - 1];
            }
            _distances[at] = distance;
            _places[at] = place;
        }
    }

    private readonly bool IsNearer(ulong distance, in TableEntry entry, int than) =>
        distance != _distances[than]
            ? distance < _distances[than]
            : _target.IsNearer(entry.Id(_target.Length), _table[_places[than]].Id(_target.Length));
}
