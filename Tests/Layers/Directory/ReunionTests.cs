using Ouroboros.Layers.Unicast.Directory.Dht;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>Members that were away and come back, alone or with half of the layer.</summary>
public sealed class ReunionTests
{
    private static readonly Ouroboros.Layers.Unicast.Directory.Dht.Routing.DhtKey s_key = DhtNetwork.Key("svc");

    [Test]
    public void Two_parts_of_a_layer_that_meet_find_each_others_names()
    {
        var network = new DhtNetwork { Route = (a, b) => (a <= 8) == (b <= 8) };
        var left = network.Add(1);
        for (ulong n = 2; n <= 8; n++) network.Add(n, peer: 1);
        var right = network.Add(9);
        for (ulong n = 10; n <= 16; n++) network.Add(n, peer: 9);
        network.Register(network.Nodes[3], s_key);
        network.Run(10);
        Assert.That(network.Query(right, s_key).Outcome, Is.EqualTo(DhtQueryOutcome.NotFound), "apart");

        network.Route = (_, _) => true;
        foreach (var node in network.Nodes.Values)
        {
            var others = network.Nodes.Keys.Where(a => (a <= 8) != (node.Address <= 8)).ToList();
            node.Core.Gain(others, 15, network.Now);
            network.Arm(node);
        }
        network.Run(5);
        Assert.That(network.Query(right, s_key).Addresses, Is.EqualTo(new ulong[] { 3 }));
        Assert.That(left.Core.ContactCount, Is.GreaterThan(8));
    }

    [Test]
    public void The_first_member_that_comes_back_without_anybody_to_ask_joins_those_that_routing_finds()
    {
        var network = new DhtNetwork();
        network.Add(1);
        for (ulong n = 2; n <= 5; n++) network.Add(n, peer: 1);
        network.Run(10);
        network.Remove(1);
        foreach (var node in network.Nodes.Values) node.Core.Lose(1, network.Now);
        var back = network.Add(1);
        network.Register(back, s_key);
        network.Run(1);
        Assert.That(back.Core.IsSeeded, Is.False);

        back.KnownMembers = [2, 3, 4, 5];
        back.Core.Gain([2, 3, 4, 5], 4, network.Now);
        network.Arm(back);
        network.Run(3);
        Assert.That(back.Core.ContactCount, Is.EqualTo(4));
        foreach (var node in network.Nodes.Values.Where(n => n != back)) Assert.That(network.Query(node, s_key).Addresses, Is.EqualTo(new ulong[] { 1 }));
    }

    [Test]
    public void One_newcomer_among_many_is_left_to_find_us()
    {
        var network = new DhtNetwork();
        var node = network.Add(1);
        for (ulong n = 2; n <= 9; n++) network.Add(n, peer: 1);
        network.Run(10);
        network.Sent.Clear();
        node.Core.Gain([77], 9, network.Now);
        network.Arm(node);
        network.Run(1);
        Assert.That(network.Sent.Where(s => s.To == 77), Is.Empty);
    }

    [Test]
    public void An_address_that_routing_does_not_reach_is_passed_over_for_one_that_it_does()
    {
        var network = new DhtNetwork();
        network.Add(1);
        for (ulong n = 2; n <= 6; n++) network.Add(n, peer: 1);
        network.Register(network.Nodes[2], s_key);
        network.Run(10);
        // The process of member 2 ends; it comes back with another address, and others still have what it said before.
        network.Remove(2);
        network.Route = (_, to) => to != 2;
        foreach (var node in network.Nodes.Values) node.Core.Lose(2, network.Now);
        Assert.That(network.Query(network.Nodes[3], s_key).Addresses, Is.EqualTo(new ulong[] { 2 }), "routing may be about to find a way");
        network.Register(network.Add(7, peer: 1), s_key);
        network.Run(5);
        foreach (var node in network.Nodes.Values.Where(n => n.Address != 7)) Assert.That(network.Query(node, s_key).Addresses, Is.EqualTo(new ulong[] { 7 }));
    }
}
