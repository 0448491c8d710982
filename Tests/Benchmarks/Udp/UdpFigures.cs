using System.Diagnostics;
using System.Net;

namespace Ouroboros.Tests.Benchmarks.Udp;

/// <summary>
/// <c>figures udp</c>: round trip and packets a second between two network namespaces through udp4 layers, beside a bare sendmmsg/recvmmsg loop over the
/// same veth, and bytes allocated for each packet.
/// </summary>
internal static class UdpFigures
{
    private const int Pings = 20_000;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    public static async Task RunAsync()
    {
        await RoundTripAsync();
        foreach (var size in new[] { 64, 1400 })
        {
            foreach (var offload in new[] { true, false }) await OneWayAsync(size, offload);
            await BareAsync(size);
        }
    }

    private static async Task RoundTripAsync()
    {
        await using var pair = await UdpPair.StartAsync();
        var (client, server) = await pair.ConnectAsync();
        var echo = Task.Run(async () =>
        {
            try
            {
                while (true) await server.WriteAsync(await server.ReadPacketAsync());
            }
            catch (FlowException)
            {
                // The client is done.
            }
        });
        var data = new byte[64];
        var times = new double[Pings];
        await PingAsync(client, data, times);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await PingAsync(client, data, times);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        client.Deallocate();
        await echo;
        Array.Sort(times);
        Console.WriteLine(
            $"udp4 round trip of 64 bytes between two namespaces: min {times[0]:F1}, median {times[Pings / 2]:F1}, mean {times.Average():F1}, "
            + $"p99 {times[(int)(Pings * 0.99)]:F1} us; {allocated / (double)Pings:F2} B allocated each");
    }

    private static async Task PingAsync(Flow flow, byte[] data, double[] times)
    {
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await flow.WriteAsync(data);
            (await flow.ReadPacketAsync()).Dispose();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
    }

    private static async Task OneWayAsync(int size, bool offload)
    {
        await using var pair = await UdpPair.StartAsync(offload: offload);
        var (client, server) = await pair.ConnectAsync();
        var received = 0L;
        var reader = Task.Run(async () =>
        {
            var batch = new Pool.Packet[64];
            try
            {
                while (true)
                {
                    var count = server.ReadBatch(batch);
                    if (count == 0)
                    {
                        (await server.ReadPacketAsync()).Dispose();
                        received++;
                        continue;
                    }
                    for (var i = 0; i < count; i++) batch[i].Dispose();
                    received += count;
                }
            }
            catch (FlowException)
            {
                // The writer is done.
            }
        });
        var data = new byte[size];
        await WriteForAsync(client, data, TimeSpan.FromSeconds(1));
        var (before, start, first) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp(), Volatile.Read(ref received));
        var sent = await WriteForAsync(client, data, Duration);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var arrived = Volatile.Read(ref received) - first;
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        client.Deallocate();
        server.Deallocate();
        await reader;
        Console.WriteLine(
            $"udp4 one way, {size} bytes, offload {(offload ? "on" : "off")}: {sent / seconds:N0} sent/s, {arrived / seconds:N0} received/s; {allocated / (double)sent:F3} B allocated each");
    }

    private static async Task<long> WriteForAsync(Flow flow, byte[] data, TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp();
        var sent = 0L;
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            for (var i = 0; i < 256; i++) await flow.WriteAsync(data);
            sent += 256;
        }
        return sent;
    }

    /// <summary>The same veth without us: 64 datagrams a call from one thread, 64 a call to another, no offload.</summary>
    private static async Task BareAsync(int size)
    {
        await using var pair = await UdpPair.StartAsync(runtimes: false);
        using var from = pair.Open(0, 4000);
        using var to = pair.Open(1, 4000);
        using var loop = new BareLoop(from, to, new IPEndPoint(UdpPair.AddressOf(1), 4000), size + 4);
        var (sent, received, seconds) = loop.Run(Duration);
        Console.WriteLine($"bare sendmmsg/recvmmsg, {size} bytes: {sent / seconds:N0} sent/s, {received / seconds:N0} received/s");
    }
}
