using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Storage;

/// <summary>
/// The values that a node keeps for others, bounded in all, by peer and by key. A value that its owner has confirmed is never pushed out by one
/// that nobody vouches for.
/// </summary>
internal sealed class ValueStore(DhtOptions options)
{
    /// <summary>Values of one key (dht.md section 2: values returned for one key).</summary>
    public const int MaxPerKey = 8;

    private readonly ValueTable _table = new();

    // Counted only when there are so many that one peer could have too many.
    private Dictionary<ulong, int>? _perPeer;
    private StoredValue? _newestUnconfirmed;

    // No value ends before this; most ends are put off before they come, so most of the time there is nothing to look for.
    private long _noEndBefore = long.MaxValue;
    private StoredValue? _newest;

    /// <summary>The value that was stored longest ago; the others follow by <see cref="StoredValue.Newer"/>.</summary>
    public StoredValue? Oldest { get; private set; }

    /// <summary>The value that no owner has confirmed for the longest time; the others follow by <see cref="StoredValue.NewerUnconfirmed"/>.</summary>
    public StoredValue? OldestUnconfirmed { get; private set; }

    /// <summary>Values kept.</summary>
    public int Count => _table.Count;

    /// <summary>All values.</summary>
    public IEnumerable<StoredValue> All
    {
        get
        {
            for (var value = Oldest; value is not null; value = value.Newer) yield return value;
        }
    }

    /// <summary>The value, if it is here.</summary>
    public StoredValue? Find(in DhtKey key, ulong address)
    {
        var value = _table.Find(key);
        while (value is not null && value.Address != address) value = ValueTable.NextOf(value, key);
        return value;
    }

    /// <summary>Keeps a value, and makes room for it if that is allowed.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="address">The value.</param>
    /// <param name="source">Who asks for it.</param>
    /// <param name="reason">Why it was not kept.</param>
    /// <returns>null when it was not.</returns>
    public StoredValue? Add(in DhtKey key, ulong address, ulong source, out DhtDrop reason)
    {
        reason = DhtDrop.PeerQuota;
        if (Count >= options.MaxValuesPerPeer && (_perPeer ??= CountPeers()).GetValueOrDefault(source) >= options.MaxValuesPerPeer) return null;
        reason = DhtDrop.KeyFull;
        var (count, weakest) = Weakest(key);
        if (count >= MaxPerKey)
        {
            if (weakest is null) return null;
            Remove(weakest);
        }
        reason = DhtDrop.StoreFull;
        if (Count >= options.MaxValues)
        {
            if (OldestUnconfirmed is not { } oldest) return null;
            Remove(oldest);
        }
        var value = new StoredValue(key, key.GetHashCode(), address, source) { OlderUnconfirmed = _newestUnconfirmed };
        _table.Add(value);
        if (_newestUnconfirmed is null) OldestUnconfirmed = value;
        else _newestUnconfirmed.NewerUnconfirmed = value;
        _newestUnconfirmed = value;
        if (_perPeer is not null) _perPeer[source] = _perPeer.GetValueOrDefault(source) + 1;
        return value;
    }

    /// <summary>It was stored, perhaps again: it stays until the later of both ends.</summary>
    /// <param name="value">Which.</param>
    /// <param name="expiry">End, seconds since 1970.</param>
    /// <param name="now">Milliseconds.</param>
    public void Renew(StoredValue value, long expiry, long now)
    {
        value.Expiry = Math.Max(value.Expiry, expiry);
        _noEndBefore = Math.Min(_noEndBefore, value.Expiry);
        Touch(value, now);
    }

    /// <summary>Notes that a value is cared for now.</summary>
    public void Touch(StoredValue value, long now)
    {
        value.StoredAt = now;
        if (ReferenceEquals(_newest, value)) return;
        Unlink(value);
        value.Older = _newest;
        if (_newest is null) Oldest = value;
        else _newest.Newer = value;
        _newest = value;
    }

    /// <summary>Its owner knows of it.</summary>
    public void Confirm(StoredValue value)
    {
        if (value.IsGone) return;
        value.IsWithdrawn = false;
        if (value.IsConfirmed) return;
        value.IsConfirmed = true;
        UnlinkUnconfirmed(value);
    }

    /// <summary>Removes a value.</summary>
    public void Remove(StoredValue value)
    {
        if (value.IsGone) return;
        value.IsGone = true;
        if (!value.IsConfirmed) UnlinkUnconfirmed(value);
        Unlink(value);
        _table.Remove(value);
        if (_perPeer is null) return;
        var left = _perPeer[value.Source] - 1;
        if (left == 0) _perPeer.Remove(value.Source);
        else _perPeer[value.Source] = left;
    }

    /// <summary>Removes what has expired.</summary>
    public void Expire(long unixSeconds)
    {
        if (unixSeconds <= _noEndBefore) return;
        _noEndBefore = long.MaxValue;
        for (var value = Oldest; value is not null;)
        {
            var next = value.Newer;
            if (value.Expiry < unixSeconds) Remove(value);
            else _noEndBefore = Math.Min(_noEndBefore, value.Expiry);
            value = next;
        }
    }

    /// <summary>The values of a key that have not expired: those that are confirmed, or all when none is.</summary>
    /// <returns>How many were written.</returns>
    public int CopyTo(in DhtKey key, long unixSeconds, Span<ulong> into)
    {
        if (_table.Find(key) is not { } newest) return 0;
        var count = Copy(newest, key, unixSeconds, confirmed: true, into);
        return count > 0 ? count : Copy(newest, key, unixSeconds, confirmed: false, into);
    }

    private void Unlink(StoredValue value)
    {
        if (value.Older is { } older) older.Newer = value.Newer;
        else if (ReferenceEquals(Oldest, value)) Oldest = value.Newer;
        if (value.Newer is { } newer) newer.Older = value.Older;
        else if (ReferenceEquals(_newest, value)) _newest = value.Older;
        value.Older = null;
        value.Newer = null;
    }

    private void UnlinkUnconfirmed(StoredValue value)
    {
        if (value.OlderUnconfirmed is { } older) older.NewerUnconfirmed = value.NewerUnconfirmed;
        else OldestUnconfirmed = value.NewerUnconfirmed;
        if (value.NewerUnconfirmed is { } newer) newer.OlderUnconfirmed = value.OlderUnconfirmed;
        else _newestUnconfirmed = value.OlderUnconfirmed;
        value.OlderUnconfirmed = null;
        value.NewerUnconfirmed = null;
    }

    private Dictionary<ulong, int> CountPeers()
    {
        var counts = new Dictionary<ulong, int>();
        foreach (var value in All) counts[value.Source] = counts.GetValueOrDefault(value.Source) + 1;
        return counts;
    }

    private static int Copy(StoredValue newest, in DhtKey key, long unixSeconds, bool confirmed, Span<ulong> into)
    {
        var count = 0;
        for (var value = newest; value is not null && count < into.Length; value = ValueTable.NextOf(value, key))
        {
            if (value.IsConfirmed == confirmed && value.Expiry >= unixSeconds) into[count++] = value.Address;
        }
        return count;
    }

    // New values go in front, so the last that is not confirmed is the one that has had the longest time to be.
    private (int Count, StoredValue? Weakest) Weakest(in DhtKey key)
    {
        var count = 0;
        StoredValue? weakest = null;
        for (var value = _table.Find(key); value is not null; value = ValueTable.NextOf(value, key))
        {
            count++;
            if (!value.IsConfirmed) weakest = value;
        }
        return (count, weakest);
    }
}
