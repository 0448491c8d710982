using System.Globalization;
using System.Text;
using Ouroboros.Layers.Rib;

namespace Ouroboros.Layers.Flow;

/// <summary>An ordered flow in the RIB: <c>frct</c> as the reference has it, <c>frcp</c> with what we count beyond (tools-and-rib.md 9.6).</summary>
public static class FlowRib
{
    private const int LabelWidth = 33;
    private const int ValueWidth = 20;

    /// <summary>The component of a flow; null for a raw one, which has nothing to show.</summary>
    public static IRibComponent? Of(FlowEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.Statistics is null ? null : new RibFiles().Add("frct", () => Text(endpoint, s => s.ToRibText())).Add("frcp", () => Text(endpoint, Beyond));
    }

    private static RibFile Text(FlowEndpoint endpoint, Func<FlowStatistics, string> text) => new(endpoint.Statistics is { } statistics ? text(statistics) : "");

    private static string Beyond(FlowStatistics statistics)
    {
        var text = new StringBuilder(1000)
            .Line("Data packets sent:", LabelWidth, statistics.DataSent, ValueWidth)
            .Line("Data packets received:", LabelWidth, statistics.DataReceived, ValueWidth)
            .Line("Control packets sent:", LabelWidth, statistics.ControlSent, ValueWidth)
            .Line("Control packets received:", LabelWidth, statistics.ControlReceived, ValueWidth)
            .Line("Retransmission time-outs:", LabelWidth, statistics.Timeouts, ValueWidth)
            .Line("Packets found lost:", LabelWidth, statistics.FoundLost, ValueWidth)
            .Line("Probes for a loss:", LabelWidth, statistics.Probes, ValueWidth)
            .Line("Least rtt (ns):", LabelWidth, statistics.LeastRtt, ValueWidth)
            .Line("Congestion window (packets):", LabelWidth, statistics.CongestionWindow, ValueWidth)
            .Line("Agreed with the peer:", LabelWidth, statistics.Features.ToString().Replace(", ", "+", StringComparison.Ordinal), ValueWidth);
        foreach (var (reason, count) in statistics.Drops) text.Line(string.Create(CultureInfo.InvariantCulture, $"Dropped, {reason}:"), LabelWidth, count, ValueWidth);
        return text.ToString();
    }
}
