using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>Layers with hashes other than SHA3-256: all that travels has keys and ids of their length, and nothing else is taken (dht.md sections 3, 6 and 18).</summary>
public sealed class KeyLengthTests
{
    [TestCase(DirectoryHash.Sha3_224, 28)]
    [TestCase(DirectoryHash.Sha3_384, 48)]
    [TestCase(DirectoryHash.Sha3_512, 64)]
    public void Names_are_found_and_every_message_has_keys_and_ids_of_the_hash(DirectoryHash hash, int length)
    {
        var network = new DhtNetwork();
        var options = new DhtOptions { KeyLength = length };
        var nodes = new List<NetworkNode>();
        for (ulong address = 1; address <= 12; address++)
        {
            nodes.Add(network.Add(address, peer: address == 1 ? 0UL : 1, options: options));
            network.Run(0.2);
        }
        var key = DhtKey.From(NameHash.Of(hash, "oping"));
        Assert.That(key.Length, Is.EqualTo(length));
        network.Register(nodes[3], key);
        network.Run(20);
        Assert.That(nodes.Count(n => n.Core.ValueCount == 1), Is.EqualTo(11));
        Assert.That(network.Query(nodes[9], key).Addresses, Is.EqualTo(new ulong[] { 4 }));
        network.Unregister(nodes[3], key);
        network.Run(5);
        Assert.That(nodes.Sum(n => n.Core.ValueCount), Is.Zero);
        foreach (var reason in (DhtDrop[])[DhtDrop.Malformed, DhtDrop.SourceId, DhtDrop.KeyLength, DhtDrop.Contact, DhtDrop.Value, DhtDrop.Expired])
        {
            Assert.That(nodes.Sum(n => n.Core.Counters.Dropped(reason)), Is.Zero, reason.ToString());
        }

        var codes = new HashSet<uint>();
        foreach (var (_, _, bytes) in network.Sent) codes.Add(Check(bytes, length));
        Assert.That(codes, Is.EquivalentTo(new uint[] { 0, 1, 2, 3, 4 }));
    }

    [Test]
    public void In_a_layer_of_SHA3_224_a_message_of_SHA3_256_is_dropped_for_its_length()
    {
        var network = new DhtNetwork();
        var node = network.Add(1, options: new DhtOptions { KeyLength = 28 });
        var (short_, long_) = (DhtKey.Random(network.Random, 28), DhtKey.Random(network.Random, 32));
        var stranger = network.Add(2, stub: (_, _) => { });
        stranger.SendAs(1, new DhtMessage { Code = DhtCode.FindNodeRequest, Source = new DhtContact(long_, 2), Key = long_, Cookie = 1 });
        stranger.SendAs(1, new DhtMessage { Code = DhtCode.FindNodeRequest, Source = new DhtContact(short_, 2), Key = long_, Cookie = 2 });
        network.Run(1);
        Assert.That(node.Core.Counters.Dropped(DhtDrop.SourceId), Is.EqualTo(1));
        Assert.That(node.Core.Counters.Dropped(DhtDrop.KeyLength), Is.EqualTo(1));
        Assert.That(network.Sent.Count(s => s.From == 1), Is.Zero);
    }

    private static uint Check(byte[] bytes, int length)
    {
        Assert.That(DhtEnvelope.TryParse(bytes, out var read), Is.True);
        Assert.That(read.Source.Id.Length, Is.EqualTo(length));
        if (read.HasStore) Assert.That(read.Store.Key.Length, Is.EqualTo(length));
        if (read.HasFind) Assert.That(read.Find.Key.Length, Is.EqualTo(length));
        if (!read.HasNode) return read.Code;
        Assert.That(read.Node.Key.Length, Is.EqualTo(length));
        foreach (var contact in read.Node) Assert.That(contact.Id.Length, Is.EqualTo(length));
        return read.Code;
    }
}
