using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>A message on its way: one element of a <see cref="MessageSlab"/>, which has its contacts and values beside.</summary>
internal struct SimulatedMessage
{
    public DhtContact Source;
    public DhtKey Key;
    public ulong Cookie;
    public ulong Target;

    /// <summary>The value of a store.</summary>
    public ulong Value;

    /// <summary>When it arrives, milliseconds.</summary>
    public long At;
    public uint Expiry;

    /// <summary>The next of the same millisecond, or the next that is free; -1: none.</summary>
    public int Next;

    public DhtCode Code;
    public bool IsMarked;
    public byte ContactCount;
    public byte ValueCount;
}
