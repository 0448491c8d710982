using Ouroboros.Samples.DhtSimulation.Simulation;

namespace Ouroboros.Samples.DhtSimulation;

/// <summary>The runs of one call of the program.</summary>
/// <param name="Sizes">Runs that differ in the number of nodes.</param>
/// <param name="Churns">Runs that differ in churn.</param>
public sealed record Sweep(IReadOnlyList<SimulationOptions> Sizes, IReadOnlyList<SimulationOptions> Churns)
{
    /// <summary>All, in the order in which they run.</summary>
    public IEnumerable<SimulationOptions> All => Sizes.Concat(Churns);

    /// <summary>Makes the runs.</summary>
    /// <param name="sizes">Numbers of nodes, without churn and loss.</param>
    /// <param name="churns">Shares of nodes that are replaced in a minute, with loss.</param>
    /// <param name="churnNodes">Nodes of the latter.</param>
    /// <param name="template">What all have in common; its loss is that of the runs with churn.</param>
    public static Sweep Make(IEnumerable<int> sizes, IEnumerable<double> churns, int churnNodes, SimulationOptions template) => new(
        [.. sizes.Select(n => template with { Nodes = n, ChurnPerMinute = 0, Loss = 0 })],
        [.. churns.Select(c => template with { Nodes = churnNodes, ChurnPerMinute = c })]);
}
