using System.Globalization;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Rib;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// What the RIB shows of data transfer and of flows (tools-and-rib.md 9.4 and 9.5), in the reference's words and columns: a file for each adjacency in
/// <c>dt.ADDRESS</c>, one for each flow in <c>flow-allocator</c>. Numbers of adjacencies begin where the reference's descriptors of flows do.
/// </summary>
internal static class UnicastRib
{
    private const int FirstDescriptor = 64;

    private static readonly (string Label, AdjacencyCount Kind)[] s_counters =
    [
        ("sent", AdjacencyCount.Sent),
        ("rcvd", AdjacencyCount.Received),
        ("local sent", AdjacencyCount.LocalSent),
        ("local rcvd", AdjacencyCount.LocalReceived),
        ("dropped ttl", AdjacencyCount.DroppedTtl),
        ("failed writes", AdjacencyCount.FailedWrites),
        ("failed nhop", AdjacencyCount.FailedNextHop),
    ];

    /// <summary>Name of the component of data transfer.</summary>
    public static string NameOf(DataTransfer dataTransfer) => $"dt.{UnicastAddress.Format(dataTransfer.Address)}";

    /// <summary>The adjacencies.</summary>
    public static IRibComponent Of(DataTransfer dataTransfer) => new RibTable(
        () => dataTransfer.Adjacencies.Select(a => Name(a.Id + FirstDescriptor)),
        file => TryNumber(file, out var number) && dataTransfer.Find(number - FirstDescriptor) is { } adjacency ? new RibFile(Text(adjacency)) : null);

    /// <summary>The flows.</summary>
    public static IRibComponent Of(UnicastFlowTable flows) => new RibTable(
        () => flows.Flows.Select(f => f.FlowId).Order().Select(Name),
        file => TryNumber(file, out var number) && flows.Flows.FirstOrDefault(f => f.FlowId == number) is { } flow ? new RibFile(Text(flow.GetStatistics())) : null);

    internal static string Text(Adjacency adjacency)
    {
        var text = new RibLines(labelWidth: 26, valueWidth: 20)
            .Add("Flow established at:", RibText.Date(adjacency.EstablishedAt))
            .Add("Endpoint address:", UnicastAddress.Format(adjacency.Peer))
            .Add("Queued packets (rx):", adjacency.Lower.ReceiveQueueLength)
            .Add("Queued packets (tx):", adjacency.QueueLength)
            .AddText($"\n");
        for (var cube = 0; cube < QosCubes.Count; cube++)
        {
            text.AddText($"Qos cube {cube,3}:\n");
            foreach (var (label, kind) in s_counters)
            {
                text.Add($" {label} (packets):", adjacency.Counters.Packets(kind, (QosCube)cube))
                    .Add($" {label} (bytes):", adjacency.Counters.Bytes(kind, (QosCube)cube));
            }
        }
        return text.ToString();
    }

    internal static string Text(UnicastFlowStatistics flow)
    {
        var text = FlowRib.NewLines()
            .Add("Flow established at:", RibText.Date(flow.EstablishedAt))
            .Add("Remote address:", flow.RemoteAddress)
            .Add("Local endpoint ID:", flow.LocalEid)
            .Add("Remote endpoint ID:", flow.RemoteEid)
            .Add("Sent (packets):", flow.Sent)
            .Add("Sent (bytes):", flow.SentBytes)
            .Add("Send failed (packets):", flow.SendFailed)
            .Add("Send failed (bytes):", flow.SendFailedBytes)
            .Add("Received (packets):", flow.Received)
            .Add("Received (bytes):", flow.ReceivedBytes)
            .Add("Receive failed (packets):", flow.ReceiveFailed)
            .Add("Receive failed (bytes):", flow.ReceiveFailedBytes)
            .Add("Sent flow updates (packets):", flow.UpdatesSent)
            .Add("Received flow updates (packets):", flow.UpdatesReceived);
        if (flow is not { CongestionSender: { } sender, CongestionReceiver: { } receiver }) return text.ToString();
        return text
            .Add("Congestion avoidance algorithm:", "Multi-bit ECN")
            .Add("Upstream congestion level:", sender.Level)
            .Add("Upstream packet counter:", sender.SinceUpdate)
            .Add("Downstream congestion level:", receiver.Level)
            .Add("Downstream packet counter:", receiver.Marked)
            .Add("Congestion window size (ns):", 1UL << sender.Shift)
            .Add("Packets in this window:", sender.Packets)
            .Add("Bytes in this window:", sender.Bytes)
            .Add("Max bytes in this window:", sender.Limit)
            .Add("Current congestion regime:", !sender.Avoids ? "Slow start" : sender.Level != 0 ? "Multiplicative dec" : "Additive inc")
            .ToString();
    }

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool TryNumber(string file, out int number) => int.TryParse(file, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
