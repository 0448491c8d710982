namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>A message of the window at hand: where it is, and whose it will be.</summary>
internal struct SimulatedArrival
{
    /// <summary>Its chunk, counted within the window.</summary>
    public int Chunk;

    /// <summary>Its place in the chunk.</summary>
    public int Index;

    /// <summary>The node that it is for, counted within the partition; known once the message has been fetched.</summary>
    public int Node;
}
