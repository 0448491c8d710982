using System.Diagnostics;
using Ouroboros.Hocon;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Tests.Benchmarks.Ethernet;

namespace Ouroboros.Tests.Benchmarks.Unicast;

/// <summary>
/// Three nodes in a line of network namespaces, eth-dix on each veth link and a unicast layer above: round trips and packets a second over one hop and
/// over the node in the middle, beside ICMP over the same links and threads with bare packet sockets. All nodes are runtimes of this process. Needs root, iproute2 and ping.
/// <c>-- figures unicast</c>.
/// </summary>
internal static class LineFigures
{
    private const int Nodes = 3;
    private const int Runs = 3;
    private const int BareTripCount = 20_000;

    public static async Task<int> RunAsync()
    {
        using var wires = new Namespaces(Nodes);
        for (var i = 0; i + 1 < Nodes; i++) wires.Link(i, "east", i + 1, "west");
        Address(wires);
        foreach (var size in new[] { 64, 1400 }) Console.WriteLine($"ICMP 1-2-3, ping -f, {size} bytes: {Ping(wires[0], "10.0.1.2", size)}");
        foreach (var size in new[] { 64, 1400 }) Console.WriteLine($"ICMP 2-3, ping -f, {size} bytes: {Ping(wires[1], "10.0.1.2", size)}");
        for (var run = 1; run <= Runs; run++)
        {
            Console.WriteLine($"bare packet sockets 1-2-3, 64 bytes: {FlowRuns.Describe(BareTrips.Run([(wires[0], "east"), (wires[1], "west"), (wires[1], "east"), (wires[2], "west")], 64, BareTripCount))}");
            Console.WriteLine($"bare packet sockets 2-3, 64 bytes: {FlowRuns.Describe(BareTrips.Run([(wires[1], "east"), (wires[2], "west")], 64, BareTripCount))}");
        }
        foreach (var congestion in new[] { "mb-ecn", "none" }) await MeasureAsync(wires, congestion);
        return 0;
    }

    private static async Task MeasureAsync(Namespaces wires, string congestion)
    {
        var nodes = new List<OuroborosRuntime>();
        try
        {
            for (var i = 0; i < Nodes; i++) nodes.Add(await StartAsync(i, wires[i], congestion));
            await using var server = await nodes[^1].AttachAsync("server");
            await nodes[^1].Irm.BindProcessAsync(server.Id, "bench");
            await using var far = await nodes[0].AttachAsync("client");
            await using var near = await nodes[1].AttachAsync("client");
            await MeasureAsync($"unicast 1-2-3, {congestion}", far, server);
            await MeasureAsync($"unicast 2-3, {congestion}", near, server);
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
        }
    }

    private static async Task MeasureAsync(string what, Application client, Application server)
    {
        var runs = new FlowRuns(what, client, server);
        for (var run = 1; run <= Runs; run++) await runs.RoundTripAsync();
        foreach (var size in new[] { 64, 1400 })
        {
            for (var run = 1; run <= Runs; run++) await runs.OneWayAsync(size, run);
        }
    }

    private static Task<OuroborosRuntime> StartAsync(int node, string space, string congestion)
    {
        var member = node == 0
            ? $"n0 {{ bootstrap = net, autobind = true, congestion = {congestion} }}"
            : $"n{node} {{ enrol = n{node - 1}, autobind = true, conn = [n{node - 1}]{(node == Nodes - 1 ? ", reg = [bench]" : "")}, retry = 100 }}";
        var links = (node > 0 ? $"left {{ bootstrap = link{node}, dev = west, netns = {space}, reg = [n{node}] }}\n" : "")
            + (node < Nodes - 1 ? $"right {{ bootstrap = link{node + 1}, dev = east, netns = {space}, reg = [n{node}] }}" : "");
        var config = HoconConfig.ParseString($$"""
            ouroboros {
              log.level = error
              name { n0 {}, n1 {}, n2 {}, bench {} }
              eth-dix {
                {{links}}
              }
              unicast.{{member}}
            }
            """);
        return OuroborosRuntime.StartAsync(config with
        {
            GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        });
    }

    /// <summary>Makes the node in the middle a router of IP, for ICMP over the same way.</summary>
    private static void Address(Namespaces wires)
    {
        wires.Ip(0, "addr", "add", "10.0.0.1/24", "dev", "east");
        wires.Ip(1, "addr", "add", "10.0.0.2/24", "dev", "west");
        wires.Ip(1, "addr", "add", "10.0.1.1/24", "dev", "east");
        wires.Ip(2, "addr", "add", "10.0.1.2/24", "dev", "west");
        wires.Ip(0, "route", "add", "default", "via", "10.0.0.2");
        wires.Ip(2, "route", "add", "default", "via", "10.0.1.1");
        Execute(wires[1], "sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
    }

    private static string Ping(string space, string address, int size)
    {
        var said = Execute(space, "ping", "-f", "-q", "-c", "20000", "-s", $"{size}", address);
        var times = said.Split('\n').FirstOrDefault(l => l.StartsWith("rtt", StringComparison.Ordinal));
        return times ?? said;
    }

    private static string Execute(string space, params string[] command)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", space, .. command]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    }
}
