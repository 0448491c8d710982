using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>A message on its way: one element of a <see cref="MessageChunk"/>, which has its contacts and values beside.</summary>
internal struct SimulatedMessage
{
    public DhtContact Source;
    public DhtKey Key;
    public ulong Cookie;
    public ulong Target;

    /// <summary>The value of a store.</summary>
    public ulong Value;
    public uint Expiry;

    public DhtCode Code;
    public bool IsMarked;

    /// <summary>Where its contacts begin.</summary>
    public byte FirstContact;
    public byte ContactCount;

    /// <summary>Where its values begin.</summary>
    public byte FirstValue;
    public byte ValueCount;
}
