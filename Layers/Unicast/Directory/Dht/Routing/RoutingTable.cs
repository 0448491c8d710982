using System.Numerics;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>
/// The contacts of a node. The key space is divided by how many digits of <see cref="DigitBits"/> bits a contact's id has in common with the
/// own one, and by the digit that follows; each part is a bucket of up to k contacts that have answered, with up to k replacements. Levels are made
/// when they are needed; ids that agree in the first 64 bits share one part, so the table is bounded whatever ids somebody makes up. All contacts
/// lie in one array, part after part and without gaps, each with the numbers by which it is found: what an answer costs is fetching memory.
/// </summary>
internal sealed class RoutingTable
{
    /// <summary>Bits by which one hop gets nearer: 2 make a table of about 200 contacts in a layer of 100,000 (dht.md section 15).</summary>
    public const int DigitBits = 2;

    /// <summary>Requests in a row that a contact may leave unanswered before it is dropped (dht.md section 13).</summary>
    public const int MaxMissed = 3;

    private const int Digits = 1 << DigitBits;
    private const int PartsPerLevel = Digits - 1;
    private const int Levels = 64 / DigitBits;

    // Of a table in a layer of ten thousand nodes.
    private const int UsualLevels = 8;
    private const int DoubtfulMissed = 2;
    private const int MaxClosest = DhtOptions.MaxK;

    private readonly DhtKey _own;
    private readonly int _k;

    // Part by part, level by level; of each its contacts and its replacements, oldest first.
    private TablePart[] _parts = new TablePart[UsualLevels * PartsPerLevel];

    // How many of them there are.
    private int _partCount;
    private TableRows _contacts = new();
    private TableRows _spares = new();

    public RoutingTable(DhtKey own, int k)
    {
        _own = own;
        _k = k;
    }

    /// <summary>Contacts that have answered.</summary>
    public int Count => _contacts.Count;

    /// <summary>Contacts of them that do not mark themselves as ours: reference nodes.</summary>
    public int UnmarkedCount { get; private set; }

    private int LevelCount => _partCount / PartsPerLevel;

    /// <summary>Somebody says that he is this contact.</summary>
    public Heard Hear(in DhtContact contact)
    {
        var part = PartOf(contact.Id);
        if (part >= _partCount) return Heard.Room;
        var place = PlaceIn(part, contact.Address);
        if (place >= 0) return _contacts.Is(place, contact.Id) ? Heard.Known : Heard.Room;
        if (_parts[part].Count < _k) return Heard.Room;
        AddSpare(part, contact, default);
        return Heard.Full;
    }

    /// <summary>A contact has answered a request of ours: it belongs into the table. The newest id of an address wins.</summary>
    /// <returns>true when it was added.</returns>
    public bool Answer(in DhtContact contact, bool marked)
    {
        var part = PartOf(contact.Id);
        if (part >= _partCount) Grow(part);
        var place = PlaceIn(part, contact.Address);
        if (place >= 0)
        {
            if (!_contacts.Is(place, contact.Id)) _contacts.Rename(place, contact.Id);
            ref var state = ref _contacts.State(place);
            state.Missed = 0;
            if (state.Marked != marked) UnmarkedCount += marked ? -1 : 1;
            state.Marked = marked;
            return false;
        }
        if (_parts[part].Count == _k)
        {
            var doubtful = MostMissed(part);
            if (doubtful < 0)
            {
                AddSpare(part, contact, new ContactState { Verified = true, Marked = marked });
                return false;
            }
            RemoveAt(part, doubtful);
        }
        Remove(contact.Address);
        Add(part, contact, marked);
        return true;
    }

    /// <summary>A contact did not answer.</summary>
    /// <param name="contact">Which.</param>
    /// <param name="probe">One of the replacements that is to be asked whether it is there, if the contact was dropped and none is known to be.</param>
    /// <returns>true when it was dropped.</returns>
    public bool Miss(in DhtContact contact, out DhtContact probe)
    {
        probe = default;
        var part = PartOf(contact.Id);
        if (part >= _partCount) return false;
        var place = PlaceIn(part, contact.Address);
        if (place < 0)
        {
            var spare = SpareIn(part, contact.Address);
            if (spare >= 0) RemoveSpareAt(part, spare);
            return false;
        }
        if (++_contacts.State(place).Missed < MaxMissed) return false;
        RemoveAt(part, place);
        if (_parts[part].SpareCount == 0) return true;
        var verified = LastVerifiedSpare(part);
        if (verified < 0)
        {
            probe = _spares.Contact(_parts[part].EndOfSpares - 1, _own.Length);
            return true;
        }
        var promoted = _spares.Contact(verified, _own.Length);
        var marked = _spares.State(verified).Marked;
        RemoveSpareAt(part, verified);
        Remove(promoted.Address);
        Add(part, promoted, marked);
        return true;
    }

    /// <summary>Removes an address, with all that is known of it.</summary>
    /// <returns>Whether it was one of a contact.</returns>
    public bool Remove(ulong address)
    {
        int place;
        while ((place = _spares.IndexOf(address, 0, _spares.Count)) >= 0) RemoveSpareAt(PartOfSpare(place), place);
        var removed = false;
        while ((place = _contacts.IndexOf(address, 0, _contacts.Count)) >= 0)
        {
            RemoveAt(PartOfContact(place), place);
            removed = true;
        }
        return removed;
    }

    /// <summary>Whether a contact that answered has this address, and with this id.</summary>
    public bool Contains(in DhtContact contact)
    {
        var part = PartOf(contact.Id);
        if (part >= _partCount) return false;
        var place = PlaceIn(part, contact.Address);
        return place >= 0 && _contacts.Is(place, contact.Id);
    }

    /// <summary>The contacts nearest to a key, nearest first.</summary>
    /// <param name="target">Where.</param>
    /// <param name="into">As many as fit, but not more than the largest k.</param>
    /// <param name="except">An address that is not wanted; 0 = none.</param>
    /// <returns>How many there were.</returns>
    public int Closest(in DhtKey target, Span<DhtContact> into, ulong except = 0)
    {
        var wanted = Math.Min(into.Length, MaxClosest);
        Span<ulong> distances = stackalloc ulong[wanted];
        Span<int> places = stackalloc int[wanted];
        var nearest = new NearestPlaces(target, _contacts.Entries, _contacts.Addresses, except, distances, places);
        var level = LevelOf(target);
        var toTarget = Digit(target.Prefix ^ _own.Prefix, level);
        if (level < LevelCount)
        {
            // On the last level those who agree with the own id in all digits have no part of their own, so there all is sorted at once.
            if (level == Levels - 1) Collect(ref nearest, level * PartsPerLevel, _partCount);
            // All of one part are nearer than all of the next, so only within a part there is something to sort.
            for (var x = 0; x < Digits && level < Levels - 1; x++)
            {
                // The part in which the own id is consists of all deeper levels.
                if (x == toTarget) Collect(ref nearest, (level + 1) * PartsPerLevel, _partCount);
                else Collect(ref nearest, PartAt(level, toTarget ^ x), PartAt(level, toTarget ^ x) + 1);
            }
        }
        for (var l = Math.Min(level, LevelCount) - 1; l >= 0; l--)
        {
            for (var x = 1; x < Digits; x++) Collect(ref nearest, PartAt(l, x), PartAt(l, x) + 1);
        }
        for (var i = 0; i < nearest.Count; i++) into[i] = _contacts.Contact(places[i], _own.Length);
        return nearest.Count;
    }

    /// <summary>All contacts, in no order that means anything.</summary>
    public int CopyTo(Span<DhtContact> into)
    {
        var count = Math.Min(Count, into.Length);
        for (var place = 0; place < count; place++) into[place] = _contacts.Contact(place, _own.Length);
        return count;
    }

    /// <summary>Notes that a look-up goes through the part of a key.</summary>
    public void Touch(in DhtKey target, int now)
    {
        var part = PartOf(target);
        if (part < _partCount) _parts[part].LastLookup = now;
    }

    /// <summary>
    /// The next part that no look-up went through since <paramref name="before"/>: a random key in it. Parts so near the own id that they hold
    /// fewer than k contacts together are left out, since looking up the own id goes through them.
    /// </summary>
    public bool TryPickStale(int before, int now, Random random, out DhtKey target)
    {
        target = default;
        var parts = _partCount;
        for (var near = 0; parts > 0; parts -= PartsPerLevel)
        {
            for (var part = parts - PartsPerLevel; part < parts; part++) near += _parts[part].Count;
            if (near > _k) break;
        }
        for (var part = 0; part < parts; part++)
        {
            if (_parts[part].LastLookup >= before) continue;
            _parts[part].LastLookup = now;
            var level = part / PartsPerLevel;
            var digit = Digit(_own.Prefix, level) ^ ((part % PartsPerLevel) + 1);
            target = _own.RandomBelow(random, level * DigitBits, digit, DigitBits);
            return true;
        }
        return false;
    }

    /// <summary>Begins to fetch what is looked at whatever is to be done.</summary>
    public void FetchHeads()
    {
        CacheLines.FetchHead(_parts, _partCount);
        _contacts.FetchHeads();
        _spares.FetchHeads();
    }

    /// <summary>Begins to fetch what <see cref="Closest"/> looks at first.</summary>
    public void FetchClosest(in DhtKey target)
    {
        var part = PartOf(target);
        if (part >= _partCount) return;
        _contacts.FetchIds(_parts[part].First, _parts[part].Count);
        _contacts.FetchAddresses(_parts[part].First, _parts[part].Count);
    }

    /// <summary>Begins to fetch what <see cref="Hear"/> looks at.</summary>
    public void FetchToHear(in DhtKey somebody)
    {
        var part = PartOf(somebody);
        if (part >= _partCount) return;
        _contacts.FetchAddresses(_parts[part].First, _parts[part].Count);
        _spares.FetchAddresses(_parts[part].FirstSpare, _parts[part].SpareCount);
        _spares.FetchStates(_parts[part].FirstSpare, _parts[part].SpareCount);
    }

    /// <summary>Begins to fetch what <see cref="Answer"/> looks at.</summary>
    public void FetchToAnswer(in DhtKey somebody)
    {
        var part = PartOf(somebody);
        if (part >= _partCount) return;
        _contacts.FetchAddresses(_parts[part].First, _parts[part].Count);
        _contacts.FetchIds(_parts[part].First, _parts[part].Count);
        _contacts.FetchStates(_parts[part].First, _parts[part].Count);
    }

    private static int Digit(ulong prefix, int level) => (int)(prefix >> (64 - DigitBits - (level * DigitBits))) & (Digits - 1);

    private static int PartAt(int level, int difference) => (level * PartsPerLevel) + difference - 1;

    private int LevelOf(in DhtKey id) => Math.Min(BitOperations.LeadingZeroCount(id.Prefix ^ _own.Prefix) / DigitBits, Levels - 1);

    private int PartOf(in DhtKey id)
    {
        var level = LevelOf(id);
        return PartAt(level, Math.Max(Digit(id.Prefix ^ _own.Prefix, level), 1));
    }

    private void Collect(ref NearestPlaces nearest, int part, int end)
    {
        if (nearest.IsFull) return;
        nearest.Start = nearest.Count;
        if (part < end) nearest.Add(_parts[part].First, _parts[end - 1].End);
    }

    private int PlaceIn(int part, ulong address) => _contacts.IndexOf(address, _parts[part].First, _parts[part].End);

    private int SpareIn(int part, ulong address) => _spares.IndexOf(address, _parts[part].FirstSpare, _parts[part].EndOfSpares);

    private int PartOfContact(int place)
    {
        var part = 0;
        while (_parts[part].End <= place) part++;
        return part;
    }

    private int PartOfSpare(int place)
    {
        var part = 0;
        while (_parts[part].EndOfSpares <= place) part++;
        return part;
    }

    private int MostMissed(int part)
    {
        var found = -1;
        var least = DoubtfulMissed;
        for (int place = _parts[part].First; place < _parts[part].End; place++)
        {
            var missed = _contacts.State(place).Missed;
            if (missed < least) continue;
            least = missed + 1;
            found = place;
        }
        return found;
    }

    private int LastVerifiedSpare(int part)
    {
        for (var place = _parts[part].EndOfSpares - 1; place >= _parts[part].FirstSpare; place--)
        {
            if (_spares.State(place).Verified) return place;
        }
        return -1;
    }

    private int OldestUnverifiedSpare(int part)
    {
        for (int place = _parts[part].FirstSpare; place < _parts[part].EndOfSpares; place++)
        {
            if (!_spares.State(place).Verified) return place;
        }
        return -1;
    }

    // As the newest, and at most as many as a part has contacts. One that never answered pushes out only its like, one that did the oldest of those first.
    private void AddSpare(int part, in DhtContact contact, ContactState state)
    {
        var known = SpareIn(part, contact.Address);
        if (known >= 0)
        {
            // Somebody who only says that he is this contact must not undo what the contact has shown.
            if (_spares.State(known).Verified && !state.Verified) return;
            _spares.Replace(known, _parts[part].EndOfSpares, contact, state);
            return;
        }
        if (_parts[part].SpareCount == _k)
        {
            var oldest = OldestUnverifiedSpare(part);
            if (oldest < 0 && !state.Verified) return;
            _spares.Replace(oldest < 0 ? _parts[part].FirstSpare : oldest, _parts[part].EndOfSpares, contact, state);
            return;
        }
        _spares.Insert(_parts[part].EndOfSpares, contact, state);
        _parts[part].SpareCount++;
        foreach (ref var later in Later(part)) later.FirstSpare++;
    }

    private void RemoveSpareAt(int part, int place)
    {
        _spares.RemoveAt(place);
        _parts[part].SpareCount--;
        foreach (ref var later in Later(part)) later.FirstSpare--;
    }

    private void Add(int part, in DhtContact contact, bool marked)
    {
        _contacts.Insert(_parts[part].End, contact, new ContactState { Marked = marked, Verified = true });
        _parts[part].Count++;
        foreach (ref var later in Later(part)) later.First++;
        if (!marked) UnmarkedCount++;
    }

    private void RemoveAt(int part, int place)
    {
        if (!_contacts.State(place).Marked) UnmarkedCount--;
        _contacts.RemoveAt(place);
        _parts[part].Count--;
        foreach (ref var later in Later(part)) later.First--;
    }

    private Span<TablePart> Later(int part) => _parts.AsSpan(part + 1, _partCount - part - 1);

    private void Grow(int part)
    {
        var known = _partCount;
        _partCount = ((part / PartsPerLevel) + 1) * PartsPerLevel;
        if (_partCount > _parts.Length) Array.Resize(ref _parts, _partCount);
        foreach (ref var made in _parts.AsSpan(known, _partCount - known))
        {
            made = new TablePart { First = (ushort)_contacts.Count, FirstSpare = (ushort)_spares.Count, LastLookup = int.MinValue };
        }
    }
}
