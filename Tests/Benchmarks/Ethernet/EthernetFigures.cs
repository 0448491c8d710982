using Ouroboros.Tests.Benchmarks.Reference;

namespace Ouroboros.Tests.Benchmarks.Ethernet;

/// <summary>
/// Figures of Ethernet layers between two network namespaces on a veth link: round trips, packets a second, bytes allocated and processor time a packet, in
/// turn with a bare loop of packet sockets that sends the same frames over the same link; then the reference there, where one is given
/// (<see cref="ReferenceHosts.Variable"/>). Needs root and iproute2.
/// </summary>
internal static class EthernetFigures
{
    private const string Dix = "eth-dix";
    private const string Llc = "eth-llc";
    private const string Reference = "reference, eth-dix";
    private const int ReferenceRuns = 3;
    private const int ReferenceTrips = 5000;
    private const int BareTripCount = 20_000;
    private const int ReferenceSeconds = 6;
    private static readonly string[] Kinds = [Dix, Llc];
    private static readonly int[] Sizes = [64, 1400];
    private static readonly TimeSpan BareTime = TimeSpan.FromSeconds(1);

    /// <summary>What <c>figures ethernet</c> does.</summary>
    /// <param name="rounds">Turns; the figure that counts is the median of them.</param>
    public static async Task<int> RunAsync(int rounds)
    {
        using var wires = new Namespaces(2);
        wires.Link(0, "eth0", 1, "eth0");
        var table = new FigureTable();
        await using (var dix = await EthernetPair.StartAsync(Dix, wires, table))
        await using (var llc = await EthernetPair.StartAsync(Llc, wires, table))
        {
            var pairs = new[] { dix, llc };
            foreach (var pair in pairs) await pair.WarmUpAsync(Sizes);
            for (var round = 1; round <= rounds; round++)
            {
                foreach (var pair in pairs) await pair.Runs.RoundTripAsync();
                MeasureBareTrips(wires, table);
                foreach (var size in Sizes)
                {
                    foreach (var pair in pairs)
                    {
                        var bare = MeasureBare(wires, pair.Kind == Llc, size, round, table);
                        var ours = await pair.Runs.OneWayAsync(size, round);
                        table.Add(Share(size), pair.Kind, ours / bare);
                    }
                }
                // Whoever is first, is so in every other round only.
                Array.Reverse(pairs);
            }
        }
        MeasureReference(wires, table);
        table.Print();
        foreach (var kind in Kinds)
        {
            table.PrintRatio(FlowRuns.RoundTrip, kind, Reference, "at most 0.5");
            foreach (var size in Sizes) table.PrintRatio(FlowRuns.OneWay(size), kind, Reference, "at least 2");
        }
        return 0;
    }

    /// <summary>What <c>figures ethernet bare</c> does: ways to receive, side by side.</summary>
    public static int RunBare(int rounds)
    {
        using var wires = new Namespaces(2);
        wires.Link(0, "eth0", 1, "eth0");
        var table = new FigureTable();
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var size in Sizes)
            {
                foreach (var (llc, ring) in new (bool, int?)[] { (false, null), (true, null), (false, 2), (false, 3) }) MeasureBare(wires, llc, size, round, table, ring);
            }
        }
        table.Print();
        return 0;
    }

    private static string Share(int size) => $"{size:N0} bytes one way, share of bare (bar: 0.7)";

    private static double MeasureBare(Namespaces wires, bool llc, int size, int round, FigureTable table, int? ring = null)
    {
        var what = $"bare loop, {(llc ? Llc : Dix)}{(ring is null ? "" : $", mapped ring, version {ring}")}";
        var before = ThreadTimes.Take();
        var (sent, received, count) = BareLoop.Run(wires[0], wires[1], size, BareTime, llc, ring);
        var after = ThreadTimes.Take();
        var cost = after.Since(before) / (double)count;
        Console.WriteLine($"{what}, batches of 64, {size} bytes, round {round}: {sent:N0} sent/s, {received:N0} received/s; {cost:N0} ns");
        table.Add(FlowRuns.OneWay(size), what, received);
        table.Add(FlowRuns.Cost(size), what, cost);
        return received;
    }

    private static void MeasureBareTrips(Namespaces wires, FigureTable table)
    {
        var trips = BareTrips.Run([(wires[0], "eth0"), (wires[1], "eth0")], 64, BareTripCount);
        Console.WriteLine($"round trip of 64 bytes, bare packet sockets: {FlowRuns.Describe(trips)}");
        table.Add(FlowRuns.RoundTrip, "bare packet sockets", trips[trips.Length / 2]);
    }

    private static void MeasureReference(Namespaces wires, FigureTable table)
    {
        using var hosts = ReferenceHosts.Start(wires);
        if (hosts is null)
        {
            Console.WriteLine($"no reference: {ReferenceHosts.Variable} is not set");
            return;
        }
        for (var host = 0; host < 2; host++) hosts.Run(host, "irm", "ipcp", "bootstrap", "type", "eth-dix", "name", "wire", "layer", "wire", "dev", "eth0");
        hosts.Measure(Reference, "wire", ReferenceTrips, ReferenceSeconds, ReferenceRuns, Sizes, table);
    }
}
