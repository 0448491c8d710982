using System.Globalization;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Routing;
using Ouroboros.Layers.Unicast.Routing.Database;
using Ouroboros.Layers.Unicast.Routing.Graph;
using Ouroboros.Layers.Unicast.Routing.Wire;
using Ouroboros.Pool;
using Ouroboros.Tests.Benchmarks.Flows;

namespace Ouroboros.Tests.Benchmarks.Routing;

/// <summary>
/// <c>figures routing</c>: recalculation of 1,000 members and 10,000 links after one link goes and comes again, for each policy; bar 5 ms. A random
/// graph, and one of two halves that a single link joins, whose loss changes half of all routes.
/// </summary>
internal static class RoutingFigures
{
    private const int Members = 1000;
    private const int Links = 10_000;
    private const int Changes = 2000;

    public static int Run()
    {
        foreach (var policy in RoutingPolicies.All)
        {
            var random = new Random(1);
            var graph = Graph(random, halves: 1, out var links);
            // As a layer does when it is made.
            Print($"{policy.Name}: warming up", [StepCost.Of(() => RoutingPolicies.WarmUp(policy))]);
            Print($"{policy.Name}: from nothing, the first time in this process", [FromNothing(graph, policy, out var calculator)]);
            Print($"{policy.Name}: from nothing, again", [.. Enumerable.Range(0, 50).Select(_ => FromNothing(graph, policy, out calculator))]);
            graph.Graph.Settle();
            Print($"{policy.Name}: the first link that goes and comes", Follow(graph, calculator, [links[^1]]));
            Follow(graph, calculator, Enumerable.Range(0, Changes / 10).Select(_ => links[random.Next(links.Count)]));
            Print($"{policy.Name}: one change", Follow(graph, calculator, Enumerable.Range(0, Changes).Select(_ => links[random.Next(links.Count)])));
            Print($"{policy.Name}: one of the member's own links", Follow(graph, calculator, OwnLinks(graph)));
            Tables(graph, policy, links);
            var halves = Graph(random, halves: 2, out _);
            FromNothing(halves, policy, out calculator);
            halves.Graph.Settle();
            Print($"{policy.Name}: the only link between two halves", Follow(halves, calculator, Enumerable.Repeat(new LinkKey(1, Members), Changes / 10)));
        }
        return 0;
    }

    /// <summary>What data transfer makes of the routes after each of those changes.</summary>
    private static void Tables(LinkStateDatabase graph, IRoutingPolicy policy, List<LinkKey> links)
    {
        using var pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        var calculator = policy.CreateCalculator(1);
        calculator.Update(graph.Graph);
        graph.Graph.Settle();
        var dataTransfer = new DataTransfer(1, new DataTransferConfig(), pool, TimeProvider.System);
        var own = OwnLinks(graph).ToList();
        foreach (var neighbour in own.Distinct())
        {
            var end = new FlowEndpoint(pool, TimeProvider.System);
            end.Attach(new CountingSink(1500));
            dataTransfer.AddAdjacency(end, neighbour.Destination, QosCube.BestEffort);
        }
        dataTransfer.Install(calculator.Routes);
        var random = new Random(2);
        Print($"{policy.Name}: table of data transfer, the first ones", Install(own.Take(20)));
        Print($"{policy.Name}: table of data transfer after one change", Install(Enumerable.Range(0, Changes).Select(_ => links[random.Next(links.Count)])));
        Print($"{policy.Name}: table of data transfer after one of the own links", Install(own));
        dataTransfer.Close();

        List<StepCost> Install(IEnumerable<LinkKey> changes)
        {
            var costs = Begin();
            foreach (var link in changes)
            {
                graph.TryFind(link, out var slot);
                foreach (var withdrawn in new[] { true, false })
                {
                    graph.Refresh(slot, 1, withdrawn, 0);
                    var changed = calculator.Update(graph.Graph);
                    graph.Graph.Settle();
                    if (changed) costs.Add(StepCost.Of(() => dataTransfer.Install(calculator.Routes)));
                }
            }
            return costs;
        }
    }

    private static LinkStateDatabase Graph(Random random, int halves, out List<LinkKey> links)
    {
        var database = new LinkStateDatabase();
        links = [];
        var size = Members / halves;
        for (var half = 0; half < halves; half++)
        {
            var first = (half * size) + 1;
            for (var n = 1; n < size; n++) Add(database, links, (ulong)random.Next(first, first + n), (ulong)(first + n));
            while (links.Count < Links / halves * (half + 1)) Add(database, links, (ulong)random.Next(first, first + size), (ulong)random.Next(first, first + size));
        }
        if (halves > 1) Add(database, links, 1, Members);
        return database;
    }

    private static void Add(LinkStateDatabase database, List<LinkKey> links, ulong a, ulong b)
    {
        var link = new LinkKey(a, b);
        if (a == b || database.TryFind(link, out _)) return;
        database.Add(new Lsa(link, 0), own: false, 0);
        database.Add(new Lsa(link.Reverse, 0), own: false, 0);
        links.Add(link);
    }

    private static IEnumerable<LinkKey> OwnLinks(LinkStateDatabase graph)
    {
        graph.Graph.TryFind(1, out var self);
        var own = graph.Graph.Neighbours(self).ToArray().Select(n => new LinkKey(1, graph.Graph.AddressOf(n))).ToList();
        return own.SelectMany(link => Enumerable.Repeat(link, 20));
    }

    private static StepCost FromNothing(LinkStateDatabase graph, IRoutingPolicy policy, out RouteCalculator calculator)
    {
        var made = calculator = policy.CreateCalculator(1);
        return StepCost.Of(() => made.Update(graph.Graph));
    }

    /// <summary>One end withdraws each of the links, then announces it again.</summary>
    private static List<StepCost> Follow(LinkStateDatabase graph, RouteCalculator calculator, IEnumerable<LinkKey> changes)
    {
        var costs = Begin();
        foreach (var link in changes)
        {
            graph.TryFind(link, out var slot);
            foreach (var withdrawn in new[] { true, false })
            {
                costs.Add(StepCost.Of(() =>
                {
                    graph.Refresh(slot, 1, withdrawn, 0);
                    calculator.Update(graph.Graph);
                    graph.Graph.Settle();
                }) with
                { Looked = calculator.Looked });
            }
        }
        return costs;
    }

    private static List<StepCost> Begin()
    {
        var costs = new List<StepCost>(2 * Changes);
        // What was made before is no garbage of what is measured now.
        GC.Collect();
        return costs;
    }

    private static void Print(string what, List<StepCost> costs)
    {
        var times = costs.Select(c => c.Wall).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: median {times[times.Count / 2]:F3}, p99 {times[times.Count * 99 / 100]:F3}, most {times[^1]:F3} ms ({costs.Count} times, {costs.Average(c => c.Bytes):N0} bytes each)"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    the longest: {costs.MaxBy(c => c.Wall)}"));
        var own = costs.Where(c => c.IsOwn).ToList();
        if (own.Count == 0) return;
        var looked = costs.Max(c => c.Looked);
        var members = looked > 0 ? $"; at most {looked} members looked at" : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"    {own.Count} without collection and compilation: at most {own.Max(c => c.Wall):F3} ms by the clock, {own.Max(c => c.Processor):F3} of processor time{members}"));
    }
}
