using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Storage;

/// <summary>A value that this node keeps for others.</summary>
internal sealed class StoredValue(DhtKey key, ulong address, ulong source)
{
    public DhtKey Key { get; } = key;

    /// <summary>The value: where the name is registered.</summary>
    public ulong Address { get; } = address;

    /// <summary>Whose quota it is in.</summary>
    public ulong Source { get; } = source;

    /// <summary>End, seconds since 1970.</summary>
    public long Expiry { get; set; }

    /// <summary>When it was last stored, milliseconds.</summary>
    public long StoredAt { get; set; }

    /// <summary>Whether the node at <see cref="Address"/> has said that it registered the name.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>Whether somebody said that it is no longer registered.</summary>
    public bool IsWithdrawn { get; set; }

    /// <summary>Whether the owner is being asked.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Whether it has been removed.</summary>
    public bool IsGone { get; set; }

    /// <summary>The value that was stored before it, and the one after it.</summary>
    public StoredValue? Older { get; set; }

    public StoredValue? Newer { get; set; }

    /// <summary>The next value of the key.</summary>
    public StoredValue? Next { get; set; }

    /// <summary>Its place among the values that are not confirmed.</summary>
    public LinkedListNode<StoredValue>? Unconfirmed { get; set; }
}
