using System.Diagnostics;
using Ouroboros.Layers.Unicast.Routing;
using Ouroboros.Layers.Unicast.Routing.Database;
using Ouroboros.Layers.Unicast.Routing.Graph;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Tests.Benchmarks.Routing;

/// <summary><c>figures routing</c>: recalculation of 1,000 members and 10,000 links after one link goes and comes again, for each policy; bar 5 ms.</summary>
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
            var database = new LinkStateDatabase();
            var links = new List<LinkKey>();
            for (var n = 2; n <= Members; n++) Add(database, links, (ulong)random.Next(1, n), (ulong)n);
            while (links.Count < Links) Add(database, links, (ulong)random.Next(1, Members + 1), (ulong)random.Next(1, Members + 1));
            var calculator = policy.CreateCalculator(1);
            var start = Stopwatch.GetTimestamp();
            calculator.Update(database.Graph);
            database.Graph.Settle();
            var first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            Follow(database, links, calculator, random, Changes / 10, []);
            var times = new List<double>();
            Follow(database, links, calculator, random, Changes, times);
            times.Sort();
            Console.WriteLine(
                $"{policy.Name}: from nothing {first:F2} ms; one change: median {times[times.Count / 2]:F3}, p99 {times[times.Count * 99 / 100]:F3}, most {times[^1]:F3} ms ({times.Count} changes)");
            times.Clear();
            var (collections, allocated) = (GC.CollectionCount(0), GC.GetAllocatedBytesForCurrentThread());
            FollowOwn(database, calculator, times);
            (collections, allocated) = (GC.CollectionCount(0) - collections, GC.GetAllocatedBytesForCurrentThread() - allocated);
            times.Sort();
            Console.WriteLine(
                $"{policy.Name}: one of the member's own links: median {times[times.Count / 2]:F3}, p99 {times[times.Count * 99 / 100]:F3}, most {times[^1]:F3} ms "
                + $"({times.Count} changes, {allocated / times.Count:N0} bytes each, {collections} collections)");
        }
        return 0;
    }

    private static void Add(LinkStateDatabase database, List<LinkKey> links, ulong a, ulong b)
    {
        var link = new LinkKey(a, b);
        if (a == b || database.TryFind(link, out _)) return;
        Announce(database, link);
        links.Add(link);
    }

    private static void Follow(LinkStateDatabase database, List<LinkKey> links, RouteCalculator calculator, Random random, int changes, List<double> times)
    {
        for (var n = 0; n < changes; n++)
        {
            var link = links[random.Next(links.Count)];
            Change(database, calculator, link, times);
        }
    }

    private static void FollowOwn(LinkStateDatabase database, RouteCalculator calculator, List<double> times)
    {
        database.Graph.TryFind(1, out var self);
        foreach (var neighbour in database.Graph.Neighbours(self).ToArray())
        {
            var link = new LinkKey(1, database.Graph.AddressOf(neighbour));
            for (var n = 0; n < 20; n++) Change(database, calculator, link, times);
        }
    }

    /// <summary>One end withdraws the link, then announces it again.</summary>
    private static void Change(LinkStateDatabase database, RouteCalculator calculator, LinkKey link, List<double> times)
    {
        database.TryFind(link, out var slot);
        foreach (var withdrawn in new[] { true, false })
        {
            var start = Stopwatch.GetTimestamp();
            database.Refresh(slot, 1, withdrawn, 0);
            calculator.Update(database.Graph);
            database.Graph.Settle();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private static void Announce(LinkStateDatabase database, LinkKey link)
    {
        database.Add(new Lsa(link, 0), own: false, 0);
        database.Add(new Lsa(link.Reverse, 0), own: false, 0);
    }
}
