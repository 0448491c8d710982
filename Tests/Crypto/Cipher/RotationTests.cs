using System.Text.Json.Nodes;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Tests.Crypto.Cipher;

public class RotationTests
{
    private static IEnumerable<TestCaseData> Entries() =>
        Vectors.Load("rotation.json").AsArray().Select(e => new TestCaseData(e).SetArgDisplayNames(e!.Text("cipher")));

    [TestCaseSource(nameof(Entries))]
    public void A_sender_changes_its_key_at_the_same_packets_as_the_reference(JsonNode entry)
    {
        var algorithm = Vectors.Cipher(entry.Text("cipher"));
        var bit = entry["rot_bit"]!.GetValue<int>();
        var known = entry["packets"]!.AsArray().ToDictionary(p => p!["index"]!.GetValue<int>(), p => p!);
        var last = known.Keys.Max();
        // The IV of every known packet is scripted, all others are zeros: the source draws 128 at a time.
        var ivs = new byte[(last + 128) / 128 * 128 * algorithm.IvLength()];
        foreach (var (index, example) in known) example.Bytes("packet").AsSpan(0, algorithm.IvLength()).CopyTo(ivs.AsSpan(index * algorithm.IvLength()));
        using var key = entry.Secret("session_key");
        using var sender = PacketCiphers.Create(algorithm, key, new() { RotationBit = bit, Random = new Script(ivs) });
        using var receiver = PacketCiphers.Create(algorithm, key, new() { RotationBit = bit });
        for (var i = 0; i <= last; i++)
        {
            var plaintext = known.TryGetValue(i, out var example) ? example.Bytes("plaintext") : [1, 2, 3];
            var packet = PacketCipherTests.Room(sender, plaintext);
            Assert.That(sender.TrySeal(packet), Is.True);
            if (example is not null) Assert.That(Convert.ToHexStringLower(packet), Is.EqualTo(example.Text("packet")), $"packet {i}");
            Assert.That(receiver.TryOpen(packet), Is.True, $"packet {i}");
            Assert.That(PacketCipherTests.Payload(receiver, packet), Is.EqualTo(plaintext), $"packet {i}");
        }
        Assert.That(receiver.Counts.Rotations, Is.EqualTo(known[last]["epoch"]!.GetValue<int>()));
    }

    [Test]
    public void Captured_packets_of_both_directions_decrypt_although_phase_and_key_disagree()
    {
        var capture = Vectors.Load("captures.json")["rotation-bit4"]!;
        using var key = capture["key_exchange"]!.Secret("session_key");
        using var client = PacketCiphers.Create(CipherAlgorithm.Aes256Gcm, key, new() { RotationBit = 4 });
        using var server = PacketCiphers.Create(CipherAlgorithm.Aes256Gcm, key, new() { RotationBit = 4 });
        var epochs = 0;
        foreach (var example in capture["data"]!.AsArray())
        {
            var receiver = example!.Text("dir") == "c2s" ? server : client;
            var packet = example.Bytes("packet");
            Assert.That(receiver.TryOpen(packet), Is.True);
            Assert.That(PacketCipherTests.Payload(receiver, packet), Is.EqualTo(example.Bytes("plaintext")));
            epochs = Math.Max(epochs, example!["epoch"]!.GetValue<int>());
            Assert.That(receiver.Counts.Rotations, Is.EqualTo(example["epoch"]!.GetValue<int>()));
        }
        Assert.That(epochs, Is.EqualTo(4));
    }

    [TestCase(1, 0, 0)]
    [TestCase(2, 5, 8)]
    [TestCase(3, 30, 0)]
    [TestCase(4, 30, 8)]
    public void No_packet_that_arrives_is_lost_to_rotation(int seed, int lossPercent, int inFlight)
    {
        var random = new Random(seed);
        using var key = new SecretBuffer(32);
        using var a = PacketCiphers.Create(CipherAlgorithm.Aes128Gcm, key, new() { RotationBit = 7 });
        using var b = PacketCiphers.Create(CipherAlgorithm.Aes128Gcm, key, new() { RotationBit = 7 });
        var toA = new Queue<byte[]>();
        var toB = new Queue<byte[]>();
        for (var i = 0; i < 20_000; i++)
        {
            var (sender, queue) = random.Next(2) == 0 ? (a, toB) : (b, toA);
            var packet = PacketCipherTests.Room(sender, BitConverter.GetBytes(i));
            Assert.That(sender.TrySeal(packet), Is.True);
            if (random.Next(100) >= lossPercent) queue.Enqueue(packet);
            Drain(toA, a);
            Drain(toB, b);
        }
        Assert.That(a.Counts.NotAuthentic + b.Counts.NotAuthentic, Is.Zero, $"seed {seed}");
        Assert.That(a.Counts.Rotations, Is.GreaterThan(100));

        void Drain(Queue<byte[]> queue, IPacketCipher receiver)
        {
            while (queue.Count > inFlight) Assert.That(receiver.TryOpen(queue.Dequeue()), Is.True, $"seed {seed}");
        }
    }

    [Test]
    public void A_packet_sent_again_is_sealed_again_and_decrypts_in_the_next_epoch_and_a_late_one_of_the_last_epoch_too()
    {
        using var key = new SecretBuffer(32);
        using var sender = PacketCiphers.Create(CipherAlgorithm.ChaCha20Poly1305, key, new() { RotationBit = 4 });
        using var receiver = PacketCiphers.Create(CipherAlgorithm.ChaCha20Poly1305, key, new() { RotationBit = 4 });
        var late = PacketCipherTests.Room(sender, [7]);
        sender.TrySeal(late);
        for (var i = 0; i < 17; i++) Assert.That(Pass(sender, receiver), Is.True);
        Assert.That(receiver.Counts.Rotations, Is.EqualTo(1));
        var replay = late.ToArray();
        Assert.That(receiver.TryOpen(late), Is.True, "of the epoch before");
        var again = PacketCipherTests.Room(sender, [7]);
        sender.TrySeal(again);
        Assert.That(receiver.TryOpen(again), Is.True);

        receiver.ForgetPreviousKey();
        Assert.That(receiver.TryOpen(replay), Is.False, "its key is wiped");
        Assert.That(Pass(sender, receiver), Is.True);
    }

    [Test]
    public void The_key_before_goes_after_half_an_epoch()
    {
        using var key = new SecretBuffer(32);
        using var sender = PacketCiphers.Create(CipherAlgorithm.Aes256Gcm, key, new() { RotationBit = 4 });
        using var receiver = PacketCiphers.Create(CipherAlgorithm.Aes256Gcm, key, new() { RotationBit = 4 });
        var late = PacketCipherTests.Room(sender, [7]);
        sender.TrySeal(late);
        for (var i = 0; i < 16 + 8; i++) Assert.That(Pass(sender, receiver), Is.True);
        Assert.That(receiver.TryOpen(late), Is.False);
    }

    [Test]
    public void A_forged_phase_bit_moves_nothing()
    {
        using var key = new SecretBuffer(32);
        using var sender = PacketCiphers.Create(CipherAlgorithm.Aes256Gcm, key, new() { RotationBit = 4 });
        using var receiver = PacketCiphers.Create(CipherAlgorithm.Aes256Gcm, key, new() { RotationBit = 4 });
        for (var i = 0; i < 14; i++) Pass(sender, receiver);
        var forged = new byte[100];
        forged[0] = 0x80;
        for (var i = 0; i < 100; i++) Assert.That(receiver.TryOpen(forged), Is.False);
        Assert.That(receiver.Counts.Rotations, Is.Zero);
        Assert.That(Pass(sender, receiver), Is.True);
        Assert.That(Pass(receiver, sender), Is.True);
    }

    [Test]
    public void The_other_end_follows_in_sending_too()
    {
        using var key = new SecretBuffer(32);
        using var a = PacketCiphers.Create(CipherAlgorithm.Aes256Gcm, key, new() { RotationBit = 4 });
        using var b = PacketCiphers.Create(CipherAlgorithm.Aes256Gcm, key, new() { RotationBit = 4 });
        for (var i = 0; i < 17; i++) Pass(a, b);
        var packet = PacketCipherTests.Room(b, [1]);
        b.TrySeal(packet);
        Assert.That(packet[0] >> 7, Is.EqualTo(1));
        Assert.That(a.TryOpen(packet), Is.True);
        Assert.That(b.Counts.Rotations, Is.EqualTo(1));
    }

    private static bool Pass(IPacketCipher sender, IPacketCipher receiver)
    {
        var packet = PacketCipherTests.Room(sender, [1, 2, 3, 4]);
        return sender.TrySeal(packet) && receiver.TryOpen(packet);
    }

    private sealed class Script(byte[] bytes) : Ouroboros.Crypto.Randomness.IRandomSource
    {
        private int _next;

        public void Fill(Span<byte> buffer)
        {
            bytes.AsSpan(_next, buffer.Length).CopyTo(buffer);
            _next += buffer.Length;
        }
    }
}
