using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Storage;

/// <summary>A value that this node keeps for others. What it is found by is part of it: a node has dozens, and a dictionary costs as much again as they do.</summary>
internal sealed class StoredValue(DhtKey key, int hash, ulong address, ulong source)
{
    private readonly byte[] _key = key.Array!;

    public DhtKey Key => DhtKey.Of(_key);

    /// <summary>That of the key; another in each process.</summary>
    public int Hash { get; } = hash;

    /// <summary>Whether it has been removed.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether the node at <see cref="Address"/> has said that it registered the name.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>Whether somebody said that it is no longer registered.</summary>
    public bool IsWithdrawn { get; set; }

    /// <summary>Whether the owner is being asked.</summary>
    public bool IsAsked { get; set; }

    /// <summary>The value: where the name is registered.</summary>
    public ulong Address { get; } = address;

    /// <summary>Whose quota it is in.</summary>
    public ulong Source { get; } = source;

    /// <summary>End, seconds since 1970.</summary>
    public long Expiry { get; set; }

    /// <summary>When it was last stored, milliseconds.</summary>
    public long StoredAt { get; set; }

    /// <summary>The next value that is found in the same place; those of one key, newest first.</summary>
    public StoredValue? Next { get; set; }

    /// <summary>The value that was stored before it, and the one after it.</summary>
    public StoredValue? Older { get; set; }

    public StoredValue? Newer { get; set; }

    /// <summary>The same among the values that are not confirmed.</summary>
    public StoredValue? OlderUnconfirmed { get; set; }

    public StoredValue? NewerUnconfirmed { get; set; }

    /// <summary>Whether it is a value of this key.</summary>
    public bool IsOf(in DhtKey of, int withHash) => Hash == withHash && (ReferenceEquals(_key, of.Array) || of.Equals(_key));
}
