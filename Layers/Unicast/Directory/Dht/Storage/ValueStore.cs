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

    private readonly Dictionary<DhtKey, StoredValue> _keys = [];
    private readonly Dictionary<ulong, int> _perPeer = [];
    private readonly LinkedList<StoredValue> _unconfirmed = new();

    // No value ends before this; most ends are put off before they come, so most of the time there is nothing to look for.
    private long _noEndBefore = long.MaxValue;
    private StoredValue? _newest;

    /// <summary>The value that was stored longest ago; the others follow by <see cref="StoredValue.Newer"/>.</summary>
    public StoredValue? Oldest { get; private set; }

    /// <summary>Values kept.</summary>
    public int Count { get; private set; }

    /// <summary>Keys that have values.</summary>
    public int KeyCount => _keys.Count;

    /// <summary>Peers that have values here.</summary>
    public int PeerCount => _perPeer.Count;

    /// <summary>Values that no owner has confirmed, oldest first.</summary>
    public IEnumerable<StoredValue> Unconfirmed => _unconfirmed;

    /// <summary>All values.</summary>
    public IEnumerable<StoredValue> All
    {
        get
        {
            foreach (var first in _keys.Values)
            {
                for (var value = first; value is not null; value = value.Next) yield return value;
            }
        }
    }

    /// <summary>The value, if it is here.</summary>
    public StoredValue? Find(in DhtKey key, ulong address)
    {
        for (var value = _keys.GetValueOrDefault(key); value is not null; value = value.Next)
        {
            if (value.Address == address) return value;
        }
        return null;
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
        if (_perPeer.GetValueOrDefault(source) >= options.MaxValuesPerPeer) return null;
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
            if (_unconfirmed.First is not { } oldest) return null;
            Remove(oldest.Value);
        }
        var value = new StoredValue(key, address, source) { Next = _keys.GetValueOrDefault(key) };
        _keys[key] = value;
        value.Unconfirmed = _unconfirmed.AddLast(value);
        _perPeer[source] = _perPeer.GetValueOrDefault(source) + 1;
        Count++;
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
        value.IsConfirmed = true;
        if (value.Unconfirmed is null) return;
        _unconfirmed.Remove(value.Unconfirmed);
        value.Unconfirmed = null;
    }

    /// <summary>Removes a value.</summary>
    public void Remove(StoredValue value)
    {
        if (value.IsGone) return;
        value.IsGone = true;
        if (value.Unconfirmed is not null) _unconfirmed.Remove(value.Unconfirmed);
        value.Unconfirmed = null;
        Unlink(value);
        Count--;
        var left = _perPeer[value.Source] - 1;
        if (left == 0) _perPeer.Remove(value.Source);
        else _perPeer[value.Source] = left;
        var first = _keys[value.Key];
        if (ReferenceEquals(first, value))
        {
            if (value.Next is null) _keys.Remove(value.Key);
            else _keys[value.Key] = value.Next;
            return;
        }
        while (!ReferenceEquals(first!.Next, value)) first = first.Next;
        first.Next = value.Next;
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
        if (_keys.Count == 0 || !_keys.TryGetValue(key, out var first)) return 0;
        var count = Copy(first, unixSeconds, confirmed: true, into);
        return count > 0 ? count : Copy(first, unixSeconds, confirmed: false, into);
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

    private static int Copy(StoredValue first, long unixSeconds, bool confirmed, Span<ulong> into)
    {
        var count = 0;
        for (var value = first; value is not null && count < into.Length; value = value.Next)
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
        for (var value = _keys.GetValueOrDefault(key); value is not null; value = value.Next)
        {
            count++;
            if (!value.IsConfirmed) weakest = value;
        }
        return (count, weakest);
    }
}
