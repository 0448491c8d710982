using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>The list of dht.md section 16, as far as a node can do something about it.</summary>
public sealed class HostileTests
{
    [Test]
    public void A_node_that_answers_everything_with_itself_keeps_nobody_from_the_others()
    {
        var (network, nodes) = LookupTests.Layer(20);
        NetworkNode liar = null!;
        liar = network.Add(666, stub: (from, bytes) =>
        {
            DhtEnvelope.TryParse(bytes, out var request);
            if (!request.HasFind) return;
            liar.SendAs(from, new DhtMessage
            {
                Code = (DhtCode)(request.Code + 1),
                Source = new DhtContact(liar.Id, 666),
                Key = new DhtKey(request.Find.Key),
                Cookie = request.Find.Cookie,
                Contacts = [.. Enumerable.Repeat(new DhtContact(liar.Id, 666), 8)],
            });
        });
        foreach (var node in nodes) liar.SendAs(node.Address, Request(liar.Id, 666));
        network.Run(1);
        Assert.That(nodes.Count(n => n.Contacts.Any(c => c.Address == 666)), Is.GreaterThan(10), "it is there, and answers");
        network.Register(nodes[0], DhtNetwork.Key("honest"));
        network.Run(1);
        foreach (var node in nodes.Skip(1)) Assert.That(network.Query(node, DhtNetwork.Key("honest")).Addresses, Is.EqualTo(new ulong[] { 1 }));
    }

    [Test]
    public void An_answer_full_of_made_up_contacts_does_not_enter_the_table_and_does_not_end_the_look_up_wrongly()
    {
        var (network, nodes) = LookupTests.Layer(12);
        NetworkNode liar = null!;
        liar = network.Add(666, stub: (from, bytes) =>
        {
            DhtEnvelope.TryParse(bytes, out var request);
            if (!request.HasFind) return;
            var key = new DhtKey(request.Find.Key);
            liar.SendAs(from, new DhtMessage
            {
                Code = (DhtCode)(request.Code + 1),
                Source = new DhtContact(liar.Id, 666),
                Key = key,
                Cookie = request.Find.Cookie,
                // Nearer to the key than anybody, at addresses where nobody is; some of no layer, some with short ids.
                Contacts = Enumerable.Range(0, 40).Select(i => new DhtContact(
                    i % 5 == 0 ? new DhtKey(new byte[8]) : key.RandomBelow(network.Random, 40, 0, 1),
                    i % 7 == 0 ? 0 : i % 11 == 0 ? ulong.MaxValue : (ulong)network.Random.Next(10_000, int.MaxValue))).ToArray(),
            });
        });
        foreach (var node in nodes) liar.SendAs(node.Address, Request(liar.Id, 666));
        network.Run(5);
        network.Register(nodes[0], DhtNetwork.Key("honest"));
        network.Run(5);
        foreach (var node in nodes.Skip(1)) Assert.That(network.Query(node, DhtNetwork.Key("honest")).Addresses, Is.EqualTo(new ulong[] { 1 }));
        foreach (var node in nodes) Assert.That(node.Contacts.All(c => c.Address is <= 12 or 666), Is.True);
        Assert.That(nodes.Sum(n => n.Core.Counters.Dropped(DhtDrop.Contact)), Is.GreaterThan(0));
        Assert.That(nodes.Sum(n => n.Core.Counters.Dropped(DhtDrop.Excess)), Is.GreaterThan(0));
    }

    [Test]
    public void A_flood_of_requests_from_made_up_addresses_costs_a_bounded_number_of_probes()
    {
        var (network, nodes) = LookupTests.Layer(5);
        network.Sent.Clear();
        for (ulong i = 0; i < 20_000; i++)
        {
            var id = DhtKey.Random(network.Random, 32);
            nodes[0].Core.Receive(
                new DhtMessage { Code = DhtCode.FindNodeRequest, Source = new DhtContact(id, 1000 + i), Key = id, Cookie = i }, network.Now);
        }
        network.Arm(nodes[0]);
        Assert.That(Requests(network, 1), Is.LessThanOrEqualTo(64));
        Assert.That(nodes[0].Core.Counters.Dropped(DhtDrop.ProbeLimit), Is.Positive);
        network.Run(10);
        Assert.That(Requests(network, 1), Is.LessThanOrEqualTo(64 * 4));
        Assert.That(nodes[0].Core.ContactCount, Is.EqualTo(4));
    }

    [Test]
    public void A_request_that_names_a_victim_draws_one_answer_and_at_most_three_small_probes()
    {
        var (network, nodes) = LookupTests.Layer(5);
        network.Sent.Clear();
        nodes[0].Core.Receive(
            new DhtMessage
            {
                Code = DhtCode.FindNodeRequest,
                Source = new DhtContact(DhtKey.Random(network.Random, 32), 4242),
                Key = nodes[0].Id,
                Cookie = 1,
            },
            network.Now);
        network.Arm(nodes[0]);
        network.Run(20);
        Assert.That(network.Sent.Count(s => s.To == 4242), Is.LessThanOrEqualTo(4));
    }

    [Test]
    public void Without_routes_nothing_is_sent_in_bursts()
    {
        var (network, nodes) = LookupTests.Layer(10);
        for (var i = 0; i < 100; i++) network.Register(nodes[0], DhtNetwork.Key($"r{i}"));
        network.Run(3);
        network.Route = (_, _) => false;
        var before = nodes[0].Core.Counters.Unsendable;
        network.Run(600);
        // 100 names, each at most every few seconds, to contacts that are dropped after three failures: far from the 14,000 a second of the reference.
        Assert.That(nodes[0].Core.Counters.Unsendable - before, Is.LessThan(3000));
    }

    [Test]
    public void No_answer_is_longer_than_what_fits_with_the_longest_keys_and_largest_k()
    {
        var options = new DhtOptions { K = 20, KeyLength = 64 };
        var network = new DhtNetwork();
        for (ulong address = 1; address <= 60; address++)
        {
            network.Add(0xff00_0000 + address, address == 1 ? 0 : 0xff00_0001, options, DhtKey.Random(network.Random, 64));
            network.Run(0.1);
        }
        network.Run(5);
        Assert.That(network.Sent.Max(s => s.Bytes.Length), Is.InRange(1000, options.MaxMessageLength));
    }

    private static int Requests(DhtNetwork network, ulong from) => network.Sent.Count(s =>
        s.From == from && DhtEnvelope.TryParse(s.Bytes, out var m) && (DhtCode)m.Code is DhtCode.FindNodeRequest or DhtCode.FindValueRequest);

    private static DhtMessage Request(DhtKey id, ulong address) => new()
    {
        Code = DhtCode.FindNodeRequest,
        Source = new DhtContact(id, address),
        Key = id,
        Cookie = 1,
    };
}
