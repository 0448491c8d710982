namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>
/// Contacts or replacements of a table, part after part and without gaps. Addresses, ids and states lie apart, so that eight addresses are one line of
/// the cache: in a process with many nodes, fetching memory is what a message costs.
/// </summary>
internal struct TableRows
{
    // A table of a thousand nodes has two or three times as many, and each time it grows it leaves garbage.
    private const int Step = 48;
    private const int LeastCapacity = 12;

    private ulong[] _addresses = [];
    private TableEntry[] _entries = [];
    private ContactState[] _states = [];

    public TableRows()
    {
    }

    public int Count { get; private set; }

    /// <summary>Ids, by place.</summary>
    public readonly ReadOnlySpan<TableEntry> Entries => _entries.AsSpan(0, Count);

    /// <summary>Addresses, by place.</summary>
    public readonly ReadOnlySpan<ulong> Addresses => _addresses.AsSpan(0, Count);

    /// <summary>What is remembered of the one at a place.</summary>
    public readonly ref ContactState State(int place) => ref _states[place];

    /// <summary>Who is at a place.</summary>
    public readonly DhtContact Contact(int place, int idLength) => new(_entries[place].Id(idLength), _addresses[place]);

    /// <summary>Whether the one at a place has this id.</summary>
    public readonly bool Is(int place, in DhtKey id) => _entries[place].Is(id);

    /// <summary>Gives the one at a place another id.</summary>
    public readonly void Rename(int place, in DhtKey id) => _entries[place] = new TableEntry(id);

    /// <summary>The place of an address between two; -1 when it is not there.</summary>
    public readonly int IndexOf(ulong address, int first, int end)
    {
        var index = _addresses.AsSpan(first, end - first).IndexOf(address);
        return index < 0 ? -1 : first + index;
    }

    public void Insert(int place, in DhtContact contact, ContactState state)
    {
        if (Count == _addresses.Length)
        {
            var capacity = Count < LeastCapacity ? LeastCapacity : Count < Step ? Step : Count + Step;
            Array.Resize(ref _addresses, capacity);
            Array.Resize(ref _entries, capacity);
            Array.Resize(ref _states, capacity);
        }
        Shift(place, place + 1, Count - place);
        Count++;
        _addresses[place] = contact.Address;
        _entries[place] = new TableEntry(contact.Id);
        _states[place] = state;
    }

    public void RemoveAt(int place)
    {
        Count--;
        Shift(place + 1, place, Count - place);
        _entries[Count] = default;
    }

    /// <summary>Has one go and another come as the last before <paramref name="end"/>; those between move up.</summary>
    public readonly void Replace(int place, int end, in DhtContact contact, ContactState state)
    {
        Shift(place + 1, place, end - place - 1);
        _addresses[end - 1] = contact.Address;
        _entries[end - 1] = new TableEntry(contact.Id);
        _states[end - 1] = state;
    }

    /// <summary>Begins to fetch where its arrays begin: their lengths are looked at for everything else.</summary>
    public readonly void FetchHeads()
    {
        CacheLines.FetchHead(_addresses, 1);
        CacheLines.FetchHead(_entries, 1);
    }

    /// <summary>Begins to fetch some addresses, of those that are there.</summary>
    public readonly void FetchAddresses(int place, int count) => Fetch(_addresses, place, count);

    /// <summary>Begins to fetch some ids, of those that are there.</summary>
    public readonly void FetchIds(int place, int count) => Fetch(_entries, place, count);

    /// <summary>Begins to fetch what is remembered of some, of those that are there.</summary>
    public readonly void FetchStates(int place, int count) => Fetch(_states, place, count);

    private readonly void Fetch<T>(T[] of, int place, int count)
    {
        if (count > 0) CacheLines.Fetch(of, place, count);
    }

    private readonly void Shift(int from, int to, int count)
    {
        _addresses.AsSpan(from, count).CopyTo(_addresses.AsSpan(to));
        _entries.AsSpan(from, count).CopyTo(_entries.AsSpan(to));
        _states.AsSpan(from, count).CopyTo(_states.AsSpan(to));
    }
}
