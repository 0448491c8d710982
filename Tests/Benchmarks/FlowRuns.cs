using System.Diagnostics;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Benchmarks;

/// <summary>Round trips and one-way floods over flows of two applications, wherever their layer leads.</summary>
/// <param name="what">What to call it in the output.</param>
/// <param name="client">Who allocates.</param>
/// <param name="server">Who accepts for <see cref="Name"/>.</param>
/// <param name="table">Where figures are kept; null: they are only written.</param>
internal sealed class FlowRuns(string what, Application client, Application server, FigureTable? table = null)
{
    /// <summary>The name that flows are allocated to.</summary>
    public const string Name = "bench";

    public const string RoundTrip = "round trip of 64 bytes, us";
    public const string Allocated = "allocated per packet, B";

    private const int Trips = 100_000;
    private const int WarmUp = 20_000;
    private static readonly TimeSpan OneWayTime = TimeSpan.FromSeconds(2);

    /// <summary>How a flood is called in a table.</summary>
    public static string OneWay(int size) => $"{size:N0} bytes one way, received/s";

    /// <summary>How its processor time is called in a table.</summary>
    public static string Cost(int size) => $"{size:N0} bytes one way, ns of processor time for each received";

    /// <summary>Awaited round trips of 64 bytes.</summary>
    public async Task RoundTripAsync()
    {
        var (a, b) = await ConnectAsync();
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
        Console.WriteLine($"round trip of 64 bytes, {what}: {Describe(times)}; {allocated / (double)Trips:F3} B allocated each");
        table?.Add(RoundTrip, what, times[Trips / 2]);
    }

    /// <summary>One writer as fast as it can, one reader; what is received counts.</summary>
    /// <returns>Packets received a second.</returns>
    public async Task<double> OneWayAsync(int size, int run)
    {
        var (a, b) = await ConnectAsync();
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
        var times = ThreadTimes.Take();
        // Looking at the threads allocates some 600 kB.
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await WriteAsync(OneWayTime);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var (s, r) = (sent - sentBefore, Interlocked.Read(ref received) - receivedBefore);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        var now = ThreadTimes.Take();
        Console.WriteLine($"one way, {what}, {size} bytes, run {run}: {s / seconds:N0} sent/s, {r / seconds:N0} received/s; {allocated / (double)s:F4} B allocated each; "
            + $"{now.Since(times) / (double)r:N0} ns of processor time for each received: {now.Describe(times, r)}");
        table?.Add(OneWay(size), what, r / seconds);
        table?.Add(Cost(size), what, now.Since(times) / (double)r);
        table?.Add(Allocated, what, allocated / (double)s);
        a.Deallocate();
        b.Deallocate();
        await reader;
        return r / seconds;

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

    /// <summary>Least, median, mean and the 99th of a hundred.</summary>
    public static string Describe(double[] sorted) =>
        $"min {sorted[0]:F2}, median {sorted[sorted.Length / 2]:F2}, mean {sorted.Average():F2}, p99 {sorted[(int)(sorted.Length * 0.99)]:F2} us";

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

    private async Task<(Flow Client, Flow Server)> ConnectAsync()
    {
        var accept = server.AcceptAsync().AsTask();
        while (true)
        {
            try
            {
                return (await client.AllocateAsync(Name), await accept);
            }
            catch (FlowException e) when (e.Error is FlowError.IpcpFailed or FlowError.NameUnknown or FlowError.TimedOut)
            {
                // The carrier of a new link takes up to a second, and a unicast layer a few until everybody is a member.
                await Task.Delay(100);
            }
        }
    }
}
