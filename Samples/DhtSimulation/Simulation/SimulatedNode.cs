using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>What all partitions know of a node. Written only while none of them runs.</summary>
internal struct SimulatedNode
{
    public ulong Address;
    public DhtKey[] Names;
    public long JoinedAt;
}
