using System.Diagnostics;

namespace Ouroboros.Tests.Benchmarks.Runtime;

/// <summary>Figures of a whole runtime: allocation cycles, round trips, one-way packets, bytes per idle flow.</summary>
internal static class RuntimeFigures
{
    private static readonly Dictionary<string, Func<Task>> All = new()
    {
        ["allocation"] = () => AllocationAsync([true, false], [1, 2, 8]),
        ["local"] = () => AllocationAsync([false], [1]),
        ["roundtrip"] = RoundTripAsync,
        ["oneway"] = OneWayAsync,
        ["idle"] = IdleAsync,
        ["udp"] = Udp.UdpFigures.RunAsync,
    };

    public static async Task<int> RunAsync(string[] names)
    {
        // "local" is a part of "allocation", by itself to be profiled.
        foreach (var name in names.Length == 0 ? [.. All.Keys.Except(["local"])] : names)
        {
            if (!All.TryGetValue(name, out var run))
            {
                Console.Error.WriteLine($"'{name}' is unknown; use {string.Join(", ", All.Keys)}");
                return 1;
            }
            await run();
        }
        return 0;
    }

    /// <summary>Allocate, accept, release both ends; pairs of callers side by side.</summary>
    private static async Task AllocationAsync(bool[] ways, int[] callers)
    {
        foreach (var direct in ways)
        {
            foreach (var pairs in callers)
            {
                await using var node = await BenchNode.StartAsync(direct);
                await CyclesAsync(node, pairs, 20_000);
                var best = 0.0;
                const int Runs = 5, Cycles = 100_000;
                var (processor, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
                for (var run = 0; run < Runs; run++) best = Math.Max(best, await CyclesAsync(node, pairs, Cycles));
                // Other load of the machine changes what the clock says of a cycle much, what the processor says of it little.
                var each = (Environment.CpuUsage.TotalTime - processor) / (Runs * Cycles);
                var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (Runs * Cycles);
                Console.WriteLine(
                    $"allocate+accept+deallocate, {Kind(direct)}, {pairs} at a time: {best:N0} cycles/s; "
                    + $"{each.TotalMicroseconds:F1} us of processor time and {bytes:N0} B allocated each");
            }
        }
    }

    private static async Task<double> CyclesAsync(BenchNode node, int pairs, int cycles)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, pairs).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < cycles / pairs; i++)
            {
                var (client, server) = await node.ConnectAsync();
                client.Deallocate();
                server.Deallocate();
            }
        })));
        return cycles / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Awaited write, awaited read, echoed by another task: every single time is kept.</summary>
    private static async Task RoundTripAsync()
    {
        foreach (var direct in new[] { true, false })
        {
            await using var node = await BenchNode.StartAsync(direct);
            var (client, server) = await node.ConnectAsync();
            var echo = Task.Run(() => EchoAsync(server));
            var buffer = new byte[64];
            await PingAsync(client, buffer, new double[50_000]);
            var times = new double[500_000];
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await PingAsync(client, buffer, times);
            var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            client.Deallocate();
            await echo;
            server.Dispose();
            Array.Sort(times);
            Console.WriteLine(
                $"round trip of 64 bytes, awaited, {Kind(direct)}: min {times[0]:F2}, median {times[times.Length / 2]:F2}, mean {times.Average():F2}, "
                + $"p99 {times[(int)(times.Length * 0.99)]:F2} us; {allocated / (double)times.Length:F3} B allocated each");
        }
    }

    private static async Task PingAsync(Flow flow, byte[] buffer, double[] times)
    {
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await flow.WriteAsync(buffer);
            using var packet = await flow.ReadPacketAsync();
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

    /// <summary>One writer, one reader, packets of 64 bytes.</summary>
    private static async Task OneWayAsync()
    {
        const int Packets = 5_000_000;
        foreach (var direct in new[] { true, false })
        {
            await using var node = await BenchNode.StartAsync(direct);
            var (client, server) = await node.ConnectAsync();
            for (var run = 0; run < 3; run++)
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                var start = Stopwatch.GetTimestamp();
                var reader = Task.Run(() => DrainAsync(server, Packets));
                var data = new byte[64];
                for (var i = 0; i < Packets; i++) await client.WriteAsync(data);
                await reader;
                var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                Console.WriteLine(
                    $"one way, 64 bytes, {Kind(direct)}, run {run + 1}: {Packets / seconds:N0} packets/s; "
                    + $"{(GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Packets:F3} B allocated each");
            }
            client.Dispose();
            server.Dispose();
        }
    }

    private static async Task DrainAsync(Flow flow, int packets)
    {
        var batch = new Pool.Packet[64];
        while (packets > 0)
        {
            var count = flow.ReadBatch(batch);
            if (count == 0)
            {
                (await flow.ReadPacketAsync()).Dispose();
                packets--;
                continue;
            }
            for (var i = 0; i < count; i++) batch[i].Dispose();
            packets -= count;
        }
    }

    /// <summary>Flows that have carried one packet and rest: managed bytes of both ends, actors and registry together.</summary>
    private static async Task IdleAsync()
    {
        foreach (var direct in new[] { true, false })
        {
            const int Flows = 50_000;
            await using var node = await BenchNode.StartAsync(direct, maxFlows: (2 * Flows) + 1000);
            var kept = new List<(Flow, Flow)>(Flows + 100);
            for (var i = 0; i < 100; i++) kept.Add(await node.ConnectAsync());
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var i = 0; i < Flows; i++)
            {
                var (client, server) = await node.ConnectAsync();
                await client.WriteAsync(new byte[] { 1 });
                (await server.ReadPacketAsync()).Dispose();
                kept.Add((client, server));
            }
            var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Flows;
            Console.WriteLine($"idle flow, {Kind(direct)}: {bytes:N0} B for both ends, its actors and its place in the registry");
            GC.KeepAlive(kept);
        }
    }

    private static string Kind(bool direct) => direct ? "direct" : "through the local layer";
}
