using System.Diagnostics;
using System.Net;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Pool;
using Ouroboros.Tests.Benchmarks.Runtime;

namespace Ouroboros.Tests.Benchmarks.Flows;

/// <summary><c>figures flows</c>: reliable flows beside TCP on loopback in one run, under loss, and a million idle flows with keepalive.</summary>
internal static class FlowFigures
{
    private const int Size = 1400;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["loss", ..]) return await LossFigures.RunAsync(arguments[1..]);
        if (arguments is ["idle", ..]) return await IdleFigures.RunAsync(arguments[1..]);
        var seconds = arguments.Length > 0 && int.TryParse(arguments[0], out var given) ? given : 3;
        for (var run = 1; run <= 3; run++)
        {
            Console.WriteLine($"run {run}: TCP CUBIC on loopback, {Size}-byte messages: {TcpPair.Run(null, null, IPAddress.Loopback, Size, seconds):N0} Mbit/s");
            Console.WriteLine($"run {run}: {await FlowAsync(direct: true, QosSpec.Data, seconds)}");
            Console.WriteLine($"run {run}: {await FlowAsync(direct: false, QosSpec.Data, seconds)}");
            Console.WriteLine($"run {run}: {await FlowAsync(direct: true, QosSpec.BestEffort, seconds)}");
        }
        foreach (var loss in new[] { 0, 0.01, 0.05 })
        {
            foreach (var delay in new[] { 0.1, 5 }) Console.WriteLine(await LossyAsync(loss, TimeSpan.FromMilliseconds(delay), seconds));
        }
        return await IdleFigures.RunAsync([]);
    }

    private static async Task<string> FlowAsync(bool direct, QosSpec qos, int seconds)
    {
        await using var node = await BenchNode.StartAsync(direct);
        var accept = node.Server.AcceptAsync();
        var client = await node.Client.AllocateAsync(BenchNode.Name, qos);
        var server = await accept;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var (messages, elapsed) = await PumpAsync(client.Endpoint(), server.Endpoint(), seconds);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        var statistics = client.Statistics!;
        client.Dispose();
        server.Dispose();
        return $"{(qos.Loss == 0 ? "reliable" : "best effort")} flow, {(direct ? "direct" : "through the local layer")}: {messages * Size * 8L / elapsed / 1e6:N0} Mbit/s, "
            + $"{messages / elapsed:N0} messages/s, {statistics.Retransmissions} retransmissions, {allocated / (double)messages:F2} B allocated each";
    }

    private static FlowEndpoint Endpoint(this Flow flow) =>
        (FlowEndpoint)typeof(Flow).GetProperty("Endpoint", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(flow)!;

    private static async Task<(long Messages, double Seconds)> PumpAsync(FlowEndpoint from, FlowEndpoint to, int seconds)
    {
        long received = 0;
        using var end = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            var batch = new Packet[64];
            try
            {
                while (true)
                {
                    var count = to.ReadBatch(batch);
                    if (count == 0)
                    {
                        (await to.ReadPacketAsync(end.Token)).Dispose();
                        received++;
                        continue;
                    }
                    for (var i = 0; i < count; i++) batch[i].Dispose();
                    received += count;
                }
            }
            catch (Exception e) when (e is FlowException or OperationCanceledException)
            {
                // The end of the run.
            }
        });
        var message = new byte[Size];
        var start = Stopwatch.GetTimestamp();
        var written = 0L;
        var task = Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            {
                for (var i = 0; i < 100; i++) await from.WriteAsync(message);
                written += 100;
            }
        });
        await task;
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var reached = Volatile.Read(ref received);
        await end.CancelAsync();
        await reader;
        return (reached, elapsed);
    }

    /// <summary>Two ends of one process with a link between them that delays and loses: what FRCP makes of it.</summary>
    private static async Task<string> LossyAsync(double loss, TimeSpan delay, int seconds)
    {
        using var pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        using var timers = new TimerWheel(TimeProvider.System);
        var (a, b) = (End(pool), End(pool));
        using var there = new LossyLink(b, loss, delay, 1);
        using var back = new LossyLink(a, loss, delay, 2);
        foreach (var (end, link) in new[] { (a, there), (b, back) })
        {
            end.Start(new FlowStageSettings { Timers = timers });
            end.Attach(link);
        }
        var (messages, elapsed) = await PumpAsync(a, b, seconds);
        var s = a.Statistics!;
        a.Abort();
        b.Abort();
        return $"reliable flow, {loss:P0} loss both ways, {delay.TotalMilliseconds} ms one way: goodput {messages * Size * 8L / elapsed / 1e6:N1} Mbit/s, "
            + $"retransmission ratio {s.Retransmissions / (double)Math.Max(1, s.DataSent):P1}, smoothed RTT {s.SmoothedRtt / 1e6:F2} ms (least {s.LeastRtt / 1e6:F2}), window {s.CongestionWindow}";
    }

    private static FlowEndpoint End(PacketPool pool) => new(pool, TimeProvider.System) { Qos = QosSpec.Data with { BitErrorRate = 1 } };
}
