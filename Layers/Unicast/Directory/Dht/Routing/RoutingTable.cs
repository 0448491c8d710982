using System.Numerics;
using Ouroboros.Layers.Flow.Timing;

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
    private const int DoubtfulMissed = 2;
    private const int MaxClosest = DhtOptions.MaxK + 1;
    private const int LeastCapacity = 8;

    private readonly DhtKey _own;
    private readonly int _k;

    // Part by part, level by level; the contacts of each, oldest first.
    private TablePart[] _parts = [];
    private TableEntry[] _contacts = [];
    private ContactState[] _states = [];
    private ReplacementList?[] _replacements = [];

    public RoutingTable(DhtKey own, int k)
    {
        _own = own;
        _k = k;
    }

    /// <summary>Contacts that have answered.</summary>
    public int Count { get; private set; }

    /// <summary>Contacts of them that do not mark themselves as ours: reference nodes.</summary>
    public int UnmarkedCount { get; private set; }

    private int LevelCount => _parts.Length / PartsPerLevel;

    /// <summary>Somebody says that he is this contact.</summary>
    public Heard Hear(in DhtContact contact)
    {
        var part = PartOf(contact.Id);
        if (part >= _parts.Length) return Heard.Room;
        var place = PlaceIn(part, contact.Address);
        if (place >= 0) return _contacts[place].Is(contact.Id) ? Heard.Known : Heard.Room;
        if (_parts[part].Count < _k) return Heard.Room;
        ReplacementsOf(part).Add(new Replacement { Entry = new TableEntry(contact) });
        return Heard.Full;
    }

    /// <summary>A contact has answered a request of ours: it belongs into the table. The newest id of an address wins.</summary>
    /// <returns>true when it was added.</returns>
    public bool Answer(in DhtContact contact, bool marked)
    {
        var part = PartOf(contact.Id);
        if (part >= _parts.Length) Grow(part);
        var place = PlaceIn(part, contact.Address);
        if (place >= 0)
        {
            if (!_contacts[place].Is(contact.Id)) _contacts[place] = new TableEntry(contact);
            ref var state = ref _states[place];
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
                ReplacementsOf(part).Add(new Replacement { Entry = new TableEntry(contact), Verified = true, Marked = marked });
                return false;
            }
            RemoveAt(part, doubtful);
        }
        Remove(contact.Address);
        Add(part, new TableEntry(contact), marked);
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
        if (part >= _parts.Length) return false;
        var place = PlaceIn(part, contact.Address);
        var replacements = _replacements[part];
        if (place < 0)
        {
            var index = replacements?.IndexOf(contact.Address) ?? -1;
            if (index >= 0) replacements!.RemoveAt(index);
            return false;
        }
        if (++_states[place].Missed < MaxMissed) return false;
        RemoveAt(part, place);
        if (replacements is null || replacements.Count == 0) return true;
        var verified = replacements.LastIndexOfVerified();
        if (verified < 0)
        {
            probe = replacements[replacements.Count - 1].Entry.Contact(_own.Length);
            return true;
        }
        var promoted = replacements[verified];
        replacements.RemoveAt(verified);
        Remove(promoted.Entry.Address);
        Add(part, promoted.Entry, promoted.Marked);
        return true;
    }

    /// <summary>Removes an address, with all that is known of it.</summary>
    public bool Remove(ulong address)
    {
        var removed = false;
        for (var part = 0; part < _parts.Length; part++)
        {
            if (_replacements[part] is { } replacements && replacements.IndexOf(address) is >= 0 and var index) replacements.RemoveAt(index);
            var place = PlaceIn(part, address);
            if (place < 0) continue;
            RemoveAt(part, place);
            removed = true;
        }
        return removed;
    }

    /// <summary>Whether a contact that answered has this address, and with this id.</summary>
    public bool Contains(in DhtContact contact)
    {
        var part = PartOf(contact.Id);
        if (part >= _parts.Length) return false;
        var place = PlaceIn(part, contact.Address);
        return place >= 0 && _contacts[place].Is(contact.Id);
    }

    /// <summary>The contacts nearest to a key, nearest first.</summary>
    /// <param name="target">Where.</param>
    /// <param name="into">As many as fit, but not more than the largest k and one.</param>
    /// <returns>How many there were.</returns>
    public int Closest(in DhtKey target, Span<DhtContact> into)
    {
        var wanted = Math.Min(into.Length, MaxClosest);
        Span<ulong> distances = stackalloc ulong[wanted];
        Span<int> places = stackalloc int[wanted];
        var nearest = new NearestPlaces(target, _contacts, distances, places);
        var level = LevelOf(target);
        var toTarget = Digit(target.Prefix ^ _own.Prefix, level);
        if (level < LevelCount)
        {
            // On the last level those who agree with the own id in all digits have no part of their own, so there all is sorted at once.
            if (level == Levels - 1) Collect(ref nearest, level * PartsPerLevel, _parts.Length);
            // All of one part are nearer than all of the next, so only within a part there is something to sort.
            for (var x = 0; x < Digits && level < Levels - 1; x++)
            {
                // The part in which the own id is consists of all deeper levels.
                if (x == toTarget) Collect(ref nearest, (level + 1) * PartsPerLevel, _parts.Length);
                else Collect(ref nearest, PartAt(level, toTarget ^ x), PartAt(level, toTarget ^ x) + 1);
            }
        }
        for (var l = Math.Min(level, LevelCount) - 1; l >= 0; l--)
        {
            for (var x = 1; x < Digits; x++) Collect(ref nearest, PartAt(l, x), PartAt(l, x) + 1);
        }
        nearest.CopyTo(into);
        return nearest.Count;
    }

    /// <summary>All contacts, in no order that means anything.</summary>
    public int CopyTo(Span<DhtContact> into)
    {
        var count = Math.Min(Count, into.Length);
        for (var place = 0; place < count; place++) into[place] = _contacts[place].Contact(_own.Length);
        return count;
    }

    /// <summary>Notes that a look-up goes through the part of a key.</summary>
    public void Touch(in DhtKey target, int now)
    {
        var part = PartOf(target);
        if (part < _parts.Length) _parts[part].LastLookup = now;
    }

    /// <summary>
    /// The next part that no look-up went through since <paramref name="before"/>: a random key in it. Parts so near the own id that they hold
    /// fewer than k contacts together are left out, since looking up the own id goes through them.
    /// </summary>
    public bool TryPickStale(int before, int now, Random random, out DhtKey target)
    {
        target = default;
        var parts = _parts.Length;
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

    /// <summary>Begins to fetch the contacts near a key, and those among which somebody belongs.</summary>
    public void Fetch(in DhtKey target, in DhtKey somebody)
    {
        FetchPart(PartOf(target));
        FetchPart(PartOf(somebody));
    }

    private void FetchPart(int part)
    {
        if (part >= _parts.Length) part = _parts.Length - PartsPerLevel;
        if (part < 0) return;
        CacheLines.Fetch(ref _parts[part], 1);
        // Where the contacts of a part begin is not known before that has come; but parts fill up from the first, so it is about here.
        var place = Math.Min(part * _k, Count - _k);
        if (place < 0) return;
        CacheLines.Fetch(ref _contacts[place], _k);
        CacheLines.Fetch(ref _states[place], 1);
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

    private int PlaceIn(int part, ulong address)
    {
        var end = _parts[part].End;
        for (int place = _parts[part].First; place < end; place++)
        {
            if (_contacts[place].Address == address) return place;
        }
        return -1;
    }

    private int MostMissed(int part)
    {
        var found = -1;
        var least = DoubtfulMissed;
        for (int place = _parts[part].First; place < _parts[part].End; place++)
        {
            if (_states[place].Missed < least) continue;
            least = _states[place].Missed + 1;
            found = place;
        }
        return found;
    }

    private ReplacementList ReplacementsOf(int part) => _replacements[part] ??= new ReplacementList(_k);

    private void Add(int part, in TableEntry entry, bool marked)
    {
        if (Count == _contacts.Length)
        {
            Array.Resize(ref _contacts, Math.Max(LeastCapacity, Count + (Count / 2)));
            Array.Resize(ref _states, _contacts.Length);
        }
        var place = _parts[part].End;
        _contacts.AsSpan(place, Count - place).CopyTo(_contacts.AsSpan(place + 1));
        _states.AsSpan(place, Count - place).CopyTo(_states.AsSpan(place + 1));
        _contacts[place] = entry;
        _states[place] = new ContactState { Marked = marked };
        _parts[part].Count++;
        foreach (ref var later in _parts.AsSpan(part + 1)) later.First++;
        Count++;
        if (!marked) UnmarkedCount++;
    }

    private void RemoveAt(int part, int place)
    {
        Count--;
        if (!_states[place].Marked) UnmarkedCount--;
        _contacts.AsSpan(place + 1, Count - place).CopyTo(_contacts.AsSpan(place));
        _states.AsSpan(place + 1, Count - place).CopyTo(_states.AsSpan(place));
        _contacts[Count] = default;
        _parts[part].Count--;
        foreach (ref var later in _parts.AsSpan(part + 1)) later.First--;
    }

    private void Grow(int part)
    {
        var known = _parts.Length;
        var parts = ((part / PartsPerLevel) + 1) * PartsPerLevel;
        Array.Resize(ref _parts, parts);
        Array.Resize(ref _replacements, parts);
        foreach (ref var made in _parts.AsSpan(known)) made = new TablePart { First = (ushort)Count, LastLookup = int.MinValue };
    }
}
