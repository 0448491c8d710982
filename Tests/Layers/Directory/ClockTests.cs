using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Storage;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>Expiry travels as a time of the wall clock: what members whose clocks differ make of it, and what all make of it when its 32 bits begin again.</summary>
public sealed class ClockTests
{
    private const long Minute = 60;
    private const long Wrap = 1L << 32;

    [Test]
    public void Members_whose_clocks_are_ten_minutes_apart_find_each_others_names_and_forget_who_is_gone()
    {
        // 5 minutes behind, right, 5 minutes ahead, in turn.
        var (network, nodes) = Layer(12, new DhtNetwork { Skew = address => ((long)(address % 3) - 1) * 5 * Minute });
        foreach (var node in nodes) network.Register(node, Name(node));
        network.Run(10);
        Assert.That(nodes.Select(n => n.Core.ValueCount), Is.All.EqualTo(11));
        // Over several rounds of publication: neither those ahead nor those behind lose any in between.
        for (var round = 0; round < 8; round++)
        {
            network.Run(15 * Minute);
            Assert.That(nodes.Select(n => n.Core.ValueCount), Is.All.EqualTo(11));
        }
        foreach (var node in nodes)
        {
            foreach (var other in nodes.Where(n => n != node))
            {
                Assert.That(network.Query(node, Name(other)).Addresses, Is.EqualTo(new[] { other.Address }));
            }
        }
        var gone = nodes[0];
        network.Remove(gone.Address);
        // Life of a value is three and a half rounds of 15 minutes; whose clock is behind the owner's keeps it for the difference longer.
        network.Run((3.5 * 15 * Minute) + (10 * Minute) + (2 * Minute));
        Assert.That(nodes.Skip(1).Select(n => n.Core.ValueCount), Is.All.EqualTo(10));
        Assert.That(network.Query(nodes[1], Name(gone)).Addresses, Is.Empty);
    }

    [Test]
    public void In_2106_names_are_found_before_and_after_the_seconds_begin_again_and_expire_as_ever()
    {
        var (network, nodes) = Layer(12, new DhtNetwork { Begins = Wrap - (20 * Minute) });
        foreach (var node in nodes) network.Register(node, Name(node));
        for (var round = 0; round < 8; round++)
        {
            network.Run(10 * Minute);
            Assert.That(nodes.Select(n => n.Core.ValueCount), Is.All.EqualTo(11));
            Assert.That(network.Query(nodes[round], Name(nodes[round + 1])).Addresses, Is.EqualTo(new[] { nodes[round + 1].Address }));
        }
        Assert.That(network.Now.UnixSeconds, Is.GreaterThan(Wrap + (50 * Minute)));
        network.Remove(nodes[0].Address);
        network.Run((3.5 * 15 * Minute) + (2 * Minute));
        Assert.That(nodes.Skip(1).Select(n => n.Core.ValueCount), Is.All.EqualTo(10));
    }

    [TestCase(1_795_216_000L, 1_795_216_600u, ExpectedResult = 1_795_216_600L, TestName = "Expiry_soon")]
    [TestCase(1_795_216_000L, 1_795_215_999u, ExpectedResult = 1_795_215_999L, TestName = "Expiry_a_second_ago")]
    [TestCase(1_795_216_000L, uint.MaxValue, ExpectedResult = Wrap - 1, TestName = "Expiry_at_the_end_of_the_seconds_is_far_ahead_and_not_the_past")]
    [TestCase(1_795_216_000L, 5u, ExpectedResult = 5L, TestName = "Expiry_in_1970_is_past_and_not_the_next_round")]
    [TestCase(Wrap - 10, 5u, ExpectedResult = Wrap + 5, TestName = "Expiry_after_the_wrap_seen_before_it")]
    [TestCase(Wrap + 5, uint.MaxValue, ExpectedResult = Wrap - 1, TestName = "Expiry_before_the_wrap_seen_after_it")]
    [TestCase(Wrap + 5, 605u, ExpectedResult = Wrap + 605, TestName = "Expiry_after_the_wrap_seen_after_it")]
    public long An_end_is_taken_for_the_time_that_was_meant(long now, uint sent) => DhtExpiry.Of(sent, now);

    [Test]
    public void An_end_never_travels_as_a_withdrawal()
    {
        Assert.That(DhtExpiry.ToSend(Wrap + 1), Is.EqualTo(2));
        Assert.That(DhtExpiry.ToSend(Wrap + 2), Is.EqualTo(2));
        Assert.That(DhtExpiry.ToSend(Wrap), Is.Zero);
        Assert.That(DhtExpiry.ToSend(1_795_216_000), Is.EqualTo(1_795_216_000));
    }

    private static DhtKey Name(NetworkNode of) => DhtNetwork.Key($"clock{of.Address}");

    private static (DhtNetwork Network, List<NetworkNode> Nodes) Layer(int count, DhtNetwork network)
    {
        var nodes = new List<NetworkNode>();
        for (ulong address = 1; address <= (ulong)count; address++)
        {
            nodes.Add(network.Add(address, peer: address == 1 ? 0UL : 1));
            network.Run(0.2);
        }
        network.Run(20);
        return (network, nodes);
    }
}
