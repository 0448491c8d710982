using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>A message on its way, or a node that wants to be called; one element of the slab of an <see cref="EventWheel"/>.</summary>
internal struct SimulatedEvent
{
    public DhtContact Source;
    public DhtKey Key;
    public ulong Cookie;

    /// <summary>Of a message: where it goes. Of a call: which node, by its address, since its place may have another meanwhile.</summary>
    public ulong Target;

    /// <summary>The value of a store, or the only one of an answer.</summary>
    public ulong Value;
    public uint Expiry;

    /// <summary>The next of the same millisecond; -1: none.</summary>
    public int Next;

    public DhtCode Code;
    public bool IsCall;
    public bool IsMarked;
    public byte ContactCount;
    public byte ValueCount;
}
