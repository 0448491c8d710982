using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Storage;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>One question to one node: whether it is there, or whether a value is its own.</summary>
internal struct Probe
{
    /// <summary>Whom; of the owner of a value only the address is known.</summary>
    public DhtContact Contact;

    /// <summary>What was asked for: the own id, or the key of the value.</summary>
    public DhtKey Key;

    /// <summary>Of the first request; repetitions have the next numbers.</summary>
    public ulong Cookie;
    public long AskedAt;
    public long RepeatedAt;
    public long Due;
    public int Tries;

    /// <summary>The value whose owner is asked; null when it is about the contact.</summary>
    public StoredValue? Value;
}
