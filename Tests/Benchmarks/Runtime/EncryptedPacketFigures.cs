using System.Diagnostics;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Crypto.Secrets;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Pool;
using Ouroboros.Tests.Benchmarks.Crypto;
using Ouroboros.Tests.Benchmarks.Flows;

namespace Ouroboros.Tests.Benchmarks.Runtime;

/// <summary>
/// Packets of 1,400 bytes under a cipher, in one thread, as shares of what <c>openssl speed</c> makes of the bare cipher in the same seconds: seal and open alone, and
/// all that one end of a flow does for a packet. Everything is per second of processor time. The parts are taken in turn, round after round, and the best round of each
/// counts: what else runs on the machine can only make one slower.
/// </summary>
internal static class EncryptedPacketFigures
{
    private const int PacketLength = 1400;
    private const int Rounds = 5;
    private const int Batch = 256;

    public static void Run(double seconds)
    {
        Console.WriteLine($"packets of {PacketLength} bytes, one thread, per second of processor time; best of {Rounds} rounds of {seconds / Rounds:0.0} s:");
        foreach (var cipher in new[] { CipherAlgorithm.Aes256Gcm, CipherAlgorithm.ChaCha20Poly1305 }) Run(cipher, seconds / Rounds);
    }

    private static void Run(CipherAlgorithm algorithm, double seconds)
    {
        using var bench = new Bench(algorithm);
        var parts = new (string Name, Action Work)[]
        {
            ("seal alone", bench.Seal),
            ("open alone", bench.Open),
            ("rent a packet, write it to a flow, encrypted", bench.WritePacket),
            ("write bytes to a flow, encrypted", bench.WriteBytes),
            ("deliver to a flow, decrypted, and read it", bench.Read),
        };
        var best = new double[parts.Length];
        var bare = 0.0;
        foreach (var (_, work) in parts)
        {
            for (var i = 0; i < 100; i++) work();
        }
        var allocated = 0L;
        var done = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            bare = Math.Max(bare, CryptoFigures.Bare(algorithm, 1));
            for (var i = 0; i < parts.Length; i++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                best[i] = Math.Max(best[i], Rate(parts[i].Work, seconds, ref done));
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }
        Console.WriteLine($"  {algorithm.Name()}: openssl speed {bare,8:N0} MB/s {PacketLength / bare * 1000,6:N0} ns; {(double)allocated / done:0.000} B allocated a packet");
        for (var i = 0; i < parts.Length; i++)
        {
            Console.WriteLine($"    {parts[i].Name,-46} {best[i] * PacketLength / 1e6,8:N0} MB/s {1e9 / best[i],6:N0} ns {best[i] * PacketLength / 1e4 / bare,5:0} %");
        }
    }

    private static double Rate(Action batch, double seconds, ref long all)
    {
        var clock = Stopwatch.StartNew();
        var before = Environment.CpuUsage.TotalTime;
        long done = 0;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            batch();
            done += Batch;
        }
        all += done;
        return done / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    /// <summary>Each method does its part of the work for <see cref="Batch"/> packets.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly PacketPool _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous, Counts = PoolCounts.Global });
        private readonly TimerWheel _timers = new(TimeProvider.System);
        private readonly IPacketCipher _cipher;
        private readonly IPacketCipher _opener;
        private readonly FlowEndpoint _sender;
        private readonly FlowEndpoint _receiver;
        private readonly byte[] _room;
        private readonly byte[] _bytes = GC.AllocateArray<byte>(PacketLength, pinned: true);
        private readonly byte[][] _sealed = new byte[Batch][];

        public Bench(CipherAlgorithm algorithm)
        {
            using var key = new SecretBuffer(32);
            // What is opened is the same packets again and again: their key must stay.
            var still = new PacketCipherOptions { RotationBit = 30 };
            _cipher = PacketCiphers.Create(algorithm, key);
            _opener = PacketCiphers.Create(algorithm, key, still);
            _sender = Endpoint(PacketCiphers.Create(algorithm, key));
            _receiver = Endpoint(PacketCiphers.Create(algorithm, key, still));
            _room = GC.AllocateArray<byte>(_cipher.HeaderLength + PacketLength + _cipher.TrailerLength, pinned: true);
            for (var i = 0; i < Batch; i++)
            {
                _sealed[i] = GC.AllocateArray<byte>(_room.Length, pinned: true);
                Check(_cipher.TrySeal(_sealed[i]));
            }
        }

        public void Seal()
        {
            for (var i = 0; i < Batch; i++) Check(_cipher.TrySeal(_room));
        }

        /// <summary>With a copy from what is sealed, for a packet can be opened in place once.</summary>
        public void Open()
        {
            for (var i = 0; i < Batch; i++)
            {
                _sealed[i].CopyTo(_room, 0);
                Check(_opener.TryOpen(_room));
            }
        }

        public void WritePacket()
        {
            for (var i = 0; i < Batch; i++) Check(_sender.TryWrite(_pool.Rent(PacketLength)) == FlowError.None);
        }

        public void WriteBytes()
        {
            for (var i = 0; i < Batch; i++) Check(_sender.TryWrite(_bytes) == FlowError.None);
        }

        /// <summary>The copy stands for the device, which puts packets into memory too.</summary>
        public void Read()
        {
            for (var i = 0; i < Batch; i++)
            {
                var packet = _pool.Rent(_room.Length);
                _sealed[i].CopyTo(packet.Span);
                Check(_receiver.Deliver(packet) == FlowError.None);
                Check(_receiver.TryRead(out Packet read) == FlowError.None);
                read.Dispose();
            }
        }

        public void Dispose()
        {
            _sender.Close();
            _receiver.Close();
            _cipher.Dispose();
            _opener.Dispose();
            _timers.Dispose();
            _pool.Dispose();
        }

        private FlowEndpoint Endpoint(IPacketCipher cipher)
        {
            var endpoint = new FlowEndpoint(_pool, TimeProvider.System) { Qos = QosSpec.Raw };
            endpoint.Start(new FlowStageSettings { Timers = _timers, Cipher = cipher });
            endpoint.Attach(new CountingSink(9000));
            return endpoint;
        }

        private static void Check(bool ok)
        {
            if (!ok) throw new InvalidOperationException();
        }
    }
}
