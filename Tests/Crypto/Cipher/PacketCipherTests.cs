using System.Text.Json.Nodes;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Tests.Crypto.Cipher;

public class PacketCipherTests
{
    private static readonly CipherAlgorithm[] All = [.. CipherAlgorithms.All];
    private static readonly CipherAlgorithm[] Authenticated = [.. CipherAlgorithms.All.Where(c => c.IsAuthenticated())];

    private static IEnumerable<TestCaseData> Packets() =>
        from entry in Vectors.Load("packets.json").AsArray()
        from packet in entry!["packets"]!.AsArray()
        select new TestCaseData(entry, packet).SetArgDisplayNames(entry!.Text("cipher"), $"{packet!.Text("plaintext").Length / 2}");

    [TestCaseSource(nameof(Packets))]
    public void Packets_are_the_reference_s_byte_for_byte(JsonNode entry, JsonNode example)
    {
        var expected = example.Bytes("packet");
        var plaintext = example.Bytes("plaintext");
        var algorithm = Vectors.Cipher(entry.Text("cipher"));
        using var key = entry.Secret("session_key");
        using var sender = PacketCiphers.Create(algorithm, key, new() { Random = new ScriptedRandom(expected[..algorithm.IvLength()]) });
        using var receiver = PacketCiphers.Create(algorithm, key);

        var packet = Room(sender, plaintext);
        Assert.That(sender.TrySeal(packet), Is.True);
        Assert.That(packet, Is.EqualTo(expected));
        Assert.That(receiver.TryOpen(packet), Is.True);
        Assert.That(Payload(receiver, packet), Is.EqualTo(plaintext));
    }

    [TestCaseSource(nameof(All))]
    public void Every_length_comes_back(CipherAlgorithm algorithm)
    {
        var (sender, receiver) = Pair(algorithm);
        for (var length = 0; length < 300; length++)
        {
            var plaintext = Enumerable.Range(0, length).Select(i => (byte)(i + length)).ToArray();
            var packet = Room(sender, plaintext);
            Assert.That(sender.TrySeal(packet), Is.True);
            if (length > 8) Assert.That(packet.AsSpan().IndexOf(plaintext), Is.EqualTo(-1));
            Assert.That(receiver.TryOpen(packet), Is.True);
            Assert.That(Payload(receiver, packet), Is.EqualTo(plaintext));
        }
    }

    [TestCaseSource(nameof(All))]
    public void A_packet_that_was_not_sent_is_taken_back_and_does_not_count_also_at_a_change_of_key(CipherAlgorithm algorithm)
    {
        using var key = new SecretBuffer(32);
        var options = new PacketCipherOptions { RotationBit = 3 };
        using var sender = PacketCiphers.Create(algorithm, key, options);
        using var receiver = PacketCiphers.Create(algorithm, key, options);
        byte[] plaintext = [.. "a packet of some length"u8];
        for (var i = 0; i < 50; i++)
        {
            var packet = Room(sender, plaintext);
            for (var refused = 0; refused < 3; refused++)
            {
                Assert.That(sender.TrySeal(packet), Is.True);
                Assert.That(sender.TryUnseal(packet), Is.True, $"packet {i}");
                Assert.That(Payload(sender, packet), Is.EqualTo(plaintext));
            }
            Assert.That(sender.TrySeal(packet), Is.True);
            Assert.That(receiver.TryOpen(packet), Is.True, $"packet {i}");
            Assert.That(Payload(receiver, packet), Is.EqualTo(plaintext), $"packet {i}");
        }
        Assert.That(sender.Counts.Sealed, Is.EqualTo(50));
        Assert.That(receiver.Counts.Rotations, Is.EqualTo(6), "every 8 packets that were sent");
        var sealedPacket = Room(sender, plaintext);
        sender.TrySeal(sealedPacket);
        sender.Dispose();
        Assert.That(sender.TryUnseal(sealedPacket), Is.False);
    }

    [TestCaseSource(nameof(Authenticated))]
    public void A_flip_of_any_bit_is_refused_and_leaves_the_bytes_and_the_state_alone(CipherAlgorithm algorithm)
    {
        var (sender, receiver) = Pair(algorithm);
        var packet = Room(sender, [.. "a packet of some length"u8]);
        sender.TrySeal(packet);
        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            var damaged = packet.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var before = damaged.ToArray();
            Assert.That(receiver.TryOpen(damaged), Is.False, $"bit {bit}");
            Assert.That(damaged, Is.EqualTo(before), "what is refused is as it came");
        }
        Assert.That(receiver.Counts with { Searched = 0 }, Is.EqualTo(new PacketCipherCounts(0, 0, 0, packet.Length * 8, 0)));
        Assert.That(receiver.TryOpen(packet), Is.True);
    }

    [TestCaseSource(nameof(All))]
    public void What_is_too_short_is_counted_and_refused(CipherAlgorithm algorithm)
    {
        var (sender, receiver) = Pair(algorithm);
        var overhead = sender.HeaderLength + sender.TrailerLength;
        for (var length = 0; length < overhead; length++)
        {
            Assert.That(receiver.TryOpen(new byte[length]), Is.False);
            Assert.That(sender.TrySeal(new byte[length]), Is.False);
        }
        Assert.That(receiver.Counts.TooShort, Is.EqualTo(overhead));
        var empty = new byte[overhead];
        Assert.That(sender.TrySeal(empty), Is.True);
        Assert.That(receiver.TryOpen(empty), Is.True, "an empty payload is a packet");
    }

    [TestCaseSource(nameof(All))]
    public void A_disposed_cipher_refuses(CipherAlgorithm algorithm)
    {
        var (sender, receiver) = Pair(algorithm);
        var packet = Room(sender, [1, 2, 3]);
        sender.TrySeal(packet);
        sender.Dispose();
        receiver.Dispose();
        receiver.Dispose();
        Assert.That(sender.TrySeal(packet), Is.False);
        Assert.That(receiver.TryOpen(packet), Is.False);
        Assert.DoesNotThrow(receiver.ForgetPreviousKey);
    }

    [TestCaseSource(nameof(All))]
    public void Nothing_is_allocated_for_a_packet_nor_for_a_rotation(CipherAlgorithm algorithm)
    {
        using var key = new SecretBuffer(32);
        using var sender = PacketCiphers.Create(algorithm, key, new() { RotationBit = 4 });
        using var receiver = PacketCiphers.Create(algorithm, key, new() { RotationBit = 4 });
        var packet = Room(sender, new byte[1400]);
        for (var i = 0; i < 100; i++) Exchange();
        Assert.That(Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++) Exchange();
        }), Is.Zero);
        Assert.That(receiver.Counts.Rotations, Is.GreaterThan(50));

        void Exchange()
        {
            if (!sender.TrySeal(packet) || !receiver.TryOpen(packet)) throw new InvalidOperationException();
        }
    }

    [Test]
    public void Ivs_do_not_repeat()
    {
        var (sender, _) = Pair(CipherAlgorithm.Aes256Gcm);
        var seen = new HashSet<string>();
        for (var i = 0; i < 5000; i++)
        {
            var packet = Room(sender, []);
            sender.TrySeal(packet);
            Assert.That(seen.Add(Convert.ToHexString(packet, 0, 12)), Is.True);
        }
    }

    [Test]
    public void Threads_that_write_at_once_take_turns()
    {
        using var key = new SecretBuffer(32);
        using var sender = PacketCiphers.Create(CipherAlgorithm.Aes256Gcm, key, new() { RotationBit = 6 });
        using var receiver = PacketCiphers.Create(CipherAlgorithm.Aes256Gcm, key, new() { RotationBit = 6 });
        var opened = 0;
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, worker =>
        {
            for (var i = 0; i < 2000; i++)
            {
                var packet = Room(sender, BitConverter.GetBytes((worker << 16) + i));
                if (!sender.TrySeal(packet)) throw new InvalidOperationException();
                // A thread that is held up here for more than an epoch and a half comes with a packet whose key is gone.
                if (receiver.TryOpen(packet) && BitConverter.ToInt32(Payload(receiver, packet)) == (worker << 16) + i) Interlocked.Increment(ref opened);
            }
        });
        Assert.That(opened + receiver.Counts.NotAuthentic, Is.EqualTo(8000));
        Assert.That(sender.Counts.Sealed, Is.EqualTo(8000));
    }

    [Test]
    public void Its_text_holds_no_key()
    {
        using var key = new SecretBuffer("0123456789abcdef0123456789abcdef"u8);
        using var cipher = PacketCiphers.Create(CipherAlgorithm.Aes256Gcm, key);
        Assert.That(cipher.ToString(), Does.StartWith("aes-256-gcm: PacketCipherCounts").And.Not.Contain("0123"));
    }

    internal static byte[] Room(IPacketCipher cipher, byte[] plaintext)
    {
        var packet = new byte[cipher.HeaderLength + plaintext.Length + cipher.TrailerLength];
        plaintext.CopyTo(packet, cipher.HeaderLength);
        return packet;
    }

    internal static byte[] Payload(IPacketCipher cipher, byte[] packet) => packet[cipher.HeaderLength..^cipher.TrailerLength];

    private static (IPacketCipher Sender, IPacketCipher Receiver) Pair(CipherAlgorithm algorithm)
    {
        using var key = new SecretBuffer("0123456789abcdef0123456789abcdef"u8);
        return (PacketCiphers.Create(algorithm, key, new() { Random = new ScriptedRandom(1) }), PacketCiphers.Create(algorithm, key));
    }
}
