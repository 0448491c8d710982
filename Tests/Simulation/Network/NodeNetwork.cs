using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Pool;
using Ouroboros.Tests.Simulation.Flows;
using Ouroboros.Tests.Simulation.Routing;

namespace Ouroboros.Tests.Simulation.Network;

/// <summary>
/// Complete members of a unicast layer, joined by wires with delay and loss, in virtual time and one thread: connection establishment, enrolment, link state, directory, flow
/// allocator, data transfer with forwarding, keepalives; all messages are real. Node 0 makes the layer, the others enrol with a neighbour; of two neighbours the one with the
/// higher number connects.
/// </summary>
internal sealed class NodeNetwork : IDisposable
{
    private readonly SimClock _clock = new();
    private readonly TimerWheel _wheel;
    private readonly FlowStageSettings _stages;
    private readonly List<FlowEndpoint> _endpoints = [];
    private readonly double _loss;
    private int _lastNumber;

    public NodeNetwork(PacketPool pool, int nodes, IReadOnlyList<(int A, int B)> links, UnicastLayer layer, int seed)
    {
        Pool = pool;
        Random = new Random(seed);
        Layer = layer;
        _loss = layer.Loss;
        _wheel = new TimerWheel(_clock);
        _stages = new FlowStageSettings { Timers = _wheel };
        Links = [.. links.Select(l => new NodeLink(l.A, l.B, TimeSpan.FromMilliseconds(Random.Next(1, 30))))];
        Nodes = [.. Enumerable.Range(0, nodes).Select(n => new SimNode(this, n))];
    }

    public PacketPool Pool { get; }

    public Random Random { get; }

    public UnicastLayer Layer { get; }

    public IReadOnlyList<NodeLink> Links { get; }

    public IReadOnlyList<SimNode> Nodes { get; }

    public TimeProvider Time => _clock;

    public bool IsOver { get; private set; }

    public TimeSpan Now => TimeSpan.FromTicks(_clock.Now / 100);

    public long Milliseconds => _clock.Now / 1_000_000;

    public int NextNumber() => ++_lastNumber;

    public bool IsLost() => _loss > 0 && Random.NextDouble() < _loss;

    public void After(TimeSpan delay, Action action) => _clock.At(_clock.Now + (delay.Ticks * 100), action);

    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>Lets time pass until something is so, or the limit has come.</summary>
    public bool AdvanceUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = _clock.Now + (limit.Ticks * 100);
        while (!condition())
        {
            if (!_clock.Step(end)) return condition();
        }
        return true;
    }

    public FlowEndpoint NewEndpoint()
    {
        var endpoint = new FlowEndpoint(Pool, _clock);
        _endpoints.Add(endpoint);
        return endpoint;
    }

    public NodeLink? LinkBetween(int a, int b) => Links.FirstOrDefault(l => (l.A == a && l.B == b) || (l.A == b && l.B == a));

    public IEnumerable<SimNode> NeighboursOf(SimNode node) => Links.Where(l => !l.IsCut && (l.A == node.Number || l.B == node.Number)).Select(l => Nodes[l.Other(node.Number)]);

    /// <summary>A flow of the layer below to a neighbour; null when there is none to be had.</summary>
    public void Allocate(SimNode from, SimNode to, Action<SimFlowEnd?> done)
    {
        var link = LinkBetween(from.Number, to.Number)!;
        if (link.IsCut || IsLost() || IsLost())
        {
            After(TimeSpan.FromSeconds(2), () => done(null));
            return;
        }
        After(2 * link.Delay, () =>
        {
            if (link.IsCut || !from.IsRunning || to.Member is not { } member)
            {
                done(null);
                return;
            }
            var (mine, its) = (new SimFlowEnd(this), new SimFlowEnd(this));
            mine.Attach(link, its);
            its.Attach(link, mine);
            mine.Endpoint.Start(_stages);
            its.Endpoint.Start(_stages);
            from.Own(mine);
            to.Own(its);
            member.Accept(its);
            done(mine);
        });
    }

    /// <summary>What every node can reach by wires that are there and nodes that are members.</summary>
    public IReadOnlyList<int[]> Distances()
    {
        var neighbours = Nodes.Select(n => n.Member is null ? [] : NeighboursOf(n).Where(o => o.Member is not null).Select(o => o.Number).ToList()).ToList();
        return [.. Nodes.Select(n => Topologies.Distances(Nodes.Count, neighbours, n.Number))];
    }

    public void Dispose()
    {
        IsOver = true;
        foreach (var link in Links) link.IsCut = true;
        foreach (var node in Nodes) node.Stop();
        foreach (var endpoint in _endpoints) endpoint.Abort();
        // What is on its way gives its packets back.
        while (_clock.Step(long.MaxValue))
        {
        }
        _wheel.Dispose();
    }
}
