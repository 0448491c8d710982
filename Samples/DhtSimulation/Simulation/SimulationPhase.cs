namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>Parts of a run.</summary>
public enum SimulationPhase
{
    /// <summary>Nodes join, each through one that is there.</summary>
    Joining,

    /// <summary>Tables are refreshed and names published.</summary>
    Settling,

    /// <summary>Look-ups are made and measured.</summary>
    LookingUp,
}
