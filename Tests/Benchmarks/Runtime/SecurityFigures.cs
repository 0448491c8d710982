using System.Diagnostics;
using System.Globalization;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.Oap;
using Ouroboros.Crypto.Secrets;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Pool;
using Ouroboros.Tests.Benchmarks.Crypto;
using Ouroboros.Tests.Benchmarks.Flows;

namespace Ouroboros.Tests.Benchmarks.Runtime;

/// <summary>
/// <c>figures security [seconds]</c>: encrypted flows as applications see them. Allocations a second through the local layer for key exchanges, packets of 1,400
/// bytes written to an encrypted flow beside <c>openssl speed</c>, round trips in clear and encrypted, bytes allocated.
/// </summary>
internal static class SecurityFigures
{
    private const int PacketLength = 1400;

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 2;
        Console.WriteLine($"load {(await File.ReadAllTextAsync("/proc/loadavg")).Trim()}, {seconds} s each");
        Console.WriteLine("allocate + accept + deallocate through the local layer, both sides in this process, no certificates:");
        await AllocationsAsync("in clear", null, seconds);
        foreach (var algorithm in new[] { KeyExchangeAlgorithm.X25519, KeyExchangeAlgorithm.P256, KeyExchangeAlgorithm.MlKem768, KeyExchangeAlgorithm.X25519MlKem768 })
        {
            if (KeyExchanges.IsSupported(algorithm)) await AllocationsAsync(algorithm.Name(), new EncryptionOptions { KeyExchange = algorithm }, seconds);
            else Console.WriteLine($"  {algorithm.Name(),-16} needs OpenSSL 3.5");
        }
        Console.WriteLine($"packets of {PacketLength} bytes written to an encrypted flow whose layer takes them all, one thread, per second of processor time:");
        foreach (var cipher in new[] { CipherAlgorithm.Aes256Gcm, CipherAlgorithm.ChaCha20Poly1305 }) Write(cipher, seconds);
        Console.WriteLine("round trip of 64 bytes through the local layer, awaited:");
        var plain = await RoundTripAsync("in clear", null, seconds);
        var encrypted = await RoundTripAsync("aes-256-gcm", new EncryptionOptions { KeyExchange = KeyExchangeAlgorithm.X25519 }, seconds);
        Console.WriteLine($"  encrypted is {encrypted - plain:0.00} us slower in the median");
        return 0;
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

    private static void Write(CipherAlgorithm algorithm, double seconds)
    {
        using var pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous, Counts = PoolCounts.Global });
        using var key = new SecretBuffer(32);
        using var timers = new TimerWheel(TimeProvider.System);
        var endpoint = new FlowEndpoint(pool, TimeProvider.System) { Qos = QosSpec.Raw };
        endpoint.Start(new FlowStageSettings { Timers = timers, Cipher = PacketCiphers.Create(algorithm, key) });
        endpoint.Attach(new CountingSink(9000));
        var rate = Measure(endpoint, pool, seconds, out var allocated);
        var bare = CryptoFigures.Bare(algorithm, seconds);
        Console.WriteLine(
            $"  {algorithm.Name(),-18} {rate * PacketLength / 1e6,8:N0} MB/s {1e9 / rate,6:N0} ns   openssl speed {bare,8:N0} MB/s   {rate * PacketLength / 1e4 / bare:0} %   {allocated:0.000} B allocated a packet");
        endpoint.Close();
    }

    private static double Measure(FlowEndpoint endpoint, PacketPool pool, double seconds, out double allocated)
    {
        void One()
        {
            var packet = pool.Rent(PacketLength);
            if (endpoint.TryWrite(packet) != FlowError.None) throw new InvalidOperationException();
        }
        for (var i = 0; i < 20_000; i++) One();
        var clock = Stopwatch.StartNew();
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var before = Environment.CpuUsage.TotalTime;
        long done = 0;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            for (var i = 0; i < 256; i++) One();
            done += 256;
        }
        var rate = done / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / done;
        return rate;
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
