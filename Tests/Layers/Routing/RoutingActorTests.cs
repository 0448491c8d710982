using Akka.Actor;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Layers.Unicast.Routing;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Routing;

/// <summary>Routing actors under one parent that restarts them, over flows of this process.</summary>
public sealed class RoutingActorTests
{
    private static readonly TimeSpan s_limit = Patience.Limit;

    private readonly Dictionary<ulong, IActorRef> _actors = [];
    private readonly Dictionary<ulong, IReadOnlyList<Route>> _routes = [];
    private readonly Dictionary<ulong, List<int>> _tables = [];
    private readonly Dictionary<ulong, List<(int Flow, FlowEventType What)>> _events = [];
    private readonly Dictionary<(ulong, ulong), (int Data, int Management)> _flows = [];
    private readonly List<FlowEndpoint> _endpoints = [];
    private ActorSystem _system = null!;
    private IActorRef _parent = null!;
    private PacketPool _pool = null!;
    private int _lastFlow;

    [SetUp]
    public async Task StartAsync()
    {
        foreach (var map in new System.Collections.IDictionary[] { _actors, _routes, _tables, _events, _flows }) map.Clear();
        _endpoints.Clear();
        _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        _system = ActorSystem.Create("routing");
        _parent = _system.ActorOf(ActorFactory.Props(() => new RestartingParent()), "parent");
        for (ulong address = 1; address <= 4; address++) await MakeAsync(address);
        Connect(1, 2);
        Connect(2, 3);
        Connect(3, 4);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _system.Terminate();
        foreach (var endpoint in _endpoints) endpoint.Close();
        Assert.That(_pool.Outstanding, Is.Zero);
        _pool.Dispose();
    }

    [Test]
    public async Task Everybody_finds_everybody_and_a_link_that_goes_is_gone_everywhere()
    {
        await ReachesAsync(1, 2, 3, 4);
        await ReachesAsync(4, 1, 2, 3);
        Disconnect(3, 4);
        await ReachesAsync(1, 2, 3);
        await ReachesAsync(4);
        Connect(3, 4);
        await ReachesAsync(1, 2, 3, 4);
    }

    [Test]
    public async Task A_killed_routing_actor_comes_back_with_what_it_knew_and_nobody_notices()
    {
        await ReachesAsync(1, 2, 3, 4);
        await ReachesAsync(2, 1, 3, 4);
        await ReachesAsync(4, 1, 2, 3);
        var marks = _tables.Keys.ToDictionary(a => a, a => { lock (_tables) return _tables[a].Count; });
        for (var n = 0; n < 3; n++)
        {
            _actors[2].Tell(Kill.Instance);
            await DescribeAsync(2);
        }
        // It still learns and tells.
        Connect(1, 4);
        await UntilAsync(() => Via(2, 4).Length == 1 && Via(1, 4) is [4]);
        Disconnect(1, 4);
        await UntilAsync(() => Via(1, 4) is [2]);
        lock (_tables)
        {
            foreach (var (address, mark) in marks) Assert.That(_tables[address].Skip(mark), Is.All.EqualTo(3), $"every table of {address} had all members");
        }
    }

    [Test]
    public async Task A_keepalive_garbage_and_events_do_no_harm()
    {
        await ReachesAsync(1, 2, 3, 4);
        var (endpoint, flow) = ManagementEnd(2, 1);
        for (var n = 0; n < 10; n++)
        {
            Assert.That(endpoint.TryWrite([]), Is.EqualTo(FlowError.None));
            Assert.That(endpoint.TryWrite(new byte[500]), Is.EqualTo(FlowError.None));
        }
        await Patience.UntilAsync(async () => (await DescribeAsync(1)).Values.Single(v => v.Key == "dropped-Malformed").Value == 10);
        endpoint.Close();
        await UntilAsync(() => { lock (_events) return _events[1].Any(e => e.What.HasFlag(FlowEventType.Dealloc)); });
        Assert.That(flow, Is.Positive);
    }

    [Test]
    public async Task The_database_is_shown_as_the_reference_shows_it()
    {
        await ReachesAsync(1, 2, 3, 4);
        var files = (await DescribeAsync(1)).Files;
        Assert.That(files.Select(f => f.Name).Take(2), Is.EqualTo(new[] { ".dt 02.00.00.00", ".mgmt 02.00.00.00" }));
        Assert.That(files.Skip(2).Select(f => f.Name), Is.EqualTo(new[]
        {
            "02.00.00.00--01.00.00.00", "01.00.00.00--02.00.00.00", "03.00.00.00--02.00.00.00",
            "02.00.00.00--03.00.00.00", "04.00.00.00--03.00.00.00", "03.00.00.00--04.00.00.00",
        }));
        var text = files[3].Text;
        Assert.That(text, Has.Length.EqualTo(109));
        Assert.That(text, Does.StartWith("src:          01.00.00.00\ndst:          02.00.00.00\nseqno:                  "));
        Assert.That(text, Does.Match(@"upd: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(UTC\)\n$"));
    }

    [Test]
    public void A_full_inbox_refuses_the_newest_and_counts_it()
    {
        var inbox = new RoutingInbox();
        for (var i = 0; i < RoutingInbox.Capacity + 10; i++) inbox.Post(i, new byte[24]);
        inbox.Post(1, []);
        Assert.That(inbox.Dropped, Is.EqualTo(10));
        Assert.That(inbox.TryTake(out var first), Is.True);
        Assert.That(first.Flow, Is.Zero);
    }

    private ulong[] Via(ulong at, ulong to)
    {
        lock (_tables) return _routes[at].FirstOrDefault(r => r.Destination == to).NextHops ?? [];
    }

    private Task ReachesAsync(ulong at, params ulong[] members) => UntilAsync(() =>
    {
        lock (_tables) return _routes[at].Select(r => r.Destination).Order().SequenceEqual(members);
    });

    private void Connect(ulong a, ulong b)
    {
        var data = Join(a, b, ComponentNames.DataTransfer);
        var management = Join(a, b, ComponentNames.Management);
        _flows[(a, b)] = (data, management);
    }

    private int Join(ulong a, ulong b, string component)
    {
        var (here, there) = (new FlowEndpoint(_pool, TimeProvider.System), new FlowEndpoint(_pool, TimeProvider.System));
        EndpointLink.Connect(here, there);
        _endpoints.AddRange([here, there]);
        var flow = ++_lastFlow;
        _actors[a].Tell(new ConnectionEvents.Added(component, b, new LowerFlow(flow, here, QosSpec.Raw, () => here.Close()), Initiated: true, PeerIsOurs: true));
        _actors[b].Tell(new ConnectionEvents.Added(component, a, new LowerFlow(flow, there, QosSpec.Raw, () => there.Close()), Initiated: false, PeerIsOurs: true));
        return flow;
    }

    private void Disconnect(ulong a, ulong b)
    {
        foreach (var (at, other) in new[] { (a, b), (b, a) })
        {
            _actors[at].Tell(new ConnectionEvents.Removed(ComponentNames.DataTransfer, other, _flows[(a, b)].Data, ConnectionLoss.Disconnected));
        }
    }

    private (FlowEndpoint Endpoint, int Flow) ManagementEnd(ulong at, ulong to)
    {
        // Endpoints come in fours for each connection: data here and there, management here and there.
        Assert.That((at, to), Is.EqualTo((2UL, 1UL)));
        return (_endpoints[3], _flows[(1, 2)].Management);
    }

    private async Task MakeAsync(ulong address)
    {
        (_routes[address], _tables[address], _events[address]) = ([], [], []);
        var context = new RoutingContext(LinkStateConfig.Default, address, new RoutingState(TimeProvider.System), TimeProvider.System, new Random((int)address))
        {
            Install = routes =>
            {
                lock (_tables)
                {
                    _routes[address] = routes;
                    _tables[address].Add(routes.Count);
                }
            },
            FlowChanged = (flow, what) => { lock (_events) _events[address].Add((flow, what)); },
        };
        _actors[address] = await _parent.Ask<IActorRef>(new RestartingParent.Make(RoutingActor.CreateProps(context), $"routing{address}"), s_limit);
    }

    private Task<RoutingProtocol.Description> DescribeAsync(ulong address) =>
        _actors[address].Ask<RoutingProtocol.Description>(RoutingProtocol.Describe.Instance, s_limit);

    private Task UntilAsync(Func<bool> condition) => Patience.UntilAsync(async () =>
    {
        await DescribeAsync(1);
        return condition();
    });
}
