using Ouroboros.Layers.Unicast.Routing;
using Ouroboros.Layers.Unicast.Routing.Graph;

namespace Ouroboros.Tests.Layers.Routing;

/// <summary>Routes: the tables that the reference's own graph code gave, and the same from changes as from a search over everything.</summary>
public sealed class GraphTests
{
    private static readonly Dictionary<string, string> s_policies = new() { ["simple"] = "link-state", ["lfa"] = "lfa", ["ecmp"] = "ecmp" };

    [Test]
    public void The_tables_of_the_reference_come_out_except_where_they_are_a_defect()
    {
        var lines = File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", "routing", "graph-tables.txt"));
        var topology = new Topology();
        var (tables, section) = (0, "");
        for (var at = 0; at < lines.Length; at++)
        {
            var words = lines[at].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["new"]:
                    topology = new Topology();
                    break;
                case ["#", ..]:
                    section = lines[at];
                    break;
                case ["add", var s, var d]:
                    topology.Add(ulong.Parse(s), ulong.Parse(d));
                    break;
                case ["del", var s, var d, ..]:
                    Assert.That(topology.Remove(ulong.Parse(s), ulong.Parse(d)), Is.EqualTo(words is not [.., "=>", "error"]), $"line {at + 1}");
                    break;
                case ["tab", var algorithm, var source, ..]:
                    var expected = new List<string>();
                    while (at + 1 < lines.Length && lines[at + 1].StartsWith("  dst", StringComparison.Ordinal)) expected.Add(lines[++at].Trim());
                    // One announcement counted twice as both directions (the database has each link once).
                    if (section.StartsWith("# duplicate", StringComparison.Ordinal)) break;
                    var self = ulong.Parse(source);
                    topology.Follow(self);
                    topology.Settle();
                    var mended = string.Join('\n', expected.Select(e => WithoutDefects(e, topology, self)));
                    Assert.That(topology.Followed(s_policies[algorithm], self), Is.EqualTo(mended), $"line {at + 1}: {lines[at]}");
                    tables++;
                    break;
            }
        }
        Assert.That(tables, Is.GreaterThan(50));
    }

    [Test]
    public void Following_changes_gives_what_a_search_over_everything_gives([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var topology = new Topology();
        var members = random.Next(4, 28);
        var density = random.Next(2, 8);
        foreach (var self in new ulong[] { 1, 2, 3 }) topology.Follow(self);
        var announced = new List<(ulong, ulong)>();
        for (var round = 0; round < 150; round++)
        {
            for (var n = random.Next(1, random.Next(8) == 0 ? 12 : 3); n > 0; n--)
            {
                if (announced.Count > 0 && random.Next(members * density) < announced.Count)
                {
                    var at = random.Next(announced.Count);
                    topology.Remove(announced[at].Item1, announced[at].Item2);
                    announced.RemoveAt(at);
                    continue;
                }
                var (s, d) = ((ulong)random.Next(1, members + 1), (ulong)random.Next(1, members + 1));
                if (s == d) continue;
                // Mostly both directions, as it is when a link comes up.
                foreach (var link in random.Next(10) == 0 ? new[] { (s, d) } : [(s, d), (d, s)])
                {
                    if (announced.Contains(link)) continue;
                    topology.Add(link.Item1, link.Item2);
                    announced.Add(link);
                }
            }
            topology.Settle();
            foreach (var self in new ulong[] { 1, 2, 3 })
            {
                foreach (var policy in RoutingPolicies.All)
                {
                    Assert.That(topology.Followed(policy.Name, self), Is.EqualTo(topology.Calculated(policy.Name, self)), $"seed {seed}, round {round}, {policy.Name} from {self}");
                }
            }
        }
    }

    [Test]
    public void More_changes_than_are_noted_are_searched_from_the_beginning()
    {
        var topology = new Topology();
        topology.Follow(1);
        for (ulong m = 2; m <= 300; m++)
        {
            topology.Add(m, m - 1);
            topology.Add(m - 1, m);
        }
        topology.Settle();
        topology.Add(1, 300);
        topology.Add(300, 1);
        for (ulong m = 2; m <= 299; m += 2) topology.Remove(m, m + 1);
        for (ulong m = 3; m <= 299; m += 2) topology.Remove(m, m + 1);
        topology.Settle();
        foreach (var policy in RoutingPolicies.All) Assert.That(topology.Followed(policy.Name, 1), Is.EqualTo(topology.Calculated(policy.Name, 1)), policy.Name);
    }

    [Test]
    public void A_member_with_more_neighbours_than_a_word_has_bits_has_all_of_them_as_equal_ways()
    {
        var topology = new Topology();
        topology.Follow(1);
        for (ulong m = 2; m < 202; m++)
        {
            foreach (var (a, b) in new[] { (1UL, m), (m, 1UL), (m, 1000UL), (1000UL, m) }) topology.Add(a, b);
        }
        topology.Settle();
        Assert.That(topology.Followed("ecmp", 1), Is.EqualTo(topology.Calculated("ecmp", 1)));
        topology.Remove(100, 1000);
        topology.Settle();
        Assert.That(topology.Followed("ecmp", 1), Does.Contain($"dst 1000 via {string.Join(' ', Enumerable.Range(2, 200).Reverse().Where(m => m != 100))}\n").Or.StartWith($"dst 1000 via {string.Join(' ', Enumerable.Range(2, 200).Reverse().Where(m => m != 100))}"));
    }

    // R10: half-announced neighbours are next hops, and the primary comes a second time.
    private static string WithoutDefects(string line, Topology topology, ulong self)
    {
        var words = line.Split(' ');
        var hops = words[3..].Where(h => topology.AreNeighbours(self, ulong.Parse(h))).Distinct();
        return $"dst {words[1]} via {string.Join(' ', hops)}";
    }
}
