using System.Net;
using System.Net.Sockets;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;
using Ouroboros.Layers.Devices;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Tests.Benchmarks.Reference;

namespace Ouroboros.Tests.Benchmarks.Udp;

/// <summary>
/// Figures of udp4 layers between two network namespaces on a veth link: round trips, packets a second with offload and without, bytes allocated a
/// packet, a bare sendmmsg/recvmmsg loop on the same link, and the reference there, where one is given (<see cref="ReferenceHosts.Variable"/>). Needs
/// root and iproute2.
/// </summary>
internal static class UdpFigures
{
    private const string Ours = "udp4, GSO and GRO";
    private const string OursPlain = "udp4, without";
    private const string Bare = "bare sendmmsg loop";
    private const string Reference = "reference, udp4";
    private const int Runs = 3;
    private const int ReferenceTrips = 5000;
    private const int ReferenceSeconds = 6;
    private const int BarePort = 4000;
    private static readonly int[] Sizes = [64, 1400];
    private static readonly TimeSpan BareTime = TimeSpan.FromSeconds(2);

    public static async Task RunAsync()
    {
        using var wires = new Namespaces(2);
        wires.Link(0, "eth0", 1, "eth0");
        for (var i = 0; i < 2; i++) wires.Ip(i, "addr", "add", $"{AddressOf(i)}/24", "dev", "eth0");
        var table = new FigureTable();
        MeasureBare(wires, table);
        await MeasureAsync(wires, Ours, true, table);
        await MeasureAsync(wires, OursPlain, false, table);
        MeasureReference(wires, table);
        // Once more, as the machine may have become faster or slower meanwhile.
        MeasureBare(wires, table);
        table.Print();
        foreach (var ours in new[] { Ours, OursPlain })
        {
            table.PrintRatio(FlowRuns.RoundTrip, ours, Reference, "at most 0.5");
            foreach (var size in Sizes)
            {
                table.PrintRatio(FlowRuns.OneWay(size), ours, Reference, "at least 2");
                table.PrintRatio(FlowRuns.OneWay(size), ours, Bare, "at least 0.7");
            }
        }
    }

    private static IPAddress AddressOf(int host) => IPAddress.Parse($"10.0.0.{host + 1}");

    private static async Task MeasureAsync(Namespaces wires, string what, bool offload, FigureTable table)
    {
        var names = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(names, $"{AddressOf(1)} {NameHash.Of(DirectoryHash.Md5, FlowRuns.Name)}\n");
            await using var client = await StartAsync(wires, 0, offload, names);
            await using var server = await StartAsync(wires, 1, offload, names);
            await using var asks = await client.AttachAsync("client");
            await using var serves = await server.AttachAsync("server");
            await server.Irm.BindProcessAsync(serves.Id, FlowRuns.Name);
            var runs = new FlowRuns(what, asks, serves, table);
            for (var run = 1; run <= Runs; run++) await runs.RoundTripAsync();
            foreach (var size in Sizes)
            {
                for (var run = 1; run <= Runs; run++) await runs.OneWayAsync(size, run);
            }
        }
        finally
        {
            File.Delete(names);
        }
    }

    /// <summary>The same link without us: 64 datagrams a call from one thread, 64 a call to another, no offload.</summary>
    private static void MeasureBare(Namespaces wires, FigureTable table)
    {
        foreach (var size in Sizes)
        {
            for (var run = 1; run <= Runs; run++)
            {
                using var from = Open(wires, 0);
                using var to = Open(wires, 1);
                using var loop = new BareLoop(from, to, new IPEndPoint(AddressOf(1), BarePort), size + 4);
                var (sent, received, seconds) = loop.Run(BareTime);
                Console.WriteLine($"{Bare}, {size} bytes, run {run}: {sent / seconds:N0} sent/s, {received / seconds:N0} received/s");
                table.Add(FlowRuns.OneWay(size), Bare, received / seconds);
            }
        }
    }

    private static void MeasureReference(Namespaces wires, FigureTable table)
    {
        using var hosts = ReferenceHosts.Start(wires, [.. new[] { FlowRuns.Name, ReferenceHosts.FloodName }.Select(n => $"{AddressOf(1)} {NameHash.Of(DirectoryHash.Md5, n)}")]);
        if (hosts is null)
        {
            Console.WriteLine($"no reference: {ReferenceHosts.Variable} is not set");
            return;
        }
        for (var host = 0; host < 2; host++) hosts.Run(host, "irm", "ipcp", "bootstrap", "type", "udp4", "name", "net", "layer", "net", "ip", $"{AddressOf(host)}");
        hosts.Measure(Reference, "net", ReferenceTrips, ReferenceSeconds, Runs, Sizes, table);
    }

    private static Socket Open(Namespaces wires, int host) => NetworkNamespace.Run(wires[host], () =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20, SendBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(AddressOf(host), BarePort));
        return socket;
    });

    private static Task<OuroborosRuntime> StartAsync(Namespaces wires, int host, bool offload, string names)
    {
        var config = HoconConfig.ParseString($$"""
            ouroboros {
              log.level = error
              name.{{FlowRuns.Name}} {}
              udp4.net {
                bootstrap = net, ip = {{AddressOf(host)}}, netns = {{wires[host]}}, offload = {{(offload ? "on" : "off")}}
                hosts = "{{names}}", resolv-conf = "{{names}}", reg = [{{FlowRuns.Name}}]
              }
            }
            """);
        return OuroborosRuntime.StartAsync(config with
        {
            GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        });
    }
}
