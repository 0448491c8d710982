using System.Globalization;
using Ouroboros.Layers.Rib;

namespace Ouroboros.Layers.Flow;

/// <summary>An ordered flow in the RIB: <c>frct</c> as the reference has it, <c>frcp</c> with what we count beyond (tools-and-rib.md 9.6).</summary>
public static class FlowRib
{
    /// <summary>The component of a flow; null for a raw one, which has nothing to show.</summary>
    public static IRibComponent? Of(FlowEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.Statistics is null ? null : new RibFiles().Add("frct", () => Text(endpoint, s => s.ToRibText())).Add("frcp", () => Text(endpoint, Beyond));
    }

    /// <summary>The columns of a flow's files.</summary>
    internal static RibLines NewLines() => new(labelWidth: 33, valueWidth: 20);

    private static RibFile Text(FlowEndpoint endpoint, Func<FlowStatistics, string> text) => new(endpoint.Statistics is { } statistics ? text(statistics) : "");

    private static string Beyond(FlowStatistics statistics)
    {
        var text = NewLines()
            .Add("Data packets sent:", statistics.DataSent)
            .Add("Data packets received:", statistics.DataReceived)
            .Add("Control packets sent:", statistics.ControlSent)
            .Add("Control packets received:", statistics.ControlReceived)
            .Add("Retransmission time-outs:", statistics.Timeouts)
            .Add("Packets found lost:", statistics.FoundLost)
            .Add("Probes for a loss:", statistics.Probes)
            .Add("Empty packets to wake the peer:", statistics.Nudges)
            .Add("Least rtt (ns):", statistics.LeastRtt)
            .Add("Congestion window (packets):", statistics.CongestionWindow)
            .Add("Agreed with the peer:", statistics.Features.ToString().Replace(", ", "+", StringComparison.Ordinal));
        foreach (var (reason, count) in statistics.Drops) text.Add(string.Create(CultureInfo.InvariantCulture, $"Dropped, {reason}:"), count);
        return text.ToString();
    }
}
