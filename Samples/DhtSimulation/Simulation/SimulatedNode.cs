using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>A node of a simulation. Written only between windows, since the partitions lie side by side in one array.</summary>
internal struct SimulatedNode
{
    public DhtNode? Core;
    public DhtKey[] Names;
    public long JoinedAt;
}
