using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>Whole nodes in a small network: seeding, look-ups, loss, and what is answered when.</summary>
public sealed class LookupTests
{
    [Test]
    public void In_the_chain_of_capture_c_the_first_attempt_finds_what_took_the_reference_four()
    {
        var network = new DhtNetwork();
        var nodes = new List<NetworkNode> { network.Add(1) };
        for (ulong address = 2; address <= 6; address++) nodes.Add(network.Add(address, peer: address - 1));
        network.Run(0.2);
        network.Register(nodes[5], DhtNetwork.Key("oping"));
        network.Run(0.2);
        var result = network.Query(nodes[0], DhtNetwork.Key("oping"));
        Assert.That(result.Addresses, Is.EqualTo(new ulong[] { 6 }));
        Assert.That(result.Elapsed, Is.LessThan(200), "what the IRMd waits");
    }

    [Test]
    public void A_look_up_goes_over_as_many_hops_as_it_takes()
    {
        // Each node knows only the next, and every next one is nearer to the key.
        var network = new DhtNetwork();
        var key = DhtNetwork.Key("far");
        var ids = Enumerable.Range(0, 7).Select(i => key.RandomBelow(network.Random, 8 * i, 0xff ^ (key.Span[i] & 0x80), 8)).ToArray();
        for (var i = 1; i < ids.Length; i++)
        {
            var self = i;
            var address = (ulong)(i + 1);
            NetworkNode stub = null!;
            stub = network.Add(address, id: ids[i], stub: (from, bytes) =>
            {
                Assert.That(DhtEnvelope.TryParse(bytes, out var request), Is.True);
                if (!request.HasFind) return;
                var last = self == ids.Length - 1;
                stub.SendAs(from, new DhtMessage
                {
                    Code = (DhtCode)(request.Code + 1),
                    Source = new DhtContact(ids[self], address),
                    Key = new DhtKey(request.Find.Key),
                    Cookie = request.Find.Cookie,
                    Contacts = last ? [] : [new DhtContact(ids[self + 1], address + 1)],
                    Values = last && request.Code == (uint)DhtCode.FindValueRequest ? [0x77] : [],
                    IsMarked = true,
                });
            });
        }
        var node = network.Add(1, peer: 2, id: ids[0]);
        network.Run(0.03);
        var result = network.Query(node, key);
        Assert.That(result.Addresses, Is.EqualTo(new ulong[] { 0x77 }));
        Assert.That(result.Hops, Is.GreaterThanOrEqualTo(4));
    }

    [Test]
    public void Every_name_of_a_hundred_is_found_from_every_node_of_fifty_in_time_for_the_IRMd()
    {
        var (network, nodes) = Layer(50);
        for (var i = 0; i < 100; i++) network.Register(nodes[i % nodes.Count], DhtNetwork.Key($"name{i}"));
        network.Run(2);
        for (var i = 0; i < 100; i++)
        {
            var result = network.Query(nodes[(i * 7) % nodes.Count], DhtNetwork.Key($"name{i}"));
            if (i % nodes.Count == (i * 7) % nodes.Count) continue;
            Assert.That(result.Addresses, Is.EqualTo(new[] { nodes[i % nodes.Count].Address }), $"name{i}");
            Assert.That(result.Elapsed, Is.LessThan(200), $"name{i}");
        }
    }

    [Test]
    public void A_name_that_nobody_has_is_answered_as_soon_as_the_nearest_have_said_so()
    {
        var (network, nodes) = Layer(20);
        var result = network.Query(nodes[3], DhtNetwork.Key("nothere"), 0.3);
        Assert.That(result.Outcome, Is.EqualTo(DhtQueryOutcome.NotFound));
        Assert.That(result.Elapsed, Is.LessThan(150), "the reference takes 2 s");
        var sent = network.Sent.Count;
        Assert.That(network.Query(nodes[3], DhtNetwork.Key("nothere"), 0).Outcome, Is.EqualTo(DhtQueryOutcome.NotFound));
        Assert.That(network.Sent, Has.Count.EqualTo(sent), "and remembered for a second");
        network.Run(1);
        network.Register(nodes[9], DhtNetwork.Key("nothere"));
        network.Run(1);
        Assert.That(network.Query(nodes[3], DhtNetwork.Key("nothere")).Addresses, Is.EqualTo(new[] { nodes[9].Address }));
    }

    [Test]
    public void Without_contacts_a_query_ends_at_once_and_sends_nothing()
    {
        var network = new DhtNetwork();
        var node = network.Add(1);
        Assert.That(network.Query(node, DhtNetwork.Key("x"), 0).Outcome, Is.EqualTo(DhtQueryOutcome.NotFound));
        Assert.That(network.Sent, Is.Empty);
    }

    [Test]
    public void At_most_alpha_nodes_are_asked_at_a_time([Values(1, 3, 10)] int alpha)
    {
        var (network, nodes) = Layer(40, new DhtOptions { Alpha = alpha });
        network.Sent.Clear();
        network.Latency = 100;
        nodes[1].Core.Query(1, DhtNetwork.Key("x"), network.Now);
        network.Arm(nodes[1]);
        Assert.That(network.Sent.Count(s => s.From == nodes[1].Address), Is.EqualTo(Math.Min(alpha, 8)));
    }

    [Test]
    public void Dead_contacts_cost_a_time_out_but_not_the_result_and_are_dropped()
    {
        var (network, nodes) = Layer(30);
        var key = DhtNetwork.Key("alive");
        network.Register(nodes[0], key);
        network.Run(1);
        foreach (var dead in nodes.Skip(10).Take(10).ToList()) network.Remove(dead.Address);
        for (var i = 1; i < 10; i++)
        {
            var result = network.Query(nodes[i], key);
            Assert.That(result.Addresses, Is.EqualTo(new ulong[] { 1 }));
        }
        for (var i = 0; i < 40; i++) network.Query(nodes[1], DhtNetwork.Key($"unknown{i}"), 2);
        Assert.That(nodes[1].Core.Counters.Evictions, Is.GreaterThan(3));
        Assert.That(nodes[1].Contacts.Count(c => c.Address is >= 11 and <= 20), Is.Zero, "no dead contact is left");
    }

    [Test]
    public void A_contact_without_a_route_is_passed_over_at_once()
    {
        var (network, nodes) = Layer(20);
        var key = DhtNetwork.Key("routed");
        network.Register(nodes[0], key);
        network.Run(1);
        network.Route = (from, to) => from == 1 || to <= 10;
        var result = network.Query(nodes[5], key);
        Assert.That(result.Addresses, Is.EqualTo(new ulong[] { 1 }));
        Assert.That(result.Elapsed, Is.LessThan(100));
    }

    [Test]
    public void With_a_fifth_of_all_messages_lost_names_are_still_found()
    {
        var (network, nodes) = Layer(40);
        network.Drop = (_, _, _) => network.Random.Next(5) == 0;
        for (var i = 0; i < 40; i++) network.Register(nodes[i], DhtNetwork.Key($"n{i}"));
        network.Run(30);
        var found = 0;
        for (var i = 0; i < 200; i++)
        {
            if (network.Query(nodes[(i * 3) % 40], DhtNetwork.Key($"n{(i + 1) % 40}")).Addresses.Count > 0) found++;
        }
        Assert.That(found, Is.GreaterThanOrEqualTo(195));
    }

    [Test]
    public void Duplicate_late_and_forged_answers_change_nothing()
    {
        var network = new DhtNetwork();
        var node = network.Add(1);
        var asked = new List<(ulong From, ulong Cookie, DhtKey Key)>();
        NetworkNode stub = null!;
        stub = network.Add(2, stub: (from, bytes) =>
        {
            DhtEnvelope.TryParse(bytes, out var request);
            if (request.HasFind) asked.Add((from, request.Find.Cookie, new DhtKey(request.Find.Key)));
        });
        void Reply(int index, ulong cookie, ulong from, params ulong[] values) => network.Nodes[2].SendAs(1, new DhtMessage
        {
            Code = values.Length > 0 ? DhtCode.FindValueAnswer : DhtCode.FindNodeAnswer,
            Source = new DhtContact(stub.Id, from),
            Key = asked[index].Key,
            Cookie = cookie,
            Values = values,
            IsMarked = true,
        });
        network.Nodes[2].SendAs(1, new DhtMessage
        {
            Code = DhtCode.FindNodeRequest,
            Source = new DhtContact(stub.Id, 2),
            Key = stub.Id,
            Cookie = 5,
            IsMarked = true,
        });
        network.Run(0.05);
        Assert.That(asked, Has.Count.EqualTo(1), "a probe");
        Assert.That(node.Core.ContactCount, Is.Zero);
        Reply(0, asked[0].Cookie + 1, 2);
        Reply(0, asked[0].Cookie, 3);
        network.Run(0.05);
        Assert.That(node.Core.ContactCount, Is.Zero, "wrong cookie, wrong address");
        Assert.That(node.Core.Counters.Dropped(DhtDrop.UnknownCookie), Is.EqualTo(2));
        Reply(0, asked[0].Cookie, 2);
        network.Run(0.05);
        Assert.That(node.Core.ContactCount, Is.EqualTo(1));
        Reply(0, asked[0].Cookie, 2);
        network.Run(0.05);
        Assert.That(node.Core.Counters.Dropped(DhtDrop.UnknownCookie), Is.EqualTo(3), "the same again");

        asked.Clear();
        node.Core.Query(1, DhtNetwork.Key("q"), network.Now);
        network.Arm(node);
        network.Run(0.015);
        var query = asked.FindIndex(a => a.Key == DhtNetwork.Key("q"));
        network.Run(5);
        Assert.That(node.Results[0].Addresses, Is.Empty);
        Reply(query, asked[query].Cookie, 2, 0x99);
        network.Run(0.05);
        Assert.That(network.Query(node, DhtNetwork.Key("q"), 0.005).Addresses, Is.Empty, "an answer after the end of its look-up");
    }

    [Test]
    public void Who_answers_a_look_up_twice_while_another_is_silent_is_counted_once()
    {
        var network = new DhtNetwork();
        var node = network.Add(1);
        void Stub(ulong address, int answers) => network.Add(address, stub: (from, bytes) =>
        {
            if (!DhtEnvelope.TryParse(bytes, out var request) || !request.HasFind) return;
            var forValues = request.Code == (uint)DhtCode.FindValueRequest;
            for (var n = forValues ? answers : 1; n > 0; n--)
            {
                network.Nodes[address].SendAs(from, new DhtMessage
                {
                    Code = forValues ? DhtCode.FindValueAnswer : DhtCode.FindNodeAnswer,
                    Source = new DhtContact(network.Nodes[address].Id, address),
                    Key = new DhtKey(request.Find.Key),
                    Cookie = request.Find.Cookie,
                    IsMarked = true,
                });
            }
        });
        Stub(2, answers: 3);
        Stub(3, answers: 0);
        for (ulong address = 2; address <= 3; address++)
        {
            network.Nodes[address].SendAs(1, new DhtMessage
            {
                Code = DhtCode.FindNodeRequest,
                Source = new DhtContact(network.Nodes[address].Id, address),
                Key = node.Id,
                Cookie = 5,
                IsMarked = true,
            });
        }
        network.Run(0.5);
        Assert.That(node.Core.ContactCount, Is.EqualTo(2));
        Assert.That(network.Query(node, DhtNetwork.Key("q")).Outcome, Is.EqualTo(DhtQueryOutcome.NotFound));
        Assert.That(node.Core.Counters.Dropped(DhtDrop.Duplicate), Is.EqualTo(2));
    }

    [Test]
    public void Two_hundred_names_are_looked_up_at_once_and_more_than_can_wait_are_refused()
    {
        var (network, nodes) = Layer(30);
        for (var i = 0; i < 200; i++) network.Register(nodes[2], DhtNetwork.Key($"c{i}"));
        network.Run(5);
        for (var i = 0; i < 200; i++) nodes[20].Core.Query(i, DhtNetwork.Key($"c{i}"), network.Now);
        network.Arm(nodes[20]);
        network.Run(3);
        Assert.That(nodes[20].Results, Has.Count.EqualTo(200));
        Assert.That(nodes[20].Results.Count(r => r.Addresses.SequenceEqual([3UL])), Is.EqualTo(200));

        nodes[20].Results.Clear();
        for (var i = 0; i < 3000; i++) nodes[20].Core.Query(i, DhtNetwork.Key($"d{i}"), network.Now);
        network.Arm(nodes[20]);
        Assert.That(nodes[20].Core.LookupCount, Is.EqualTo(DhtNode.MaxLookups));
        Assert.That(nodes[20].Results.Count(r => r.Outcome == DhtQueryOutcome.Refused), Is.EqualTo(3000 - DhtNode.MaxLookups - DhtNode.MaxWaitingQueries));
        network.Run(5);
        Assert.That(nodes[20].Results, Has.Count.EqualTo(3000), "every query is answered");
        Assert.That(nodes[20].Core.LookupCount, Is.Zero);
    }

    [Test]
    public void Queries_for_one_key_share_a_look_up()
    {
        var (network, nodes) = Layer(20);
        network.Sent.Clear();
        for (var i = 0; i < 50; i++) nodes[4].Core.Query(i, DhtNetwork.Key("shared"), network.Now);
        Assert.That(nodes[4].Core.LookupCount, Is.EqualTo(1));
        network.Arm(nodes[4]);
        network.Run(1);
        Assert.That(nodes[4].Results, Has.Count.EqualTo(50));
    }

    [Test]
    public void A_seed_that_cannot_answer_yet_is_asked_again_until_it_does()
    {
        var network = new DhtNetwork();
        network.Add(1);
        network.Drop = (from, _, _) => from == 1;
        var node = network.Add(2, peer: 1);
        network.Run(20);
        Assert.That(node.Core.IsSeeded, Is.False);
        Assert.That(network.Sent.Count(s => s.From == 2), Is.InRange(4, 12), "with pauses that grow");
        network.Drop = (_, _, _) => false;
        network.Run(11);
        Assert.That(node.Core.IsSeeded, Is.True);
    }

    [Test]
    public void A_node_whose_peer_is_gone_finds_the_directory_through_another_member_that_routing_knows()
    {
        var network = new DhtNetwork();
        network.Add(1);
        network.Add(2, peer: 1);
        var node = network.Add(3, peer: 99);
        node.KnownMembers = [2];
        network.Run(10);
        Assert.That(node.Core.IsSeeded, Is.True);
    }

    [Test]
    public void Two_nodes_that_first_met_each_other_still_find_the_rest()
    {
        // The seed of 21 is lost, 22 seeds itself from 21: each has a contact, and neither knows anybody else.
        var (network, nodes) = Layer(20);
        network.Drop = (from, to, _) => (from == 21 && to <= 20) || (to == 21 && from <= 20);
        var lost = network.Add(21, peer: 1);
        network.Add(22, peer: 21);
        network.Run(0.2);
        Assert.That(lost.Core.ContactCount, Is.EqualTo(1));
        network.Drop = (_, _, _) => false;
        network.Run(10);
        Assert.That(lost.Core.ContactCount, Is.GreaterThan(10));
        Assert.That(network.Nodes[22].Core.ContactCount, Is.GreaterThan(10));
    }

    [Test]
    public void After_a_partition_the_parts_find_each_other_through_routing()
    {
        var (network, nodes) = Layer(20);
        network.Drop = (from, to, _) => from <= 10 != to <= 10;
        for (var round = 0; round < 60; round++)
        {
            foreach (var node in nodes)
            {
                node.Core.Query(round, DhtNetwork.Key($"n{round}"), network.Now);
                network.Arm(node);
            }
            network.Run(10);
        }
        Assert.That(nodes[0].Contacts.All(c => c.Address <= 10), Is.True, "the others are given up");
        network.Drop = (_, _, _) => false;
        foreach (var node in nodes) node.KnownMembers = [.. nodes.Select(n => n.Address)];
        network.Register(nodes[2], DhtNetwork.Key("again"));
        network.Run(1000);
        Assert.That(network.Query(nodes[15], DhtNetwork.Key("again")).Addresses, Is.EqualTo(new ulong[] { 3 }));
        Assert.That(nodes[0].Core.ContactCount, Is.EqualTo(19));
    }

    [Test]
    public void A_peer_that_restarts_with_a_new_id_replaces_its_old_contact()
    {
        var network = new DhtNetwork();
        var first = network.Add(1);
        network.Add(2, peer: 1);
        network.Run(5);
        var old = network.Nodes[2].Id;
        network.Remove(2);
        network.Add(2, peer: 1);
        network.Run(10);
        Assert.That(first.Contacts.Select(c => c.Id), Is.EqualTo(new[] { network.Nodes[2].Id }));
        Assert.That(first.Contacts.Select(c => c.Id), Has.No.Member(old));
    }

    [Test]
    public void Every_combination_of_allowed_times_gives_sane_intervals_and_a_layer_that_keeps_its_names(
        [Values(10, 3600, 86400)] int expire, [Values(3, 900, 3600)] int refresh, [Values(3, 900, 3600)] int replicate)
    {
        var options = new DhtOptions
        {
            Expire = TimeSpan.FromSeconds(expire),
            Refresh = TimeSpan.FromSeconds(refresh),
            Replicate = TimeSpan.FromSeconds(replicate),
        };
        Assert.That(options.MaintenanceInterval.TotalSeconds, Is.InRange(1, 30));
        Assert.That(options.RepublishInterval, Is.LessThan(options.Lifetime / 2));
        Assert.That(options.LeastRepublishInterval.TotalSeconds, Is.GreaterThanOrEqualTo(1));
        Assert.That(options.Lifetime, Is.LessThanOrEqualTo(options.Expire));
        var (network, nodes) = Layer(5, options);
        network.Register(nodes[0], DhtNetwork.Key("kept"));
        network.Run(Math.Min(3 * expire, 4000));
        Assert.That(network.Query(nodes[4], DhtNetwork.Key("kept")).Addresses, Is.EqualTo(new ulong[] { 1 }));
        Assert.That(nodes[4].Core.ValueCount, Is.EqualTo(1));
    }

    internal static (DhtNetwork Network, List<NetworkNode> Nodes) Layer(int count, DhtOptions? options = null, int seed = 1)
    {
        var network = new DhtNetwork(seed);
        var nodes = new List<NetworkNode>();
        for (var i = 1; i <= count; i++)
        {
            nodes.Add(network.Add((ulong)i, peer: i == 1 ? 0 : (ulong)network.Random.Next(1, i), options));
            network.Run(0.1);
        }
        network.Run(20);
        return (network, nodes);
    }
}
