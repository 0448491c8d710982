namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>What the table remembers of somebody, apart from who it is.</summary>
internal struct ContactState
{
    /// <summary>Requests in a row that it did not answer.</summary>
    public byte Missed;

    /// <summary>Whether it marks its messages as one of ours.</summary>
    public bool Marked;

    /// <summary>Whether it ever answered a request of ours: contacts all did, replacements may have.</summary>
    public bool Verified;
}
