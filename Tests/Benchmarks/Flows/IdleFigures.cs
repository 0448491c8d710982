using System.Diagnostics;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Pool;
using Ouroboros.Runtime.Memory;

namespace Ouroboros.Tests.Benchmarks.Flows;

/// <summary>
/// <c>figures flows idle [flows] [seconds] [raw|reliable|both] [huge]</c>: flows that do nothing but keep alive, allocated evenly over one keepalive period (30 s), so that they come due
/// evenly as well; the peer's keepalives arrive, too. The share of a core is processor time of the whole process over wall time; the layer below takes
/// packets and counts them, so what sending a frame costs is not in it. Beside it: what a thread of the same process costs that sleeps and wakes as often and does nothing else.
/// <c>huge</c>: with large pages as <c>ouroboros.large-pages</c> keeps them, all that can be there before it is measured.
/// </summary>
internal static class IdleFigures
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(QosSpec.Raw.Timeout / 4);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var flows = arguments.Length > 0 ? int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture) : 1_000_000;
        var seconds = arguments.Length > 1 ? int.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture) : 60;
        var kind = arguments.Length > 2 ? arguments[2] : "";
        var huge = arguments is [.., "huge"];
        using var pages = huge ? LargePages.Open() : null;
        pages?.Run();
        if (kind != "reliable") await RunAsync(QosSpec.Raw, flows, TimeSpan.FromSeconds(seconds), pages);
        if (kind != "raw") await RunAsync(QosSpec.Data with { BitErrorRate = 1 }, flows, TimeSpan.FromSeconds(seconds), pages);
        return 0;
    }

    private static async Task RunAsync(QosSpec qos, int flows, TimeSpan length, LargePages? pages)
    {
        const int Steps = 300;
        using var pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        var timers = new TimerWheel(TimeProvider.System);
        var sink = new CountingSink(1400);
        var ends = new FlowEndpoint[flows];
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var begin = Stopwatch.GetTimestamp();
        for (var step = 0; step < Steps; step++)
        {
            for (var i = (int)((long)flows * step / Steps); i < (int)((long)flows * (step + 1) / Steps); i++)
            {
                ends[i] = new FlowEndpoint(pool, TimeProvider.System) { Qos = qos };
                ends[i].Start(new FlowStageSettings { Timers = timers });
                ends[i].Attach(sink);
            }
            var wait = (Period * (step + 1) / Steps) - Stopwatch.GetElapsedTime(begin);
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
        }
        memory = GC.GetTotalMemory(forceFullCollection: true) - memory;
        pages?.Move(Timeout.InfiniteTimeSpan);
        if (pages is not null) Console.WriteLine($"{LargePages.InUse >> 20:N0} MiB in large pages");
        // A peer says that it lives, once for each flow, before any time-out; outside what is measured.
        foreach (var end in ends)
        {
            if (!pool.TryRent(0, out var packet)) continue;
            if (end.Deliver(packet) != FlowError.None) packet.Dispose();
        }
        using var process = Process.GetCurrentProcess();
        var (threads, collections, sent) = (ThreadPool.ThreadCount, GC.CollectionCount(2), Interlocked.Read(ref sink.Sent));
        process.Refresh();
        var (processor, start, before) = (process.TotalProcessorTime, Stopwatch.GetTimestamp(), ThreadTimes.Take());
        await Task.Delay(length);
        process.Refresh();
        var after = ThreadTimes.Take();
        var used = (process.TotalProcessorTime - processor).TotalSeconds;
        var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        sent = Interlocked.Read(ref sink.Sent) - sent;
        Console.WriteLine(
            $"{flows:N0} idle {(qos.InOrder ? "reliable" : "raw")} flows: {used / wall:P2} of a core ({used:F2} s of processor time in {wall:F1} s), {sent / wall:N0} keepalives/s, "
            + $"{used / Math.Max(1, sent) * 1e9:N0} ns each, {memory / (double)flows:N0} B a flow, {ThreadPool.ThreadCount} pool threads (before: {threads}), "
            + $"{GC.CollectionCount(2) - collections} full collections, {ends.Count(e => (e.State & RingState.PeerDead) != 0)} peers dead; "
            + $"ns a keepalive by thread: {after.Describe(before, Math.Max(1, sent))}");
        timers.Dispose();
        Console.WriteLine($"a thread of this process that sleeps and wakes as often, and does nothing: {SleepOnly():P2} of a core");
        GC.KeepAlive(ends);
    }

    private static double SleepOnly()
    {
        const int Wakes = 60;
        // As often as the wheel comes round: FlowStage rounds deadlines up to 2^28 ns.
        var each = TimeSpan.FromMilliseconds((1 << 28) / 1e6);
        var (before, after) = (ThreadTimes.Take(), ThreadTimes.Take());
        var thread = new Thread(() =>
        {
            before = ThreadTimes.Take();
            for (var i = 0; i < Wakes; i++) Thread.Sleep(each);
            after = ThreadTimes.Take();
        });
        thread.Start();
        thread.Join();
        return after.Since(before) / (Wakes * each.TotalMilliseconds * 1e6);
    }
}
