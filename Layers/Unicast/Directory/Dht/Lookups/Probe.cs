using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Storage;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>One question to one node: whether it is there, or whether a value is its own.</summary>
internal struct Probe
{
    /// <summary>Whom; of the owner of a value only the address is known.</summary>
    public DhtContact Contact;

    /// <summary>Of the first request; repetitions have the next numbers.</summary>
    public ulong Cookie;
    public long Due;
    public long AskedAt;

    /// <summary>When it was asked again, milliseconds after it was first asked.</summary>
    public int Repeated;
    public int Tries;

    /// <summary>The value whose owner is asked; null when it is about the contact.</summary>
    public StoredValue? Value;

    /// <summary>What is asked for: the key of the value, else the own id.</summary>
    public readonly DhtKey Key(in DhtKey own) => Value?.Key ?? own;
}
