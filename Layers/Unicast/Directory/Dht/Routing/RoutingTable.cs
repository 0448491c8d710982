using System.Numerics;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>
/// The contacts of a node. The key space is divided by how many digits of <see cref="DigitBits"/> bits a contact's id has in common with the
/// own one, and by the digit that follows; each part is a bucket of up to k contacts that have answered, with up to k replacements. Buckets are
/// made when they are needed; ids that agree in the first 64 bits share one, so the table is bounded whatever ids somebody makes up.
/// </summary>
internal sealed class RoutingTable
{
    /// <summary>Bits by which one hop gets nearer: 2 make a table of about 200 contacts in a layer of 100,000 (dht.md section 15).</summary>
    public const int DigitBits = 2;

    /// <summary>Requests in a row that a contact may leave unanswered before it is dropped (dht.md section 13).</summary>
    public const int MaxMissed = 3;

    private const int Digits = 1 << DigitBits;
    private const int Levels = 64 / DigitBits;
    private const int DoubtfulMissed = 2;

    private readonly DhtKey _own;
    private readonly int _k;
    private Bucket?[] _buckets = [];

    public RoutingTable(DhtKey own, int k)
    {
        _own = own;
        _k = k;
    }

    /// <summary>Contacts that have answered.</summary>
    public int Count { get; private set; }

    /// <summary>Contacts of them that do not mark themselves as ours: reference nodes.</summary>
    public int UnmarkedCount { get; private set; }

    private int LevelCount => _buckets.Length / Digits;

    /// <summary>Somebody says that he is this contact.</summary>
    public Heard Hear(in DhtContact contact, int now)
    {
        var bucket = BucketOf(contact.Id);
        if (bucket is null) return Heard.Room;
        var index = bucket.IndexOf(contact.Address);
        if (index >= 0 && bucket.Entries[index].Id == contact.Id) return Heard.Known;
        if (bucket.Count < _k || index >= 0) return Heard.Room;
        bucket.AddReplacement(new TableEntry { Id = contact.Id, Address = contact.Address, LastSeen = now }, _k);
        return Heard.Full;
    }

    /// <summary>A contact has answered a request of ours: it belongs into the table. The newest id of an address wins.</summary>
    /// <returns>true when it was added.</returns>
    public bool Answer(in DhtContact contact, bool marked, int now)
    {
        var bucket = MakeBucketOf(contact.Id);
        var index = bucket.IndexOf(contact.Address);
        if (index >= 0)
        {
            ref var known = ref bucket.Entries[index];
            if (known.Id != contact.Id) known.Id = contact.Id;
            known.LastSeen = now;
            known.Missed = 0;
            if (known.Marked != marked) UnmarkedCount += marked ? -1 : 1;
            known.Marked = marked;
            return false;
        }
        var entry = new TableEntry { Id = contact.Id, Address = contact.Address, LastSeen = now, Verified = true, Marked = marked };
        if (bucket.Count == _k)
        {
            var doubtful = bucket.Entries.IndexOfMostMissed(DoubtfulMissed);
            if (doubtful < 0)
            {
                bucket.AddReplacement(entry, _k);
                return false;
            }
            RemoveAt(bucket, doubtful);
        }
        Remove(contact.Address);
        Add(bucket, entry);
        return true;
    }

    /// <summary>A contact did not answer.</summary>
    /// <param name="contact">Which.</param>
    /// <param name="probe">One of the replacements that is to be asked whether it is there, if the contact was dropped and none is known to be.</param>
    /// <returns>true when it was dropped.</returns>
    public bool Miss(in DhtContact contact, out DhtContact probe)
    {
        probe = default;
        if (BucketOf(contact.Id) is not { } bucket) return false;
        var index = bucket.IndexOf(contact.Address);
        if (index < 0)
        {
            var replacement = bucket.ReplacementIndexOf(contact.Address);
            if (replacement >= 0) bucket.RemoveReplacementAt(replacement);
            return false;
        }
        ref var entry = ref bucket.Entries[index];
        if (entry.Missed < byte.MaxValue) entry.Missed++;
        if (entry.Missed < MaxMissed) return false;
        RemoveAt(bucket, index);
        var verified = bucket.Replacements.LastIndexOfVerified();
        if (verified >= 0)
        {
            var promoted = bucket.Replacements[verified];
            bucket.RemoveReplacementAt(verified);
            Remove(promoted.Address);
            Add(bucket, promoted);
        }
        else if (bucket.ReplacementCount > 0)
        {
            probe = bucket.Replacements[^1].Contact;
        }
        return true;
    }

    /// <summary>Removes an address, with all that is known of it.</summary>
    public bool Remove(ulong address)
    {
        var removed = false;
        foreach (var bucket in _buckets)
        {
            if (bucket is null) continue;
            var replacement = bucket.ReplacementIndexOf(address);
            if (replacement >= 0) bucket.RemoveReplacementAt(replacement);
            var index = bucket.IndexOf(address);
            if (index < 0) continue;
            RemoveAt(bucket, index);
            removed = true;
        }
        return removed;
    }

    /// <summary>Whether a contact that answered has this address, and with this id.</summary>
    public bool Contains(in DhtContact contact)
    {
        if (BucketOf(contact.Id) is not { } bucket) return false;
        var index = bucket.IndexOf(contact.Address);
        return index >= 0 && bucket.Entries[index].Id == contact.Id;
    }

    /// <summary>The contacts nearest to a key, nearest first.</summary>
    /// <param name="target">Where.</param>
    /// <param name="into">As many as fit.</param>
    /// <returns>How many there were.</returns>
    public int Closest(in DhtKey target, Span<DhtContact> into)
    {
        var level = Math.Min(BitOperations.LeadingZeroCount(target.Prefix ^ _own.Prefix) / DigitBits, Levels - 1);
        var own = Digit(_own.Prefix, level);
        var wanted = Digit(target.Prefix, level);
        var count = 0;
        // All of one part are nearer than all of the next, so only within a part there is something to sort.
        for (var x = 0; x < Digits && count < into.Length; x++)
        {
            var digit = wanted ^ x;
            var start = count;
            if (level < LevelCount) Collect(_buckets[(level * Digits) + digit], target, into, start, ref count);
            if (digit != own) continue;
            for (var i = (level + 1) * Digits; i < _buckets.Length; i++) Collect(_buckets[i], target, into, start, ref count);
        }
        for (var l = Math.Min(level, LevelCount) - 1; l >= 0 && count < into.Length; l--)
        {
            own = Digit(_own.Prefix, l);
            for (var x = 1; x < Digits && count < into.Length; x++)
            {
                Collect(_buckets[(l * Digits) + (own ^ x)], target, into, count, ref count);
            }
        }
        return count;
    }

    /// <summary>All contacts, in no order that means anything.</summary>
    public int CopyTo(Span<DhtContact> into)
    {
        var count = 0;
        foreach (var bucket in _buckets)
        {
            if (bucket is null) continue;
            foreach (ref var entry in bucket.Entries)
            {
                if (count == into.Length) return count;
                into[count++] = entry.Contact;
            }
        }
        return count;
    }

    /// <summary>Notes that a look-up goes through the part of a key.</summary>
    public void Touch(in DhtKey target, int now)
    {
        if (BucketOf(target) is { } bucket) bucket.LastLookup = now;
    }

    /// <summary>
    /// The next part that no look-up went through since <paramref name="before"/>: a random key in it. Parts so near the own id that they hold
    /// fewer than k contacts together are left out, since looking up the own id goes through them.
    /// </summary>
    public bool TryPickStale(int before, int now, Random random, out DhtKey target)
    {
        target = default;
        var deepest = LevelCount - 1;
        for (var near = 0; deepest >= 0; deepest--)
        {
            near += CountAt(deepest);
            if (near > _k) break;
        }
        for (var level = 0; level <= deepest; level++)
        {
            var own = Digit(_own.Prefix, level);
            for (var digit = 0; digit < Digits; digit++)
            {
                if (digit == own) continue;
                var bucket = _buckets[(level * Digits) + digit] ??= new Bucket { LastLookup = int.MinValue };
                if (bucket.LastLookup >= before) continue;
                bucket.LastLookup = now;
                target = _own.RandomBelow(random, level * DigitBits, digit, DigitBits);
                return true;
            }
        }
        return false;
    }

    private static int Digit(ulong prefix, int level) => (int)(prefix >> (64 - DigitBits - (level * DigitBits))) & (Digits - 1);

    private static void Collect(Bucket? bucket, in DhtKey target, Span<DhtContact> into, int start, ref int count)
    {
        if (bucket is null) return;
        foreach (ref var entry in bucket.Entries)
        {
            var at = count;
            while (at > start && target.IsNearer(entry.Id, into[at - 1].Id)) at--;
            if (at == into.Length) continue;
            if (count < into.Length) count++;
            into[at..(count - 1)].CopyTo(into[(at + 1)..]);
            into[at] = entry.Contact;
        }
    }

    private int CountAt(int level)
    {
        var count = 0;
        for (var i = level * Digits; i < (level + 1) * Digits; i++) count += _buckets[i]?.Count ?? 0;
        return count;
    }

    private void Add(Bucket bucket, in TableEntry entry)
    {
        bucket.Add(entry, _k);
        Count++;
        if (!entry.Marked) UnmarkedCount++;
    }

    private void RemoveAt(Bucket bucket, int index)
    {
        Count--;
        if (!bucket.Entries[index].Marked) UnmarkedCount--;
        bucket.RemoveAt(index);
    }

    private int IndexOf(in DhtKey id)
    {
        var level = Math.Min(BitOperations.LeadingZeroCount(id.Prefix ^ _own.Prefix) / DigitBits, Levels - 1);
        return (level * Digits) + Digit(id.Prefix, level);
    }

    private Bucket? BucketOf(in DhtKey id)
    {
        var index = IndexOf(id);
        return index < _buckets.Length ? _buckets[index] : null;
    }

    private Bucket MakeBucketOf(in DhtKey id)
    {
        var index = IndexOf(id);
        if (index >= _buckets.Length) Array.Resize(ref _buckets, ((index / Digits) + 1) * Digits);
        return _buckets[index] ??= new Bucket { LastLookup = int.MinValue };
    }
}
