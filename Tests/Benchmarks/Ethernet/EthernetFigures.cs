using System.Diagnostics;
using Ouroboros.Hocon;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Benchmarks.Ethernet;

/// <summary>
/// Figures of Ethernet layers between two network namespaces on a veth link: round trips, packets a second, bytes allocated a packet, and a bare
/// loop of packet sockets on the same link. Needs root and iproute2.
/// </summary>
internal static class EthernetFigures
{
    private const int Trips = 100_000;
    private const int WarmUp = 20_000;
    private const int Runs = 3;
    private static readonly TimeSpan OneWayTime = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(bool bareOnly = false)
    {
        foreach (var size in new[] { 64, 1400 })
        {
            for (var run = 1; run <= Runs; run++)
            {
                foreach (var (ring, what) in new (int?, string)[] { (null, "recvmmsg"), (2, "mapped ring, version 2"), (3, "mapped ring, version 3") })
                {
                    using var wires = new Namespaces(2);
                    wires.Link(0, "eth0", 1, "eth0");
                    Console.WriteLine($"bare packet sockets, sendmmsg of 64, {what}, {size} bytes, run {run}: {BareLoop.Run(wires[0], wires[1], size, OneWayTime, ring)}");
                }
            }
        }
        foreach (var kind in bareOnly ? [] : new[] { "eth-dix", "eth-llc" })
        {
            using var wires = new Namespaces(2);
            wires.Link(0, "eth0", 1, "eth0");
            await using var client = await StartAsync(kind, wires[0]);
            await using var server = await StartAsync(kind, wires[1]);
            await using var asks = await client.AttachAsync("client");
            await using var serves = await server.AttachAsync("server");
            await server.Irm.BindProcessAsync(serves.Id, "bench");
            await RoundTripAsync(kind, asks, serves);
            foreach (var size in new[] { 64, 1400 })
            {
                for (var run = 1; run <= Runs; run++) await OneWayAsync(kind, asks, serves, size, run);
            }
        }
        return 0;
    }

    /// <summary>Awaited round trips of 64 bytes.</summary>
    internal static async Task RoundTripAsync(string kind, Application client, Application server)
    {
        var (a, b) = await ConnectAsync(client, server);
        var echo = Task.Run(() => EchoAsync(b));
        await PingAsync(a, new double[WarmUp]);
        var times = new double[Trips];
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await PingAsync(a, times);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        a.Deallocate();
        b.Deallocate();
        await echo;
        Array.Sort(times);
        Console.WriteLine(
            $"round trip of 64 bytes, {kind}: min {times[0]:F2}, median {times[Trips / 2]:F2}, mean {times.Average():F2}, p99 {times[(int)(Trips * 0.99)]:F2} us; "
            + $"{allocated / (double)Trips:F3} B allocated each");
    }

    private static async Task PingAsync(Flow flow, double[] times)
    {
        var buffer = new byte[64];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await flow.WriteAsync(buffer);
            (await flow.ReadPacketAsync()).Dispose();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
    }

    private static async Task EchoAsync(Flow flow)
    {
        try
        {
            while (true) await flow.WriteAsync(await flow.ReadPacketAsync());
        }
        catch (FlowException)
        {
            // The client is done.
        }
    }

    /// <summary>One writer as fast as it can, one reader; what is received counts.</summary>
    internal static async Task OneWayAsync(string kind, Application client, Application server, int size, int run)
    {
        var (a, b) = await ConnectAsync(client, server);
        long received = 0;
        var reader = Task.Run(async () =>
        {
            var batch = new Packet[64];
            try
            {
                while (true)
                {
                    var count = b.ReadBatch(batch);
                    if (count == 0)
                    {
                        (await b.ReadPacketAsync()).Dispose();
                        Interlocked.Increment(ref received);
                        continue;
                    }
                    for (var i = 0; i < count; i++) batch[i].Dispose();
                    Interlocked.Add(ref received, count);
                }
            }
            catch (FlowException)
            {
                // Released.
            }
        });
        var data = new byte[size];
        long sent = 0;
        await WriteAsync(TimeSpan.FromSeconds(0.5));
        var (sentBefore, receivedBefore) = (sent, Interlocked.Read(ref received));
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await WriteAsync(OneWayTime);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var (s, r) = (sent - sentBefore, Interlocked.Read(ref received) - receivedBefore);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Console.WriteLine($"one way, {kind}, {size} bytes, run {run}: {s / seconds:N0} sent/s, {r / seconds:N0} received/s; {allocated / (double)s:F4} B allocated each");
        a.Deallocate();
        b.Deallocate();
        await reader;

        async Task WriteAsync(TimeSpan time)
        {
            var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
            while (Stopwatch.GetTimestamp() < end)
            {
                for (var i = 0; i < 64; i++) await a.WriteAsync(data);
                sent += 64;
            }
        }
    }

    private static async Task<(Flow Client, Flow Server)> ConnectAsync(Application client, Application server)
    {
        var accept = server.AcceptAsync().AsTask();
        while (true)
        {
            try
            {
                return (await client.AllocateAsync("bench"), await accept);
            }
            catch (FlowException e) when (e.Error is FlowError.IpcpFailed or FlowError.NameUnknown or FlowError.TimedOut)
            {
                // The carrier of a new link takes up to a second, and a unicast layer a few until everybody is a member.
                await Task.Delay(100);
            }
        }
    }

    private static Task<OuroborosRuntime> StartAsync(string kind, string space)
    {
        var config = HoconConfig.ParseString(
            $"ouroboros {{ log.level = error, name.bench {{}}, {kind}.wire {{ bootstrap = wire, dev = eth0, netns = {space}, reg = [bench] }} }}");
        return OuroborosRuntime.StartAsync(config with
        {
            GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        });
    }
}
