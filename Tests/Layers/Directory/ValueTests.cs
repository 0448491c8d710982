using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>Registrations, replication, expiry, withdrawal, and values that are not their owners'.</summary>
public sealed class ValueTests
{
    private static readonly DhtKey s_key = DhtNetwork.Key("victim");

    [Test]
    public void A_value_is_kept_by_the_k_nearest_of_a_large_layer_and_by_everybody_in_a_small_one()
    {
        var (small, few) = LookupTests.Layer(12);
        small.Register(few[0], s_key);
        small.Run(2);
        Assert.That(few.Count(n => n.Core.ValueCount == 1), Is.EqualTo(11));

        var (large, many) = LookupTests.Layer(80);
        large.Register(many[0], s_key);
        large.Run(1);
        var nearest = many.Skip(1).OrderBy(n => n.Id, Comparer<DhtKey>.Create((a, b) => a == b ? 0 : s_key.IsNearer(a, b) ? -1 : 1)).Take(8);
        Assert.That(many.Where(n => n.Core.ValueCount == 1).Select(n => n.Address), Is.EquivalentTo(nearest.Select(n => n.Address)));
    }

    [Test]
    public void Registering_without_contacts_sends_nothing_and_reaches_the_first_contact_when_there_is_one()
    {
        var network = new DhtNetwork();
        var node = network.Add(1);
        network.Register(node, s_key);
        network.Run(10);
        Assert.That(network.Sent, Is.Empty);
        var second = network.Add(2, peer: 1);
        network.Run(5);
        Assert.That(second.Core.ValueCount, Is.EqualTo(1));
        Assert.That(network.Query(second, s_key).Addresses, Is.EqualTo(new ulong[] { 1 }));
    }

    [Test]
    public void Every_name_is_published_again_so_that_none_is_lost_while_it_is_registered()
    {
        // The times of capture b, in which the reference lost one of two names after 30 s.
        var options = new DhtOptions { Expire = TimeSpan.FromSeconds(30), Refresh = TimeSpan.FromSeconds(5), Replicate = TimeSpan.FromSeconds(5) };
        var (network, nodes) = LookupTests.Layer(4, options);
        for (var i = 0; i < 20; i++) network.Register(nodes[1], DhtNetwork.Key($"svc{i}"));
        network.Run(600);
        for (var i = 0; i < 20; i++)
        {
            Assert.That(network.Query(nodes[3], DhtNetwork.Key($"svc{i}")).Addresses, Is.EqualTo(new ulong[] { 2 }));
            Assert.That(nodes[3].Core.ValueCount, Is.EqualTo(20));
        }
    }

    [Test]
    public void What_an_owner_that_is_gone_left_behind_expires_within_three_and_a_half_rounds()
    {
        var (network, nodes) = LookupTests.Layer(12);
        network.Register(nodes[5], s_key);
        network.Run(10);
        network.Remove(nodes[5].Address);
        network.Run(900);
        Assert.That(nodes.Count(n => n != nodes[5] && n.Core.ValueCount == 1), Is.GreaterThan(7));
        network.Run((3.5 * 900) + 120);
        Assert.That(nodes.Where(n => n != nodes[5]).Sum(n => n.Core.ValueCount), Is.Zero);
    }

    [Test]
    public void Copies_move_on_to_new_nodes_though_the_owner_is_silent()
    {
        var options = new DhtOptions { Replicate = TimeSpan.FromSeconds(60), Refresh = TimeSpan.FromSeconds(60) };
        var (network, nodes) = LookupTests.Layer(45, options);
        network.Register(nodes[0], s_key);
        network.Run(2);
        network.Remove(nodes[0].Address);
        foreach (var holder in nodes.Where(n => n.Core.ValueCount > 0).Take(5).ToList()) network.Remove(holder.Address);
        network.Run(150);
        Assert.That(network.Nodes.Values.Count(n => n.Core.ValueCount > 0), Is.GreaterThanOrEqualTo(6));
    }

    [Test]
    public void Unregistering_takes_the_name_back_from_everybody_who_keeps_it()
    {
        var (network, nodes) = LookupTests.Layer(60);
        network.Register(nodes[0], s_key);
        network.Run(2);
        Assert.That(nodes.Sum(n => n.Core.ValueCount), Is.GreaterThan(0));
        network.Drop = (_, _, _) => network.Random.Next(10) == 0;
        network.Unregister(nodes[0], s_key);
        network.Run(6);
        Assert.That(nodes.Sum(n => n.Core.ValueCount), Is.Zero);
        Assert.That(network.Query(nodes[7], s_key).Addresses, Is.Empty);
        Assert.That(nodes[0].Core.Unregister(s_key, network.Now), Is.False);
    }

    [Test]
    public void An_owner_that_unregisters_and_goes_is_taken_at_its_word()
    {
        var (network, nodes) = LookupTests.Layer(20);
        network.Register(nodes[0], s_key);
        network.Run(2);
        network.Unregister(nodes[0], s_key);
        network.Remove(nodes[0].Address);
        network.Run(10);
        Assert.That(nodes.Skip(1).Sum(n => n.Core.ValueCount), Is.Zero);
    }

    [Test]
    public void A_withdrawal_that_somebody_else_made_up_does_nothing()
    {
        var (network, nodes) = LookupTests.Layer(20);
        network.Register(nodes[0], s_key);
        network.Run(2);
        for (ulong to = 2; to <= 20; to++)
        {
            nodes[10].SendAs(to, Store(nodes[0].Id, 1, s_key, 1, DhtNode.WithdrawnExpiry));
        }
        network.Run(10);
        Assert.That(nodes.Skip(1).Count(n => n.Core.ValueCount == 1), Is.EqualTo(19));
    }

    [Test]
    public void A_poisoned_value_loses_to_the_owners_whoever_was_first()
    {
        var (network, nodes) = LookupTests.Layer(20);
        // Eight wrong addresses, from somebody who says that he is each of them.
        for (ulong wrong = 5000; wrong < 5008; wrong++)
        {
            for (ulong to = 1; to <= 20; to++) nodes[19].SendAs(to, Store(nodes[19].Id, wrong, s_key, wrong, uint.MaxValue));
        }
        network.Run(1);
        network.Register(nodes[3], s_key);
        network.Run(3);
        foreach (var node in nodes.Where(n => n != nodes[3] && n != nodes[19]))
        {
            Assert.That(network.Query(node, s_key).Addresses, Is.EqualTo(new ulong[] { 4 }), $"node {node.Address}");
        }
        // And afterwards.
        for (ulong wrong = 6000; wrong < 6100; wrong++) nodes[19].SendAs(8, Store(nodes[19].Id, wrong, s_key, wrong, uint.MaxValue));
        network.Run(3);
        Assert.That(network.Query(nodes[7], s_key).Addresses, Is.EqualTo(new ulong[] { 4 }));
    }

    [Test]
    public void A_value_that_points_at_somebody_who_did_not_register_it_is_dropped()
    {
        var (network, nodes) = LookupTests.Layer(10);
        nodes[9].SendAs(3, Store(nodes[9].Id, 10, s_key, 5, (uint)DhtNetwork.UnixStart + 5000));
        network.Run(1);
        Assert.That(nodes[2].Core.ValueCount, Is.Zero);
        Assert.That(nodes[2].Core.Counters.Dropped(DhtDrop.Denied), Is.EqualTo(1));
    }

    [Test]
    public void Nobody_else_says_what_is_registered_here()
    {
        var (network, nodes) = LookupTests.Layer(10);
        nodes[9].SendAs(3, Store(nodes[9].Id, 10, s_key, 3, (uint)DhtNetwork.UnixStart + 5000));
        network.Run(1);
        Assert.That(nodes[2].Core.ValueCount, Is.Zero);
        Assert.That(nodes[2].Core.Counters.Dropped(DhtDrop.OwnValue), Is.EqualTo(1));
    }

    [Test]
    public void Whom_owners_have_confirmed_is_not_pushed_out_by_one_more_of_the_key_or_of_another()
    {
        var (network, nodes) = LookupTests.Layer(12, new DhtOptions { MaxValues = 9, MaxValuesPerPeer = 9 });
        foreach (var node in nodes.Take(8)) network.Register(node, s_key);
        network.Run(3);
        var keeper = nodes[11].Core;
        Assert.That((keeper.ValueCount, keeper.Counters.Confirmed), Is.EqualTo((8, 8L)));
        network.Register(nodes[8], s_key);
        network.Run(3);
        Assert.That(keeper.ValueCount, Is.EqualTo(8));
        Assert.That(keeper.Counters.Dropped(DhtDrop.KeyFull), Is.Positive);
        network.Register(nodes[9], DhtNetwork.Key("another"));
        network.Run(3);
        Assert.That(keeper.ValueCount, Is.EqualTo(9));
        network.Register(nodes[10], DhtNetwork.Key("one too many"));
        network.Run(3);
        Assert.That(keeper.ValueCount, Is.EqualTo(9));
        Assert.That(keeper.Counters.Dropped(DhtDrop.StoreFull), Is.Positive);
        Assert.That(network.Query(nodes[11], s_key).Addresses, Is.EquivalentTo(new ulong[] { 1, 2, 3, 4, 5, 6, 7, 8 }));
    }

    [Test]
    public void A_name_can_be_registered_at_many_addresses()
    {
        var (network, nodes) = LookupTests.Layer(20);
        foreach (var node in nodes.Take(5)) network.Register(node, s_key);
        network.Run(3);
        Assert.That(network.Query(nodes[15], s_key).Addresses, Is.EquivalentTo(new ulong[] { 1, 2, 3, 4, 5 }));
        Assert.That(network.Query(nodes[0], s_key).Addresses, Is.EquivalentTo(new ulong[] { 2, 3, 4, 5 }), "without its own");
        network.Unregister(nodes[1], s_key);
        network.Run(3);
        Assert.That(network.Query(nodes[14], s_key).Addresses, Is.EquivalentTo(new ulong[] { 1, 3, 4, 5 }));
    }

    [Test]
    public void A_name_that_is_registered_only_here_is_not_found_and_one_that_another_has_too_is_found_there()
    {
        var (network, nodes) = LookupTests.Layer(6);
        network.Register(nodes[0], s_key);
        network.Run(2);
        Assert.That(network.Query(nodes[0], s_key).Addresses, Is.Empty);
        nodes[4].SendAs(1, Store(nodes[4].Id, 5, s_key, 1_234_321, (uint)network.Now.UnixSeconds + 600));
        network.Run(1.2);
        Assert.That(network.Query(nodes[0], s_key).Addresses, Is.EqualTo(new ulong[] { 1_234_321 }));
    }

    [Test]
    public void A_later_expiry_counts_and_an_earlier_one_does_not()
    {
        var network = new DhtNetwork();
        var node = network.Add(1);
        var stub = network.Add(2, stub: (_, _) => { });
        var start = (uint)network.Now.UnixSeconds;
        stub.SendAs(1, Store(stub.Id, 2, s_key, 2, start + 100));
        stub.SendAs(1, Store(stub.Id, 2, s_key, 2, start + 300));
        stub.SendAs(1, Store(stub.Id, 2, s_key, 2, start + 50));
        stub.SendAs(1, Store(stub.Id, 2, s_key, 2, start - 1));
        network.Run(250);
        Assert.That(node.Core.ValueCount, Is.EqualTo(1));
        Assert.That(node.Core.Counters.Dropped(DhtDrop.Expired), Is.EqualTo(1));
        network.Run(100);
        Assert.That(node.Core.ValueCount, Is.Zero);
    }

    [Test]
    public void A_failed_flow_makes_the_next_query_search_anew()
    {
        var (network, nodes) = LookupTests.Layer(50);
        var holder = nodes.First(n => n.Core.ValueCount == 0);
        network.Register(nodes[30], s_key);
        network.Run(2);
        holder = nodes.Last(n => n.Core.ValueCount == 0 && n != nodes[30]);
        Assert.That(network.Query(holder, s_key).Outcome, Is.EqualTo(DhtQueryOutcome.Found));
        Assert.That(network.Query(holder, s_key, 0).Outcome, Is.EqualTo(DhtQueryOutcome.FoundHere));
        holder.Core.Forget(s_key, nodes[30].Address, network.Now);
        Assert.That(network.Query(holder, s_key).Outcome, Is.EqualTo(DhtQueryOutcome.Found));
    }

    [Test]
    public void A_million_stores_stay_within_the_bounds_by_peer_and_in_all_and_do_not_push_out_what_is_confirmed()
    {
        var options = new DhtOptions { MaxValues = 1000, MaxValuesPerPeer = 100 };
        var (network, nodes) = LookupTests.Layer(3, options);
        network.Register(nodes[1], s_key);
        network.Run(3);
        Assert.That(nodes[0].Core.ValueCount, Is.EqualTo(1));
        var random = new Random(3);
        var bytes = new byte[32];
        var expiry = (uint)network.Now.UnixSeconds + 600;
        for (var i = 0; i < 1_000_000; i++)
        {
            random.NextBytes(bytes);
            var from = (ulong)(i < 500_000 ? 77 : random.Next(100, 100_000));
            nodes[0].Core.Receive(Store(nodes[2].Id, from, new DhtKey(bytes), from + 1, expiry), network.Now);
            if (i == 499_999) Assert.That(nodes[0].Core.ValueCount, Is.EqualTo(101));
        }
        Assert.That(nodes[0].Core.ValueCount, Is.EqualTo(1000));
        Assert.That(nodes[0].Core.Counters.Dropped(DhtDrop.PeerQuota), Is.GreaterThanOrEqualTo(499_000));
        Assert.That(network.Query(nodes[0], s_key, 0).Addresses, Is.EqualTo(new ulong[] { 2 }));
    }

    private static DhtMessage Store(DhtKey id, ulong source, DhtKey key, ulong value, uint expiry) => new()
    {
        Code = DhtCode.Store,
        Source = new DhtContact(id, source),
        Key = key,
        Value = value,
        Expiry = expiry,
    };
}
