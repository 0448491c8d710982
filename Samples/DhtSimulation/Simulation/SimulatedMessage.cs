using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>A message on its way: one element of a <see cref="MessageRun"/>, which has its contacts and values beside.</summary>
internal struct SimulatedMessage
{
    public DhtContact Source;
    public DhtKey Key;
    public ulong Cookie;
    public ulong Target;

    /// <summary>The value of a store.</summary>
    public ulong Value;
    public uint Expiry;

    /// <summary>Where its contacts begin.</summary>
    public int FirstContact;

    /// <summary>Where its values begin.</summary>
    public int FirstValue;
    public DhtCode Code;
    public bool IsMarked;
    public byte ContactCount;
    public byte ValueCount;
}
