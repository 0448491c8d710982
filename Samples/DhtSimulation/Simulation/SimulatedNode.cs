using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>A node of a simulation and where it is.</summary>
internal struct SimulatedNode
{
    public DhtNode? Core;
    public DhtKey[] Names;
    public long JoinedAt;

    /// <summary>When it will be called, milliseconds.</summary>
    public long ArmedFor;

    /// <summary>Place on a square, 0 to 1.</summary>
    public float X;

    public float Y;
}
