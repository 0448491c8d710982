using System.Text;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Flow;

public sealed class PacketSealTests
{
    private PacketPool _pool = null!;

    [SetUp]
    public void MakePool() => _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });

    [TearDown]
    public void DropPool() => _pool.Dispose();

    // frcp.md section 2.1.
    [TestCase("30", "F4DBDF21")]
    [TestCase("313233343536373839", "CBF43926")]
    [TestCase("393837363534333231", "015F0201")]
    [TestCase("00", "D202EF8D")]
    [TestCase("01", "A505DF1B")]
    [TestCase("393837363534333231313233343536373839", "806B60E3")]
    public void The_CRC_is_that_of_the_vectors_big_endian_at_the_end(string payload, string crc)
    {
        using var packet = Rent(Convert.FromHexString(payload));
        Assert.That(new PacketSeal(crc: true, cipher: null, ordered: false).TrySeal(packet), Is.True);
        Assert.That(Convert.ToHexString(packet.Span), Is.EqualTo(payload + crc));
    }

    [Test]
    public void Every_flipped_bit_and_every_truncation_is_noticed()
    {
        var seal = new PacketSeal(crc: true, cipher: null, ordered: false);
        using var good = Rent(Encoding.ASCII.GetBytes("Ouroboros"));
        seal.TrySeal(good);
        var bytes = good.Span.ToArray();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            using var bad = Rent(bytes);
            bad.Span[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(seal.TryOpen(bad), Is.False);
        }
        for (var n = 0; n < bytes.Length; n++)
        {
            using var bad = Rent(bytes.AsSpan(0, n));
            Assert.That(seal.TryOpen(bad), Is.False);
        }
        Assert.That(seal.BadCrc, Is.EqualTo((bytes.Length * 8) + bytes.Length));
        Assert.That(seal.TryOpen(good), Is.True);
        Assert.That(Encoding.ASCII.GetString(good.Span), Is.EqualTo("Ouroboros"));
    }

    [Test]
    public void Control_packets_of_a_reference_have_no_CRC_and_are_taken_until_the_peer_is_known_to_add_one()
    {
        var seal = new PacketSeal(crc: true, cipher: null, ordered: true);
        var ack = Convert.FromHexString("0c4cef07000000000c4cee07"); // capture 11, frame 8
        using (var packet = Rent(ack)) Assert.That(seal.TryOpen(packet), Is.True);
        using (var data = Rent(Convert.FromHexString("03000000ac02433800000000"))) Assert.That(seal.TryOpen(data), Is.False, "data of that length has a CRC");
        seal.RequireCrc = true;
        using (var packet = Rent(ack)) Assert.That(seal.TryOpen(packet), Is.False);
    }

    [Test]
    public void Cipher_comes_before_CRC_and_nothing_inside_the_envelope_is_refused()
    {
        using var cipher = new Xor();
        using var seal = new PacketSeal(crc: true, cipher, ordered: true);
        using var packet = Rent([1, 2, 3]);
        Assert.That(seal.TrySeal(packet), Is.True);
        Assert.That(packet.Length, Is.EqualTo(3 + seal.Overhead));
        Assert.That(packet.Span[..5].ToArray(), Is.EqualTo(new byte[] { 0xEE, 0xEE, 1 ^ 0x55, 2 ^ 0x55, 3 ^ 0x55 }));
        Assert.That(seal.TryOpen(packet), Is.True);
        Assert.That(packet.Span.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));

        using var empty = Rent([]);
        seal.TrySeal(empty);
        Assert.That(seal.TryOpen(empty), Is.False);
        Assert.That(seal.BadCipher, Is.EqualTo(1));
    }

    private Packet Rent(ReadOnlySpan<byte> bytes)
    {
        var packet = _pool.Rent(bytes.Length);
        bytes.CopyTo(packet.Span);
        return packet;
    }

    private sealed class Xor : IPacketCipher
    {
        public int HeaderLength => 2;

        public int TrailerLength => 1;

        public PacketCipherCounts Counts => default!;

        public void ForgetPreviousKey()
        {
        }

        public bool TrySeal(Span<byte> packet)
        {
            packet[..2].Fill(0xEE);
            foreach (ref var b in packet[2..^1]) b ^= 0x55;
            packet[^1] = 0x77;
            return true;
        }

        public bool TryUnseal(Span<byte> packet) => TryOpen(packet);

        public bool TryOpen(Span<byte> packet)
        {
            foreach (ref var b in packet[2..^1]) b ^= 0x55;
            return packet[0] == 0xEE && packet[^1] == 0x77;
        }

        public void Dispose()
        {
        }
    }
}
