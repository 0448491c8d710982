using Ouroboros.Layers.Unicast.Routing;

namespace Ouroboros.Tests.Layers.Routing;

/// <summary>Following changes: the same routes as anew for members with many links that come and go, and no more work and memory than a change needs.</summary>
public sealed class IncrementalTests
{
    [Test]
    public void Every_policy_can_be_warmed_up([Values(0, 1, 2)] int number) => Assert.That(() => RoutingPolicies.WarmUp(RoutingPolicies.Find(number)), Throws.Nothing);

    [Test]
    public void Links_of_a_member_with_many_may_come_and_go_for_ever([Values(1, 2, 3, 4)] int seed)
    {
        var random = new Random(seed);
        var topology = new Topology();
        // 60 and more neighbours take a second word, and new links the room that there is for them.
        var neighbours = random.Next(10, 75);
        const int Members = 90;
        topology.Follow(1);
        var links = new List<(ulong A, ulong B)>();
        for (ulong m = 2; m <= (ulong)neighbours + 1; m++) links.Add((1, m));
        while (links.Count < 3 * Members)
        {
            var (a, b) = ((ulong)random.Next(2, Members + 1), (ulong)random.Next(2, Members + 1));
            if (a != b && !links.Contains((a, b)) && !links.Contains((b, a))) links.Add((a, b));
        }
        var down = new HashSet<(ulong, ulong)>();
        foreach (var (a, b) in links) topology.Change(a, b, add: true);
        topology.Settle();
        for (var round = 0; round < 300; round++)
        {
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                // Own links mostly; one may go and come again before anybody calculates.
                var link = links[random.Next(random.Next(4) == 0 ? links.Count : neighbours)];
                foreach (var add in random.Next(5) == 0 ? new[] { down.Contains(link), !down.Contains(link) } : [down.Contains(link)])
                {
                    topology.Change(link.A, link.B, add);
                    if (add) down.Remove(link);
                    else down.Add(link);
                }
            }
            topology.Settle();
            foreach (var policy in RoutingPolicies.All)
            {
                var followed = topology.Followed(policy.Name, 1);
                Assert.That(followed, Is.EqualTo(topology.Anew(policy.Name, 1)), $"seed {seed}, round {round}, {policy.Name}");
                if (round % 100 == 99) Assert.That(followed, Is.EqualTo(topology.Calculated(policy.Name, 1)), $"seed {seed}, round {round}, {policy.Name}");
            }
        }
    }

    [Test]
    public void In_a_large_layer_changes_give_what_a_calculation_from_nothing_gives([Values(1, 2)] int seed)
    {
        var (topology, links) = Large(seed);
        var random = new Random(seed);
        var up = new bool[links.Count];
        Array.Fill(up, true);
        for (var round = 0; round < 60; round++)
        {
            for (var n = random.Next(1, 30); n > 0; n--)
            {
                var at = random.Next(links.Count);
                topology.Change(links[at].A, links[at].B, up[at] = !up[at]);
            }
            topology.Settle();
            foreach (var policy in RoutingPolicies.All)
            {
                Assert.That(topology.Followed(policy.Name, 1), Is.EqualTo(topology.Anew(policy.Name, 1)), $"seed {seed}, round {round}, {policy.Name}");
            }
        }
    }

    [Test]
    public void Routes_that_were_handed_over_stay_as_they_are_until_others_are()
    {
        var (topology, links) = Large(seed: 1);
        var random = new Random(1);
        foreach (var policy in RoutingPolicies.All)
        {
            var follower = topology.Follower(policy.Name, 1);
            for (var n = 0; n < 40; n++)
            {
                var (a, b) = links[n % 2 == 0 ? random.Next(links.Count) : links.FindIndex(l => l.A == 1)];
                foreach (var add in new[] { false, true })
                {
                    var handedOver = follower.Routes;
                    var before = Topology.Text(handedOver);
                    topology.Change(a, b, add);
                    topology.Settle();
                    Assert.That(Topology.Text(handedOver), Is.EqualTo(before), $"{policy.Name}, change {n}");
                }
            }
        }
    }

    [Test]
    public void A_change_looks_at_few_members_and_allocates_nothing_once_it_has_happened_before()
    {
        var (topology, links) = Large(seed: 1);
        var random = new Random(1);
        var some = Enumerable.Range(0, 100).Select(_ => links[random.Next(links.Count)]).ToList();
        foreach (var policy in RoutingPolicies.All)
        {
            var follower = topology.Follower(policy.Name, 1);
            long looked = 0, allocated = 0;
            for (var pass = 0; pass < 3; pass++)
            {
                (looked, allocated) = (0, 0);
                foreach (var (a, b) in some)
                {
                    foreach (var add in new[] { false, true })
                    {
                        topology.Change(a, b, add);
                        var before = GC.GetAllocatedBytesForCurrentThread();
                        follower.Update(topology.Graph);
                        allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                        looked += follower.Looked;
                        topology.Settle();
                    }
                }
            }
            TestContext.Out.WriteLine($"{policy.Name}: {looked / 200.0} members looked at for a change, {allocated / 200.0} bytes");
            Assert.That(looked / 200.0, Is.LessThan(50), $"{policy.Name}: of {topology.Graph.Count}");
            Assert.That(allocated / 200.0, Is.LessThan(1000), policy.Name);
        }
    }

    /// <summary>300 members and 1,500 links; followed from member 1.</summary>
    private static (Topology Topology, List<(ulong A, ulong B)> Links) Large(int seed)
    {
        var random = new Random(seed);
        var topology = new Topology();
        topology.Follow(1);
        var links = new List<(ulong A, ulong B)>();
        for (var n = 2; n <= 300; n++) links.Add(((ulong)random.Next(1, n), (ulong)n));
        while (links.Count < 1500)
        {
            var (a, b) = ((ulong)random.Next(1, 301), (ulong)random.Next(1, 301));
            if (a != b && !links.Contains((a, b)) && !links.Contains((b, a))) links.Add((a, b));
        }
        foreach (var (a, b) in links) topology.Change(a, b, add: true);
        topology.Settle();
        return (topology, links);
    }
}
