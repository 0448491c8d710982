using Ouroboros.Layers.Unicast.Directory.Dht;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>What a partition has at hand of each of its nodes: so little that all of it fits into a cache, while the nodes do not.</summary>
internal struct OwnNode
{
    public DhtNode? Core;

    /// <summary>When it will be called, milliseconds.</summary>
    public long ArmedFor;

    /// <summary>When it wants to be, milliseconds: later than that when an answer has come meanwhile.</summary>
    public long Due;
}
