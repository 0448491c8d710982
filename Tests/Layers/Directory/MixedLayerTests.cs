using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>Layers of which every other member behaves as dht.md says of the reference.</summary>
public sealed class MixedLayerTests
{
    [Test]
    public void In_a_layer_that_is_half_reference_ours_find_every_name_whoever_registered_it([Values(10, 24, 40)] int count, [Values(1, 2)] int seed)
    {
        var network = new DhtNetwork(seed);
        var ours = new List<NetworkNode>();
        var references = new List<ReferenceModel>();
        for (var address = 1UL; address <= (ulong)count; address++)
        {
            var peer = address == 1 ? 0 : (ulong)network.Random.Next(1, (int)address);
            if (address % 2 == 0) references.Add(new ReferenceModel(network, address, peer));
            else ours.Add(network.Add(address, peer));
            network.Run(0.2);
        }
        network.Run(60);
        foreach (var node in ours) network.Register(node, NameOf(node.Address));
        foreach (var reference in references) reference.Register(NameOf(reference.Address));
        network.Run(10);

        foreach (var node in ours)
        {
            foreach (var owner in network.Nodes.Keys.Where(a => a != node.Address))
            {
                Assert.That(network.Query(node, NameOf(owner)).Addresses, Is.EqualTo(new[] { owner }), $"seed {seed}: {node.Address} asks for the name of {owner}");
            }
        }
        var (asked, first, second) = (0, 0, 0);
        foreach (var reference in references)
        {
            foreach (var owner in ours)
            {
                asked++;
                if (reference.Query(NameOf(owner.Address)) == owner.Address) first++;
                if (reference.Query(NameOf(owner.Address)) == owner.Address) second++;
            }
        }
        TestContext.Out.WriteLine($"{count} members, seed {seed}: of our {asked} names reference members found {first} at the first attempt, {second} at the second");
        // Ours tell everybody in a layer of this size, and search for who asks; what is left are members that the reference's three contacts miss.
        Assert.That(second, Is.GreaterThanOrEqualTo(asked * 9 / 10));
    }

    private static DhtKey NameOf(ulong address) => DhtNetwork.Key($"name{address}");
}
