using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Tests.Crypto.Cipher;

/// <summary>Two whole epochs of packets or more are lost in a row, which a raw flow of a million packets a second does in seconds.</summary>
public class LostPeerTests
{
    private const int Bit = 10;
    private const int Epoch = 1 << Bit;
    private const int Furthest = KeyChain.Ahead + KeyChain.Reach;
    private const int Enough = PacketCipher.SearchAfter + KeyChain.Reach;

    private readonly SecretBuffer _key = new("a session key has 32 bytes of it"u8);

    [OneTimeTearDown]
    public void Wipe() => _key.Dispose();

    [TestCase(CipherAlgorithm.Aes256Gcm, 3)]
    [TestCase(CipherAlgorithm.Aes256Gcm, Furthest)]
    [TestCase(CipherAlgorithm.ChaCha20Poly1305, 5)]
    [TestCase(CipherAlgorithm.Aes128Gcm, 30)]
    public void The_peer_is_found_again_and_the_flow_goes_on_both_ways(CipherAlgorithm algorithm, int epochs)
    {
        using var sender = Make(algorithm);
        using var receiver = Make(algorithm);
        Assert.That(Pass(sender, receiver), Is.True);
        Lose(sender, epochs);

        Assert.That(Until(sender, receiver), Is.InRange(PacketCipher.SearchAfter, Enough));
        Assert.That(receiver.Counts.Rotations, Is.EqualTo(sender.Counts.Rotations).And.EqualTo(epochs));
        Assert.That(receiver.Counts.Recoveries, Is.EqualTo(1));
        Assert.That(receiver.Counts.Searched, Is.LessThanOrEqualTo(KeyChain.Reach));
        for (var i = 0; i < 3 * Epoch; i++)
        {
            Assert.That(Pass(sender, receiver), Is.True, "across the next changes of key");
            Assert.That(Pass(receiver, sender), Is.True);
        }
        Lose(receiver, 4);
        Assert.That(Until(receiver, sender), Is.LessThanOrEqualTo(Enough), "and the other way round, again");
    }

    [Test]
    public void Two_epochs_ahead_no_search_is_needed()
    {
        using var sender = Make();
        using var receiver = Make();
        Lose(sender, KeyChain.Ahead);
        Assert.That(Pass(sender, receiver), Is.True);
        Assert.That(receiver.Counts.Searched, Is.Zero);
    }

    [Test]
    public void Beyond_the_reach_it_stays_lost_and_packets_are_only_dropped()
    {
        using var sender = Make();
        using var receiver = Make();
        Lose(sender, Furthest + 1);
        for (var i = 0; i < Epoch / 2; i++) Assert.That(Pass(sender, receiver), Is.False);
        Assert.That((receiver.Counts.Rotations, receiver.Counts.Recoveries), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void Forged_packets_move_nothing_and_cost_one_key_more_each_at_first_and_later_one_in_sixteen()
    {
        const int eager = 4 * KeyChain.Reach;
        const int part = 16_000;
        using var sender = Make();
        using var receiver = Make();
        Assert.That(Pass(sender, receiver), Is.True);
        var random = new Random(5);
        var forged = new byte[100];
        for (var i = 0; i < PacketCipher.SearchAfter; i++) Forge();
        Assert.That(receiver.Counts.Searched, Is.Zero, "damage alone starts no search");
        for (var i = 0; i < eager; i++) Forge();
        Assert.That(receiver.Counts.Searched, Is.EqualTo(eager));
        var many = 0;
        Assert.That(Allocations.Of(() =>
        {
            for (var i = 0; i < part; i++) Forge();
            many += part;
        }), Is.Zero);
        Assert.That(receiver.Counts.Searched, Is.EqualTo(eager + (many / 16)));
        Assert.That(receiver.Counts, Is.EqualTo(new PacketCipherCounts(0, 1, 0, PacketCipher.SearchAfter + eager + many, 0, eager + (many / 16), 0)));
        Assert.That(Pass(sender, receiver), Is.True);
        for (var i = 0; i < PacketCipher.SearchAfter; i++) Forge();
        Assert.That(receiver.Counts.Searched, Is.EqualTo(eager + (many / 16)), "a good packet ends a search");

        void Forge()
        {
            random.NextBytes(forged);
            if (receiver.TryOpen(forged)) Assert.Fail("opened");
        }
    }

    [Test]
    public void It_is_found_among_forged_packets_too_and_after_many_of_them()
    {
        using var sender = Make();
        using var receiver = Make();
        Lose(sender, 20);
        var random = new Random(6);
        var forged = new byte[100];
        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(forged);
            receiver.TryOpen(forged);
        }
        var packet = PacketCipherTests.Room(sender, [1, 2, 3, 4]);
        sender.TrySeal(packet);
        var found = false;
        // Three forged ones to each of the peer's, in an order that fits no round.
        for (var i = 0; i < 40_000 && !found; i++)
        {
            if (random.Next(4) != 0)
            {
                random.NextBytes(forged);
                receiver.TryOpen(forged);
                continue;
            }
            // The same packet again and again, so that the peer stays where it is.
            found = receiver.TryOpen(packet);
        }
        Assert.That(found, Is.True);
        Assert.That(receiver.Counts.Rotations, Is.EqualTo(20));
    }

    [Test]
    public void A_packet_of_before_the_loss_moves_nothing_back()
    {
        using var sender = Make();
        using var receiver = Make();
        var old = PacketCipherTests.Room(sender, [9]);
        sender.TrySeal(old);
        Lose(sender, 7);
        Until(sender, receiver);
        Assert.That(receiver.TryOpen(old), Is.False);
        Assert.That(receiver.Counts.Rotations, Is.EqualTo(7));
        Assert.That(Pass(sender, receiver), Is.True);
    }

    [Test]
    public void An_own_change_of_key_meanwhile_does_not_disturb_the_search()
    {
        using var a = Make();
        using var b = Make();
        Lose(a, 10);
        // B sends into the void, too, and changes its key in the middle of the search.
        for (var i = 0; i < Epoch - 20; i++) Seal(b);
        var tries = 0;
        while (!Pass(a, b))
        {
            Seal(b);
            Assert.That(++tries, Is.LessThanOrEqualTo(Enough + KeyChain.Reach));
        }
        Assert.That(b.Counts.Rotations, Is.EqualTo(10));
        Assert.That(Pass(b, a), Is.True);
    }

    private PacketCipher Make(CipherAlgorithm algorithm = CipherAlgorithm.Aes256Gcm) => new(algorithm, _key, new PacketCipherOptions { RotationBit = Bit });

    /// <summary>Seals packets that nobody gets, until the sender is some epochs further.</summary>
    private static void Lose(PacketCipher sender, int epochs)
    {
        for (var until = sender.Counts.Rotations + epochs; sender.Counts.Rotations < until;) Seal(sender);
    }

    private static void Seal(PacketCipher sender) => Assert.That(sender.TrySeal(PacketCipherTests.Room(sender, [1])), Is.True);

    /// <summary>How many packets are dropped before one is opened.</summary>
    private static int Until(PacketCipher sender, PacketCipher receiver)
    {
        var dropped = 0;
        while (!Pass(sender, receiver)) Assert.That(++dropped, Is.LessThan(Epoch));
        return dropped;
    }

    private static bool Pass(PacketCipher sender, PacketCipher receiver)
    {
        var packet = PacketCipherTests.Room(sender, [1, 2, 3, 4]);
        return sender.TrySeal(packet) && receiver.TryOpen(packet);
    }
}
