using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>Beside nodes that behave as dht.md says of the reference: no mark, values where their keys are not, one answer to look at.</summary>
public sealed class ReferenceTests
{
    private static readonly DhtKey s_key = DhtNetwork.Key("oping");

    [Test]
    public void A_value_that_only_its_reference_owner_has_is_found_though_the_owner_is_far_from_the_key()
    {
        var (network, nodes) = LookupTests.Layer(25);
        var owner = Reference(network, 900, Farthest(network), [900]);
        foreach (var node in nodes) owner.SendAs(node.Address, Request(owner.Id, 900, s_key, 3, false));
        network.Run(1);
        Assert.That(network.Query(nodes[8], s_key).Addresses, Is.EqualTo(new ulong[] { 900 }));
    }

    [Test]
    public void A_reference_node_that_asks_for_what_is_not_here_gets_a_second_answer_with_the_value()
    {
        var (network, nodes) = LookupTests.Layer(50);
        network.Register(nodes[0], s_key);
        network.Run(2);
        var asked = nodes.First(n => n.Core.ValueCount == 0 && n != nodes[0]);
        var answers = new List<int>();
        var peer = network.Add(900, stub: (_, bytes) =>
        {
            DhtEnvelope.TryParse(bytes, out var m);
            if (m is { HasValues: true } && m.Node.Cookie == 77) answers.Add(m.Values.Count);
        });
        peer.SendAs(asked.Address, Request(peer.Id, 900, s_key, 77, false));
        network.Run(2);
        Assert.That(answers, Is.EqualTo(new[] { 0, 1 }));

        answers.Clear();
        peer.SendAs(asked.Address, Request(peer.Id, 900, DhtNetwork.Key("other"), 77, marked: true));
        network.Run(2);
        Assert.That(answers, Is.EqualTo(new[] { 0 }), "one of ours searches by itself");
    }

    [Test]
    public void Searching_for_reference_nodes_is_limited()
    {
        var (network, nodes) = LookupTests.Layer(10);
        for (ulong i = 0; i < 500; i++)
        {
            nodes[0].Core.Receive(Request(nodes[1].Id, 2, DhtNetwork.Key($"flood{i}"), i, false), network.Now);
        }
        Assert.That(nodes[0].Core.LookupCount, Is.LessThanOrEqualTo(16));
        Assert.That(nodes[0].Core.Counters.Dropped(DhtDrop.ProxyLimit), Is.GreaterThanOrEqualTo(480));
    }

    [Test]
    public void A_value_stored_by_a_reference_owner_is_confirmed_by_asking_it()
    {
        var (network, nodes) = LookupTests.Layer(4);
        var owner = Reference(network, 900, DhtKey.Random(network.Random, 32), [900]);
        owner.SendAs(2, new DhtMessage
        {
            Code = DhtCode.Store,
            Source = new DhtContact(owner.Id, 900),
            Key = s_key,
            Value = 900,
            Expiry = (uint)network.Now.UnixSeconds + 86400,
        });
        network.Run(1);
        Assert.That(nodes[1].Core.Counters.Confirmed, Is.EqualTo(1));
        Assert.That(network.Query(nodes[1], s_key).Addresses, Is.EqualTo(new ulong[] { 900 }));
    }

    private static DhtMessage Request(DhtKey id, ulong address, DhtKey key, ulong cookie, bool marked) => new()
    {
        Code = DhtCode.FindValueRequest,
        Source = new DhtContact(id, address),
        Key = key,
        Cookie = cookie,
        IsMarked = marked,
    };

    private static DhtKey Farthest(DhtNetwork network)
    {
        var bytes = s_key.Span.ToArray();
        bytes[0] ^= 0xff;
        return new DhtKey(bytes).RandomBelow(network.Random, 8, 0, 1);
    }

    // Answers every request with itself and with its own registrations, without a mark.
    private static NetworkNode Reference(DhtNetwork network, ulong address, DhtKey id, ulong[] values)
    {
        NetworkNode node = null!;
        node = network.Add(address, id: id, stub: (from, bytes) =>
        {
            DhtEnvelope.TryParse(bytes, out var request);
            if (!request.HasFind) return;
            var forValues = request.Code == (uint)DhtCode.FindValueRequest;
            node.SendAs(from, new DhtMessage
            {
                Code = (DhtCode)(request.Code + 1),
                Source = new DhtContact(id, address),
                Key = new DhtKey(request.Find.Key),
                Cookie = request.Find.Cookie,
                Contacts = [new DhtContact(id, address)],
                Values = forValues && s_key.Equals(request.Find.Key) ? values : [],
            });
        });
        return node;
    }
}
