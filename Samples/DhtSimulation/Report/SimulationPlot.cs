using System.Globalization;
using Ouroboros.Samples.DhtSimulation.Simulation;

namespace Ouroboros.Samples.DhtSimulation.Report;

/// <summary>The picture of a sweep: hops, requests and success over the number of nodes and over churn.</summary>
public static class SimulationPlot
{
    private const string Blue = "#2457c5";
    private const string Amber = "#b54708";
    private const string Green = "#087443";

    /// <summary>Draws it.</summary>
    /// <param name="sizes">Runs that differ in the number of nodes.</param>
    /// <param name="churns">Runs that differ in churn.</param>
    /// <returns>An SVG document.</returns>
    public static string Draw(IReadOnlyList<SimulationResult> sizes, IReadOnlyList<SimulationResult> churns)
    {
        var first = sizes.Concat(churns).First().Options;
        var plot = new SvgPlot(
            "Directory look-ups, simulated",
            string.Create(CultureInfo.InvariantCulture,
                $"k = {first.Dht.K}, alpha = {first.Dht.Alpha}, one-way latency 5 to 80 ms, seed {first.Seed}; shaded: 10th to 99th percentile"));
        if (sizes.Count > 0)
        {
            var axis = SvgAxis.Logarithmic("nodes", sizes.Min(r => r.Options.Nodes), Math.Max(sizes.Max(r => r.Options.Nodes), 10 * sizes.Min(r => r.Options.Nodes)));
            AddEffort(plot, sizes, axis, r => r.Options.Nodes, "without churn");
        }
        if (churns.Count > 0)
        {
            var nodes = churns[0].Options.Nodes.ToString("N0", CultureInfo.InvariantCulture);
            var loss = churns[0].Options.Loss;
            var axis = SvgAxis.Linear("nodes replaced per minute", churns.Max(r => 100 * r.Options.ChurnPerMinute), " %");
            var what = string.Create(CultureInfo.InvariantCulture, $"{nodes} nodes, {loss:P0} of messages lost");
            AddEffort(plot, churns, axis, r => 100 * r.Options.ChurnPerMinute, what);
            plot.Add(Success(churns, axis, what));
            plot.Add(Latency(churns, axis, what));
        }
        return plot.Render();
    }

    private static void AddEffort(SvgPlot plot, IReadOnlyList<SimulationResult> runs, SvgAxis axis, Func<SimulationResult, double> x, string what)
    {
        var hops = new SvgPanel($"Hops to the value, {what}", axis, SvgAxis.Linear("hops", Math.Max(5, runs.Max(r => r.Hops.Percentile(0.99)))))
        {
            Bar = (4, "bar: median of 4"),
        };
        hops.Lines.Add(Line("mean", Blue, runs, x, r => r.Hops.Mean, r => r.Hops));
        hops.Lines.Add(Line("median", Amber, runs, x, r => r.Hops.Percentile(0.5), null));
        plot.Add(hops);
        var requests = new SvgPanel($"Requests per look-up, {what}", axis, SvgAxis.Linear("requests", Math.Max(22, runs.Max(r => r.Requests.Percentile(0.99)))))
        {
            Bar = (20, "bar: median of 20"),
        };
        requests.Lines.Add(Line("mean", Blue, runs, x, r => r.Requests.Mean, r => r.Requests));
        requests.Lines.Add(Line("median", Amber, runs, x, r => r.Requests.Percentile(0.5), null));
        plot.Add(requests);
    }

    private static SvgPanel Success(IReadOnlyList<SimulationResult> runs, SvgAxis axis, string what)
    {
        var panel = new SvgPanel($"Look-ups that succeed, {what}", axis, SvgAxis.Nines("success")) { Bar = (0.999, "bar: 99.9 %") };
        panel.Lines.Add(Line("success", Green, runs, r => 100 * r.Options.ChurnPerMinute, r => r.SuccessRate, null));
        return panel;
    }

    private static SvgPanel Latency(IReadOnlyList<SimulationResult> runs, SvgAxis axis, string what)
    {
        var panel = new SvgPanel($"Milliseconds per look-up, {what}", axis, SvgAxis.Linear("ms", runs.Max(r => r.Latency.Percentile(0.99))));
        panel.Lines.Add(Line("median", Amber, runs, r => 100 * r.Options.ChurnPerMinute, r => r.Latency.Percentile(0.5), r => r.Latency));
        panel.Lines.Add(Line("90th", Blue, runs, r => 100 * r.Options.ChurnPerMinute, r => r.Latency.Percentile(0.9), null));
        return panel;
    }

    private static SvgLine Line(
        string name, string colour, IReadOnlyList<SimulationResult> runs, Func<SimulationResult, double> x, Func<SimulationResult, double> y,
        Func<SimulationResult, Distribution>? range) =>
        new(name, colour, [.. runs.OrderBy(x).Select(r => (x(r), y(r), (double)(range?.Invoke(r).Percentile(0.1) ?? 0), (double)(range?.Invoke(r).Percentile(0.99) ?? 0)))]);
}
