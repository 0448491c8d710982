namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>A message of the window at hand: where it is, and whose it will be.</summary>
internal struct SimulatedArrival
{
    /// <summary>Its run, counted within the window.</summary>
    public int Run;

    /// <summary>Its place in the run.</summary>
    public int Index;

    /// <summary>The node that it is for, counted within the partition; known once the message has been fetched.</summary>
    public int Node;
}
