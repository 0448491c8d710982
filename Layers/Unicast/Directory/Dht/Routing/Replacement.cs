namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>Somebody who is to become a contact when there is room.</summary>
internal struct Replacement
{
    public TableEntry Entry;

    /// <summary>Whether it ever answered a request of ours.</summary>
    public bool Verified;

    /// <summary>Whether it marks its messages as one of ours.</summary>
    public bool Marked;
}
