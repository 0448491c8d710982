using System.Globalization;
using System.Text;
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
    private const int AdjacencyLabel = 26;
    private const int CounterLabel = 26;
    private const int FlowLabel = 33;
    private const int Value = 20;

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
        var text = new StringBuilder()
            .Line("Flow established at:", AdjacencyLabel, RibText.Date(adjacency.EstablishedAt), Value)
            .Line("Endpoint address:", AdjacencyLabel, UnicastAddress.Format(adjacency.Peer), Value)
            .Line("Queued packets (rx):", AdjacencyLabel, adjacency.Lower.ReceiveQueueLength, Value)
            .Line("Queued packets (tx):", AdjacencyLabel, adjacency.QueueLength, Value)
            .Append('\n');
        for (var cube = 0; cube < QosCubes.Count; cube++)
        {
            text.Append(CultureInfo.InvariantCulture, $"Qos cube {cube,3}:\n");
            foreach (var (label, kind) in s_counters)
            {
                text.Line($" {label} (packets):", CounterLabel, adjacency.Counters.Packets(kind, (QosCube)cube), Value)
                    .Line($" {label} (bytes):", CounterLabel, adjacency.Counters.Bytes(kind, (QosCube)cube), Value);
            }
        }
        return text.ToString();
    }

    internal static string Text(UnicastFlowStatistics flow)
    {
        var text = new StringBuilder();
        Add("Flow established at:", RibText.Date(flow.EstablishedAt));
        Count("Remote address:", flow.RemoteAddress);
        Count("Local endpoint ID:", flow.LocalEid);
        Count("Remote endpoint ID:", flow.RemoteEid);
        Count("Sent (packets):", flow.Sent);
        Count("Sent (bytes):", flow.SentBytes);
        Count("Send failed (packets):", flow.SendFailed);
        Count("Send failed (bytes):", flow.SendFailedBytes);
        Count("Received (packets):", flow.Received);
        Count("Received (bytes):", flow.ReceivedBytes);
        Count("Receive failed (packets):", flow.ReceiveFailed);
        Count("Receive failed (bytes):", flow.ReceiveFailedBytes);
        Count("Sent flow updates (packets):", flow.UpdatesSent);
        Count("Received flow updates (packets):", flow.UpdatesReceived);
        if (flow is not { CongestionSender: { } sender, CongestionReceiver: { } receiver }) return text.ToString();
        Add("Congestion avoidance algorithm:", "Multi-bit ECN");
        Count("Upstream congestion level:", sender.Level);
        Count("Upstream packet counter:", sender.SinceUpdate);
        Count("Downstream congestion level:", receiver.Level);
        Count("Downstream packet counter:", receiver.Marked);
        Count("Congestion window size (ns):", 1UL << sender.Shift);
        Count("Packets in this window:", sender.Packets);
        Count("Bytes in this window:", sender.Bytes);
        Count("Max bytes in this window:", sender.Limit);
        Add("Current congestion regime:", !sender.Avoids ? "Slow start" : sender.Level != 0 ? "Multiplicative dec" : "Additive inc");
        return text.ToString();

        void Add(string label, string value) => text.Line(label, FlowLabel, value, Value);

        void Count(string label, IFormattable value) => text.Line(label, FlowLabel, value, Value);
    }

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool TryNumber(string file, out int number) => int.TryParse(file, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
