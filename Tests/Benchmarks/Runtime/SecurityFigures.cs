using System.Diagnostics;
using System.Globalization;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.Oap;
using Ouroboros.Crypto.OpenSsl;

namespace Ouroboros.Tests.Benchmarks.Runtime;

/// <summary>
/// <c>figures security [seconds] [handshakes [exchange...]] [packets] [roundtrip]</c>: encrypted flows as applications see them; all three unless some are named. Allocations a second through
/// the local layer for key exchanges, packets beside <c>openssl speed</c> (<see cref="EncryptedPacketFigures"/>), round trips in clear and encrypted.
/// </summary>
internal static class SecurityFigures
{
    private static readonly KeyExchangeAlgorithm[] Usual =
        [KeyExchangeAlgorithm.X25519, KeyExchangeAlgorithm.P256, KeyExchangeAlgorithm.MlKem768, KeyExchangeAlgorithm.X25519MlKem768];

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Select(a => double.TryParse(a, CultureInfo.InvariantCulture, out var n) ? n : 0).FirstOrDefault(n => n > 0, 2);
        var parts = args.Where(a => char.IsLetter(a[0])).ToList();
        bool Wanted(string part) => parts.Count == 0 || parts.Contains(part);
        Console.WriteLine($"OpenSSL {OpenSslLibrary.Version}, load {(await File.ReadAllTextAsync("/proc/loadavg")).Trim()}, {seconds} s each");
        if (Wanted("handshakes")) await HandshakesAsync(seconds, parts);
        if (Wanted("packets")) EncryptedPacketFigures.Run(seconds);
        if (Wanted("roundtrip")) await RoundTripsAsync(seconds);
        return 0;
    }

    private static async Task HandshakesAsync(double seconds, List<string> words)
    {
        Console.WriteLine("allocate + accept + deallocate through the local layer, both sides in this process, no certificates:");
        await AllocationsAsync("in clear", null, seconds);
        var named = KeyExchangeAlgorithms.All.Where(a => words.Contains(a.Name())).ToList();
        foreach (var algorithm in named is [] ? Usual : [.. named])
        {
            if (KeyExchanges.IsSupported(algorithm)) await AllocationsAsync(algorithm.Name(), new EncryptionOptions { KeyExchange = algorithm }, seconds);
            else Console.WriteLine($"  {algorithm.Name(),-16} needs OpenSSL 3.5");
        }
    }

    private static async Task RoundTripsAsync(double seconds)
    {
        Console.WriteLine("round trip of 64 bytes through the local layer, awaited; in clear and encrypted in turn, three times:");
        var (plain, encrypted) = (new List<double>(), new List<double>());
        for (var i = 0; i < 3; i++)
        {
            plain.Add(await RoundTripAsync("in clear", null, seconds / 2));
            encrypted.Add(await RoundTripAsync("aes-256-gcm", new EncryptionOptions { KeyExchange = KeyExchangeAlgorithm.X25519 }, seconds / 2));
        }
        plain.Sort();
        encrypted.Sort();
        Console.WriteLine($"  encrypted is {encrypted[1] - plain[1]:0.00} us slower, median of the medians");
    }

    private static async Task AllocationsAsync(string what, EncryptionOptions? encryption, double seconds)
    {
        const int Callers = 4;
        await using var node = await BenchNode.StartAsync(direct: false, encryption: encryption);
        for (var i = 0; i < 200; i++) await CycleAsync(node);
        var clock = Stopwatch.StartNew();
        var before = Environment.CpuUsage.TotalTime;
        var done = 0L;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                await CycleAsync(node);
                Interlocked.Increment(ref done);
            }
        })));
        var processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        Console.WriteLine($"  {what,-16} {done / clock.Elapsed.TotalSeconds,10:N0} /s {done / processor,10:N0} per second of processor time");
    }

    private static async Task CycleAsync(BenchNode node)
    {
        var (client, server) = await node.ConnectAsync();
        client.Deallocate();
        server.Deallocate();
    }

    private static async Task<double> RoundTripAsync(string what, EncryptionOptions? encryption, double seconds)
    {
        await using var node = await BenchNode.StartAsync(direct: false, encryption: encryption);
        var (client, server) = await node.ConnectAsync();
        var echo = Task.Run(async () =>
        {
            try
            {
                while (true) await server.WriteAsync(await server.ReadPacketAsync());
            }
            catch (FlowException)
            {
            }
        });
        // A byte more than a packet: one that is filled exactly is followed by a read of nothing, the end of the packet.
        var buffer = new byte[65];
        var times = new List<double>(4_000_000);
        await PingAsync(client, buffer, times, 0.5);
        times.Clear();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await PingAsync(client, buffer, times, seconds);
        var allocated = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / times.Count;
        client.Deallocate();
        await echo;
        server.Dispose();
        times.Sort();
        var median = times[times.Count / 2];
        Console.WriteLine($"  {what,-16} median {median:0.00} us, p99 {times[times.Count * 99 / 100]:0.00} us, {times.Count:N0} taken, {allocated:0.00} B allocated each");
        return median;
    }

    private static async Task PingAsync(Flow client, byte[] buffer, List<double> times, double seconds)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds && times.Count < times.Capacity)
        {
            var start = Stopwatch.GetTimestamp();
            await client.WriteAsync(buffer.AsMemory(0, 64));
            await client.ReadAsync(buffer);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
    }
}
