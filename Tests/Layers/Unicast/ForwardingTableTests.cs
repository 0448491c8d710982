using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>Tables that are made one after another: what they share, what is made anew, and that they keep what they were made of.</summary>
public sealed class ForwardingTableTests
{
    private PacketPool _pool = null!;
    private DataTransfer _dataTransfer = null!;
    private ForwardingTableMaker _maker = null!;

    [SetUp]
    public void SetUp()
    {
        _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        _dataTransfer = new DataTransfer(1, new DataTransferConfig(), _pool, TimeProvider.System);
        _maker = new ForwardingTableMaker();
    }

    [TearDown]
    public void TearDown()
    {
        _dataTransfer.Close();
        _pool.Dispose();
    }

    [Test]
    public void A_table_keeps_its_hops_when_the_memory_of_the_routes_is_used_again()
    {
        Connect(10, 20, 30);
        ulong[] hops = [10, 20];
        Route[] routes = [new(100, hops)];
        var first = Make(routes);
        (hops[0], hops[1]) = (30, 10);
        var second = Make(routes);
        routes[0] = new Route(200, [20]);
        Assert.That(Text(first), Is.EqualTo("100 via 10 20"));
        Assert.That(Text(second), Is.EqualTo("100 via 30 10"));
        Assert.That(Text(Make(routes)), Is.EqualTo("200 via 20"));
    }

    [Test]
    public void Next_hops_are_those_of_the_adjacencies_there_are()
    {
        Route[] routes = [new(100, [10, 20]), new(101, [20]), new(102, [10, 20]), new(0, [10]), new(100, [20]), new(103, [])];
        Assert.That(Make(routes).Count, Is.Zero);
        var ids = Connect(10, 20);
        Assert.That(Text(Make(routes)), Is.EqualTo("100 via 10 20\n101 via 20\n102 via 10 20"));
        _dataTransfer.RemoveAdjacency(ids[0]);
        Assert.That(Text(Make(routes)), Is.EqualTo("100 via 20\n101 via 20\n102 via 20"));
        Connect(10);
        Assert.That(Text(Make(routes)), Is.EqualTo("100 via 10 20\n101 via 20\n102 via 10 20"));
        _dataTransfer.RemoveAdjacency(ids[1]);
        Assert.That(Text(Make(routes)), Is.EqualTo("100 via 10\n102 via 10"));
    }

    [Test]
    public void A_cube_with_an_adjacency_of_its_own_goes_by_it_and_the_others_do_not()
    {
        Connect(10);
        var voice = _dataTransfer.AddAdjacency(Endpoint(), 10, QosCube.Voice);
        _dataTransfer.AddAdjacency(Endpoint(), 10, QosCube.BestEffort);
        var table = Make([new Route(100, [10])]);
        Assert.That(table.Find(100, QosCube.Voice)[0].Link!.Id, Is.EqualTo(voice));
        Assert.That(table.Find(100, QosCube.BestEffort)[0].Link!.Id, Is.EqualTo(voice + 1));
        Assert.That(table.Find(100, QosCube.Video)[0].Link!.Id, Is.EqualTo(voice + 1));
    }

    [Test]
    public void Tables_after_each_other_share_what_has_not_changed_and_no_more_than_two_are_remembered()
    {
        Connect([.. Enumerable.Range(1, 40).Select(n => (ulong)n)]);
        var random = new Random(1);
        var routes = new Route[50];
        for (var round = 0; round < 200; round++)
        {
            for (var n = 0; n < routes.Length; n++)
            {
                if (round == 0 || random.Next(5) == 0) routes[n] = new Route((ulong)n + 1000, [.. Enumerable.Range(1, 40).Select(h => (ulong)h).OrderBy(_ => random.Next()).Take(random.Next(1, 40))]);
            }
            var table = Make(routes);
            Assert.That(Text(table), Is.EqualTo(string.Join('\n', routes.Select(r => $"{r.Destination} via {string.Join(' ', r.NextHops)}"))), $"round {round}");
            Assert.That(_maker.Count, Is.LessThanOrEqualTo(2 * routes.Length), $"round {round}");
            var again = Make(routes);
            Assert.That(again.Find(1000, QosCube.BestEffort) == table.Find(1000, QosCube.BestEffort), Is.True, "the same memory");
        }
    }

    private ForwardingTable Make(Route[] routes) => _maker.Make(routes, _dataTransfer.Adjacencies);

    private int[] Connect(params ulong[] peers) => [.. peers.Select(p => _dataTransfer.AddAdjacency(Endpoint(), p, QosCube.BestEffort))];

    private FlowEndpoint Endpoint()
    {
        var endpoint = new FlowEndpoint(_pool, TimeProvider.System);
        endpoint.Attach(new GatedSink());
        return endpoint;
    }

    private static string Text(ForwardingTable table)
    {
        var destinations = new ulong[table.Count];
        table.CopyDestinations(destinations);
        return string.Join('\n', destinations.Order().Select(d => $"{d} via {string.Join(' ', table.Find(d, QosCube.BestEffort).ToArray().Select(h => h.Peer))}"));
    }
}
