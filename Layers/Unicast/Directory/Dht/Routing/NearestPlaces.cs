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
        // Locals, since what is written through a span could be these fields for all that the compiler knows.
        var distances = _distances;
        var places = _places;
        var (prefix, start, count) = (_target.Prefix, Start, Count);
        for (var place = first; place < end; place++)
        {
            if (_addresses[place] == _except) continue;
            var distance = _table[place].Prefix ^ prefix;
            var at = count;
            if (at == places.Length)
            {
                if (at == start || !IsNearer(distance, place, distances[at - 1], places[at - 1])) continue;
                at--;
            }
            else
            {
                count++;
            }
            for (; at > start && IsNearer(distance, place, distances[at - 1], places[at - 1]); at--)
            {
                distances[at] = distances[at - 1];
                places[at] = places[at - 1];
            }
            distances[at] = distance;
            places[at] = place;
        }
        Count = count;
    }

    private readonly bool IsNearer(ulong distance, int place, ulong thanDistance, int thanPlace) =>
        distance < thanDistance || (distance == thanDistance && IsNearerInRest(place, thanPlace));

    // Ids that agree in eight bytes are somebody's work.
    private readonly bool IsNearerInRest(int place, int than) => _target.IsNearer(_table[place].Id(_target.Length), _table[than].Id(_target.Length));
}
