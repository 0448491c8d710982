namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>A contact in a bucket. Small, since a bucket is walked for every request.</summary>
internal struct TableEntry
{
    public DhtKey Id;
    public ulong Address;

    /// <summary>When it last answered, seconds on the monotonic clock; of one that never did, when it was heard of.</summary>
    public int LastSeen;

    /// <summary>Requests in a row that it did not answer.</summary>
    public byte Missed;

    /// <summary>Whether it ever answered a request of ours.</summary>
    public bool Verified;

    /// <summary>Whether it marks its messages as one of ours.</summary>
    public bool Marked;

    public readonly DhtContact Contact => new(Id, Address);
}
