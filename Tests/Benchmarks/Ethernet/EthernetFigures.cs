using Ouroboros.Hocon;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Tests.Benchmarks.Reference;

namespace Ouroboros.Tests.Benchmarks.Ethernet;

/// <summary>
/// Figures of Ethernet layers between two network namespaces on a veth link: round trips, packets a second, bytes allocated a packet, a bare loop of
/// packet sockets on the same link, and the reference there, where one is given (<see cref="ReferenceHosts.Variable"/>). Needs root and iproute2.
/// </summary>
internal static class EthernetFigures
{
    private const string Bare = "bare sendmmsg loop";
    private const string Reference = "reference, eth-dix";
    private const int Runs = 3;
    private const int ReferenceTrips = 5000;
    private const int ReferenceSeconds = 6;
    private static readonly int[] Sizes = [64, 1400];
    private static readonly TimeSpan BareTime = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(bool bareOnly = false)
    {
        using var wires = new Namespaces(2);
        wires.Link(0, "eth0", 1, "eth0");
        var table = new FigureTable();
        foreach (var (ring, what) in bareOnly ? [(null, Bare), (2, "mapped ring, version 2"), (3, "mapped ring, version 3")] : new (int?, string)[] { (null, Bare) })
        {
            MeasureBare(wires, what, ring, table);
        }
        if (!bareOnly)
        {
            foreach (var kind in new[] { "eth-dix", "eth-llc" }) await MeasureAsync(wires, kind, table);
            MeasureReference(wires, table);
            // Once more, as the machine may have become faster or slower meanwhile.
            MeasureBare(wires, Bare, null, table);
        }
        table.Print();
        foreach (var kind in new[] { "eth-dix", "eth-llc" })
        {
            table.PrintRatio(FlowRuns.RoundTrip, kind, Reference, "at most 0.5");
            foreach (var size in Sizes)
            {
                table.PrintRatio(FlowRuns.OneWay(size), kind, Reference, "at least 2");
                table.PrintRatio(FlowRuns.OneWay(size), kind, Bare, "at least 0.7");
            }
        }
        return 0;
    }

    private static void MeasureBare(Namespaces wires, string what, int? ring, FigureTable table)
    {
        foreach (var size in Sizes)
        {
            for (var run = 1; run <= Runs; run++)
            {
                var (sent, received) = BareLoop.Run(wires[0], wires[1], size, BareTime, ring);
                Console.WriteLine($"{what}, batches of 64, {size} bytes, run {run}: {sent:N0} sent/s, {received:N0} received/s");
                table.Add(FlowRuns.OneWay(size), what, received);
            }
        }
    }

    private static async Task MeasureAsync(Namespaces wires, string kind, FigureTable table)
    {
        await using var client = await StartAsync(kind, wires[0]);
        await using var server = await StartAsync(kind, wires[1]);
        await using var asks = await client.AttachAsync("client");
        await using var serves = await server.AttachAsync("server");
        await server.Irm.BindProcessAsync(serves.Id, FlowRuns.Name);
        var runs = new FlowRuns(kind, asks, serves, table);
        for (var run = 1; run <= Runs; run++) await runs.RoundTripAsync();
        foreach (var size in Sizes)
        {
            for (var run = 1; run <= Runs; run++) await runs.OneWayAsync(size, run);
        }
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
        hosts.Measure(Reference, "wire", ReferenceTrips, ReferenceSeconds, Runs, Sizes, table);
    }

    private static Task<OuroborosRuntime> StartAsync(string kind, string space)
    {
        var config = HoconConfig.ParseString(
            $"ouroboros {{ log.level = error, name.{FlowRuns.Name} {{}}, {kind}.wire {{ bootstrap = wire, dev = eth0, netns = {space}, reg = [{FlowRuns.Name}] }} }}");
        return OuroborosRuntime.StartAsync(config with
        {
            GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        });
    }
}
