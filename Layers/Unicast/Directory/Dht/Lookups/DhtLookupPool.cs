using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>
/// What a node needs only while it works: look-ups at rest, of about 6 KiB each, and lists of contacts. One for each thread, so that nodes at rest
/// cost nothing; nodes that all run on one thread, as in a simulation, may be given one. Not thread-safe.
/// </summary>
public sealed class DhtLookupPool
{
    private const int MaxIdle = 1024;

    [ThreadStatic]
    private static DhtLookupPool? t_ofThread;

    private readonly Stack<DhtLookup> _idle = new();

    /// <summary>The one of the thread that asks.</summary>
    internal static DhtLookupPool OfThread => t_ofThread ??= new DhtLookupPool();

    /// <summary>Contacts of a message that is being read.</summary>
    internal DhtContact[] Received => field ??= new DhtContact[DhtOptions.MaxK];

    /// <summary>The nearest contacts, for a message or a look-up that is being made.</summary>
    internal DhtContact[] ToSend => field ??= new DhtContact[DhtOptions.MaxK];

    /// <summary>As many contacts as one look-up can use.</summary>
    internal DhtContact[] All => field ??= new DhtContact[DhtLookup.Capacity];

    internal DhtLookup Rent() => _idle.TryPop(out var lookup) ? lookup : new DhtLookup();

    internal void Return(DhtLookup lookup)
    {
        lookup.Clear();
        if (_idle.Count < MaxIdle) _idle.Push(lookup);
    }
}
