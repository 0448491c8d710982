using System.Globalization;
using Ouroboros.Samples.DhtSimulation.Simulation;
using Spectre.Console;

namespace Ouroboros.Samples.DhtSimulation.Report;

/// <summary>The table of a sweep, one row for each run.</summary>
internal static class SimulationTable
{
    public static Table Build(IEnumerable<SimulationResult> results)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var title in (string[])["nodes", "churn/min", "loss", "look-ups", "success", "hops\nmed/p99", "requests\nmed/p99", "ms\nmed/p99",
            "contacts", "B/s\nper node", "kB\nper node", "messages", "messages/s\nreal time"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }
        foreach (var r in results) table.AddRow([.. Cells(r)]);
        return table;
    }

    private static IEnumerable<string> Cells(SimulationResult r) =>
    [
        Text($"{r.Options.Nodes:N0}"),
        Text($"{r.Options.ChurnPerMinute:P0}"),
        Text($"{r.Options.Loss:P0}"),
        Text($"{r.Lookups:N0}"),
        r.Succeeded == r.Lookups ? "[green]all[/]" : Text($"{100 * r.SuccessRate:F3} %"),
        Text($"{r.Hops.Percentile(0.5)}/{r.Hops.Percentile(0.99)}"),
        Text($"{r.Requests.Percentile(0.5)}/{r.Requests.Percentile(0.99)}"),
        Text($"{r.Latency.Percentile(0.5)}/{r.Latency.Percentile(0.99)}"),
        Text($"{r.Contacts:F0}"),
        Text($"{r.BytesPerNodeAndSecond:N0}"),
        Text($"{r.MemoryPerNode / 1000.0:F1}"),
        Text($"{r.Messages:N0}"),
        Text($"{r.MessagesPerSecond:N0}"),
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
