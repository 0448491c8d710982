using System.Globalization;
using Ouroboros.Samples.DhtSimulation.Report;
using Ouroboros.Samples.DhtSimulation.Simulation;
using Spectre.Console;

namespace Ouroboros.Samples.DhtSimulation;

/// <summary>Runs a sweep under a progress bar, prints its table and writes its plot.</summary>
public static class SimulationProgram
{
    private const int RedirectedWidth = 160;

    /// <summary>Runs it.</summary>
    /// <param name="sweep">What.</param>
    /// <param name="plot">File of the plot; null = none.</param>
    /// <param name="console">Where to show it.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>Results, in the order of <see cref="Sweep.All"/>.</returns>
    public static IReadOnlyList<SimulationResult> Run(Sweep sweep, string? plot, IAnsiConsole console, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(console);
        // A file has no width; the table is not to be broken for it.
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = Math.Max(console.Profile.Width, RedirectedWidth);
        var results = new List<SimulationResult>();
        console.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
            .Start(progress =>
            {
                foreach (var options in sweep.All) results.Add(Run(options, progress, stop));
            });
        console.Write(SimulationTable.Build(results));
        if (plot is null || results.Count == 0) return results;
        File.WriteAllText(plot, SimulationPlot.Draw(results[..sweep.Sizes.Count], results[sweep.Sizes.Count..]));
        console.MarkupLineInterpolated($"Plot: [link]{Path.GetFullPath(plot)}[/]");
        return results;
    }

    private static SimulationResult Run(SimulationOptions options, ProgressContext progress, CancellationToken stop)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{options.Nodes,7:N0} nodes, {options.ChurnPerMinute:P0} churn");
        var task = progress.AddTask(name, maxValue: 3);
        using var quiet = QuietHeap.Begin(options.Nodes);
        var result = DhtSimulator.Run(
            options,
            (phase, share) =>
            {
                task.Value = (int)phase + share;
                task.Description = $"{name}, {Describe(phase)}";
            },
            stop);
        task.Value = task.MaxValue;
        task.Description = $"{name}, done";
        return result;
    }

    private static string Describe(SimulationPhase phase) => phase switch
    {
        SimulationPhase.Joining => "joining",
        SimulationPhase.Settling => "settling",
        _ => "looking up",
    };
}
