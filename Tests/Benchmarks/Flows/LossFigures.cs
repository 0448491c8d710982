using System.Diagnostics;
using System.Globalization;
using System.Net;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Benchmarks.Flows;

/// <summary>
/// <c>figures flows loss [seconds] [runs] [percent]</c> (root, iproute2, nftables, ethtool): two network namespaces on a veth link without segmentation offload, of which every packet, either
/// way, is dropped with 0, 1 and 5 %; TCP CUBIC of the kernel and reliable flows through a udp4 and an eth-dix layer over that same link, one after the other, 1,400-byte messages.
/// </summary>
internal static class LossFigures
{
    private const int Size = 1400;
    private static readonly IPAddress[] Addresses = [IPAddress.Parse("10.99.0.1"), IPAddress.Parse("10.99.0.2")];
    private static readonly string[] Devices = ["veth-l", "veth-r"];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var seconds = Number(arguments, 0, 5);
        var runs = Number(arguments, 1, 3);
        Console.WriteLine($"TCP CUBIC on loopback: {TcpPair.Run(null, null, IPAddress.Loopback, Size, seconds):N0} Mbit/s");
        using var spaces = new Namespaces(2);
        spaces.Link(0, Devices[0], 1, Devices[1]);
        for (var i = 0; i < 2; i++)
        {
            spaces.Ip(i, "addr", "add", $"{Addresses[i]}/24", "dev", Devices[i]);
            // Else TCP sends 64 KiB at a time through the link, and one drop takes all of them.
            In(spaces[i], "ethtool", "-K", Devices[i], "tso", "off", "gso", "off", "gro", "off", "tx-udp-segmentation", "off");
        }
        var hosts = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(hosts, $"{Addresses[1]} {NameHash.Of(DirectoryHash.Md5, "udp")}\n");
            await using var left = await StartAsync(spaces[0], 0, hosts);
            await using var right = await StartAsync(spaces[1], 1, hosts);
            foreach (var loss in arguments.Length > 2 ? [Number(arguments, 2, 0)] : new double[] { 0, 1, 5 })
            {
                for (var i = 0; i < 2; i++) Lose(spaces[i], Devices[i], loss);
                for (var run = 1; run <= runs; run++)
                {
                    var tcp = TcpPair.Run(spaces[0], spaces[1], Addresses[1], Size, seconds);
                    Console.WriteLine($"{loss} % loss, run {run}: TCP CUBIC {tcp:N1} Mbit/s");
                    foreach (var name in new[] { "udp", "dix" }) Console.WriteLine($"{loss} % loss, run {run}: {await FlowAsync(left, right, name, seconds, tcp)}");
                }
            }
        }
        finally
        {
            File.Delete(hosts);
        }
        return 0;
    }

    private static int Number(string[] arguments, int index, int otherwise) =>
        arguments.Length > index ? int.Parse(arguments[index], CultureInfo.InvariantCulture) : otherwise;

    private static async Task<string> FlowAsync(OuroborosRuntime left, OuroborosRuntime right, string name, int seconds, double tcp)
    {
        await using var server = await right.AttachAsync("server");
        await server.BindAsync(name);
        await using var client = await left.AttachAsync("client");
        var (flow, accepted) = await ConnectAsync(client, server, name);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var (messages, elapsed) = await MessagePump.RunAsync(flow, accepted, Size, seconds);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        var s = flow.Statistics!;
        var megabits = messages * Size * 8L / elapsed / 1e6;
        return $"reliable flow, {(name == "udp" ? "udp4" : "eth-dix")}: {megabits:N1} Mbit/s ({megabits / tcp:F2} of TCP), retransmission ratio {s.Retransmissions / (double)Math.Max(1, s.DataSent):P2}, "
            + $"{s.Timeouts} time-outs, {s.FoundLost} found lost, agreed: {s.Features}, RTT {s.SmoothedRtt / 1e6:F2} ms (least {s.LeastRtt / 1e6:F2}), window {s.CongestionWindow}, {allocated / (double)Math.Max(1, messages):F2} B allocated a message";
    }

    private static async Task<(Flow Client, Flow Server)> ConnectAsync(Application client, Application server, string name)
    {
        while (true)
        {
            using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var accept = server.AcceptAsync(cancellationToken: giveUp.Token).AsTask();
            try
            {
                return (await client.AllocateAsync(name, QosSpec.Data, cancellationToken: giveUp.Token), await accept);
            }
            catch (Exception e) when (e is FlowException or OperationCanceledException)
            {
                // Its request or all answers were lost, or the link is not up yet. What was accepted meanwhile is nobody's.
                await giveUp.CancelAsync();
                try
                {
                    (await accept).Dispose();
                }
                catch (Exception none) when (none is FlowException or OperationCanceledException)
                {
                    // Nothing was.
                }
            }
        }
    }

    private static Task<OuroborosRuntime> StartAsync(string space, int host, string hosts) => OuroborosRuntime.StartAsync(
        HoconConfig.ParseString(
            $$"""
            ouroboros {
              log.level = error
              name { udp {}, dix {} }
              udp4.internet { bootstrap = internet, ip = {{Addresses[host]}}, netns = {{space}}, hosts = "{{hosts}}", reg = [udp] }
              eth-dix.wire { bootstrap = wire, dev = {{Devices[host]}}, netns = {{space}}, reg = [dix] }
            }
            """) with
        {
            GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        });

    /// <summary>Drops a share of what arrives at a device, whatever it is.</summary>
    private static void Lose(string space, string device, double percent)
    {
        In(space, "nft", "add", "table", "netdev", "loss");
        In(space, "nft", "delete", "table", "netdev", "loss");
        if (percent == 0) return;
        var rule = string.Create(
            CultureInfo.InvariantCulture,
            $"table netdev loss {{ chain c {{ type filter hook ingress device \"{device}\" priority 0; numgen random mod 100000 < {(int)(percent * 1000)} drop; }}; }}");
        In(space, "nft", rule);
    }

    private static void In(string space, params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", space, .. command]) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)}: {error}");
    }
}
