using System.Collections.Concurrent;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>Encrypted flows whose keys change every few hundred packets, over links that lose, repeat, reorder and damage. To replay a seed: <c>FLOW_SEED=n</c>; for more: <c>FLOW_SEEDS=n</c>.</summary>
public sealed class EncryptedFlowSimulation
{
    private const int FewSeeds = 32;
    private const long Second = 1_000_000_000;

    private static readonly CipherAlgorithm[] Ciphers = [CipherAlgorithm.Aes128Gcm, CipherAlgorithm.Aes192Gcm, CipherAlgorithm.Aes256Gcm, CipherAlgorithm.ChaCha20Poly1305];

    [Test]
    public void A_reliable_flow_delivers_every_byte_once_and_in_order_across_many_keys()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("FLOW_SEED"), out var seed))
        {
            TestContext.Out.WriteLine(Play(seed).ToString());
            return;
        }
        var seeds = int.TryParse(Environment.GetEnvironmentVariable("FLOW_SEEDS"), out var many) ? many : FewSeeds;
        var results = new ConcurrentBag<Result>();
        Parallel.For(0, seeds, number => results.Add(Play(number)));
        var failures = results.Where(r => r.Wrong is not null).Select(r => $"{r}\n  replay with FLOW_SEED={r.Seed}").ToList();
        Assert.That(failures, Is.Empty, string.Join("\n", failures));
        TestContext.Out.WriteLine(
            $"{seeds} seeds, {results.Sum(r => (long)r.Rotations)} changes of key, {results.Sum(r => r.Retransmissions)} retransmissions, "
            + $"{results.Sum(r => r.NotAuthentic)} packets refused by the ciphers");
        Assert.That(results.Min(r => r.Rotations), Is.GreaterThanOrEqualTo(5), "keys change many times in every run");
        Assert.That(results.Sum(r => r.Retransmissions), Is.GreaterThan(seeds * 20));
        Assert.That(results.Sum(r => r.NotAuthentic), Is.GreaterThan(seeds), "damaged packets are refused by the cipher");
    }

    [Test]
    public void A_packet_that_was_lost_is_sent_again_under_a_later_key_and_decrypts()
    {
        using var pool = NewPool();
        var ciphers = new CipherPair(CipherAlgorithm.Aes256Gcm, 3, 1);
        using var flow = new SimFlow(pool, 1, QosSpec.Data with { BitErrorRate = 1 }, new LinkQuality(), ciphers: ciphers);
        flow.Forward.Filter = _ => ciphers.A.Counts.Rotations < 2;
        var talk = new Conversation(flow.A, flow.B, 30, 200, 1);
        while (!talk.IsComplete && flow.Clock.Now < 100 * Second)
        {
            talk.Write();
            Assert.That(talk.Read(int.MaxValue, mayskip: false), Is.Null);
            flow.Clock.Step(flow.Clock.Now + Second);
        }
        Assert.That(talk.IsComplete, Is.True);
        Assert.That(flow.Forward.Lost, Is.GreaterThanOrEqualTo(16), "all packets of two epochs");
        Assert.That(flow.A.Statistics!.Retransmissions, Is.GreaterThanOrEqualTo(16));
        Assert.That(ciphers.B.Counts.Rotations, Is.GreaterThanOrEqualTo(2), "nothing of the first keys has ever got across");
    }

    [Test]
    public void Empty_packets_that_wake_a_reference_pass_cipher_and_crc_as_they_are()
    {
        using var pool = NewPool();
        var ciphers = new CipherPair(CipherAlgorithm.Aes256Gcm, 12, 1);
        using var flow = new SimFlow(pool, 1, QosSpec.Data with { BitErrorRate = 0 }, new LinkQuality(), offerB: FrcpFeatures.None, ciphers: ciphers);
        var empty = 0;
        flow.Forward.Filter = bytes =>
        {
            if (bytes.Length == 0) empty++;
            return false;
        };
        for (var seed = 1; seed <= 2; seed++)
        {
            var talk = new Conversation(flow.A, flow.B, 1, 200, seed);
            talk.Write();
            flow.Clock.Advance(TimeSpan.FromSeconds(10));
            Assert.That(talk.Read(int.MaxValue, mayskip: false), Is.Null);
            Assert.That(talk.IsComplete, Is.True);
            // The first is acknowledged: there is somebody to wake.
            flow.Back.IsCut = true;
        }
        Assert.That(empty, Is.GreaterThan(4).And.EqualTo(flow.A.Statistics!.Nudges));
        Assert.That(ciphers.B.Counts.NotAuthentic, Is.Zero);
    }

    [Test]
    public void A_packet_that_the_layer_refuses_is_as_it_was_and_can_be_written_again([Values("raw", "best", "data")] string name, [ValueSource(nameof(Kinds))] CipherAlgorithm cipher)
    {
        QosSpec.TryFromName(name, out var qos);
        using var pool = NewPool();
        var ciphers = new CipherPair(cipher, 6, 2);
        using var flow = new SimFlow(pool, 1, qos with { BitErrorRate = name == "raw" ? 0u : 1u, Timeout = 0 }, new LinkQuality(), ciphers: ciphers);
        for (var number = 0; number < 300; number++)
        {
            var bytes = BitConverter.GetBytes(number);
            flow.Forward.IsFull = number % 3 == 0;
            var packet = pool.Rent(bytes.Length);
            bytes.CopyTo(packet.Span);
            // An ordered flow takes it in and tries again by itself.
            var error = flow.A.TryWrite(packet);
            for (var again = 0; error == FlowError.TryAgain; again++)
            {
                Assert.That(packet.Span.ToArray(), Is.EqualTo(bytes));
                if (again == 2) flow.Forward.IsFull = false;
                error = flow.A.TryWrite(packet);
            }
            Assert.That(error, Is.EqualTo(FlowError.None));
            flow.Forward.IsFull = false;
            flow.Clock.Advance(TimeSpan.FromMilliseconds(300));
            Assert.That(flow.B.TryRead(out Packet read), Is.EqualTo(FlowError.None), $"packet {number}");
            Assert.That(read.Span.ToArray(), Is.EqualTo(bytes));
            read.Dispose();
        }
        // What was taken back does not count, or the two ends would change keys at different packets.
        if (name == "raw") Assert.That(ciphers.A.Counts.Sealed, Is.EqualTo(300));
        Assert.That(ciphers.A.Counts.Rotations, Is.GreaterThanOrEqualTo(4));
        Assert.That(ciphers.B.Counts.NotAuthentic, Is.Zero);
    }

    private static IEnumerable<CipherAlgorithm> Kinds => [CipherAlgorithm.Aes256Gcm, CipherAlgorithm.ChaCha20Poly1305, CipherAlgorithm.Aes256Ctr];

    private static PacketPool NewPool() => PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });

    private static Result Play(int seed)
    {
        var random = new Random(seed);
        var cipher = Ciphers[seed % Ciphers.Length];
        var bit = random.Next(8, 11);
        var damages = random.NextDouble() < 0.5;
        var quality = new LinkQuality
        {
            Loss = random.NextDouble() < 0.2 ? 0 : random.NextDouble() * 0.3,
            Duplication = random.NextDouble() * 0.2,
            Corruption = damages ? random.NextDouble() * 0.05 : 0,
            Reordering = random.NextDouble() * 0.3,
            Delay = random.NextInt64(20_000, 5_000_000),
            Jitter = random.NextDouble() < 0.5 ? 0 : random.NextInt64(1_000_000),
        };
        // Six epochs of data one way, so that acknowledgements are not even needed for the number of changes.
        var messages = 6 << bit;
        var replies = random.NextDouble() < 0.5 ? 0 : random.Next(messages);
        var what = $"seed {seed}: {cipher.Name()}, a key for {1 << bit} packets, {messages} messages there and {replies} back; {quality}";
        try
        {
            using var pool = NewPool();
            var ciphers = new CipherPair(cipher, bit, seed);
            string? wrong = null;
            long again = 0;
            // The tag notices damage by itself; with a CRC as well in half of the runs.
            using (var flow = new SimFlow(pool, seed, QosSpec.Data with { BitErrorRate = seed % 2 == 0 ? 0u : 1u }, quality, ciphers: ciphers))
            {
                var there = new Conversation(flow.A, flow.B, messages, 40, seed);
                var back = new Conversation(flow.B, flow.A, replies, 40, seed + 1);
                var start = flow.Clock.Now;
                while (!there.IsComplete || !back.IsComplete)
                {
                    there.Write();
                    back.Write();
                    wrong = there.Read(int.MaxValue, mayskip: false) ?? back.Read(int.MaxValue, mayskip: false);
                    if (SimFlow.IsDown(flow.A) || SimFlow.IsDown(flow.B)) wrong = $"down after {there.Received} there and {back.Received} back";
                    if (flow.Clock.Now - start > 10_000 * Second) wrong = $"stuck after {there.Received} there and {back.Received} back";
                    if (wrong is not null) break;
                    flow.Clock.Step(flow.Clock.Now + (Second / 10));
                }
                again = flow.A.Statistics!.Retransmissions + flow.B.Statistics!.Retransmissions;
            }
            if (pool.Outstanding != 0) wrong ??= $"{pool.Outstanding} packets have not come back";
            return new Result(
                seed, what, wrong, Math.Min(ciphers.A.Counts.Rotations, ciphers.B.Counts.Rotations), again,
                ciphers.A.Counts.NotAuthentic + ciphers.B.Counts.NotAuthentic);
        }
        catch (Exception e)
        {
            return new Result(seed, what, e.ToString(), 0, 0, 0);
        }
    }

    private sealed record Result(int Seed, string What, string? Wrong, int Rotations, long Retransmissions, long NotAuthentic)
    {
        public override string ToString() => $"{Wrong ?? "complete"}\n  {What}; {Rotations} changes of key, {Retransmissions} sent again, {NotAuthentic} refused by the ciphers";
    }
}
