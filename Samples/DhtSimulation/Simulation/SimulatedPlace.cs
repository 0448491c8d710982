namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>Where a node is, on a square from 0 to 1. Apart from the nodes, since both ends of every message are looked up: so small, all fit into a cache.</summary>
internal struct SimulatedPlace
{
    public float X;

    public float Y;
}
