using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Layers.Unicast.Routing;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Tests.Simulation.Routing;

/// <summary>
/// Link-state cores joined by links with delay and loss, in virtual time, milliseconds. Member n has address n + 1; flow n of a member is that to
/// member n, for data and management alike. A link that fails loses everything at once, and its ends are told after a while.
/// </summary>
internal sealed class LinkStateNetwork
{
    private readonly PriorityQueue<Event, (long Due, long Order)> _events = new();
    private readonly Dictionary<(int, int), Link> _links = [];
    private readonly Router?[] _routers;
    private readonly LinkStateConfig _config;
    private readonly Random _random;
    private readonly double _loss;
    private long _order;

    public LinkStateNetwork(int members, LinkStateConfig config, int seed, double loss = 0)
    {
        _routers = new Router?[members];
        _config = config;
        _random = new Random(seed);
        _loss = loss;
        for (var n = 0; n < members; n++) Start(n);
    }

    public long Now { get; private set; }

    public long Messages { get; private set; }

    public int Members => _routers.Length;

    public IEnumerable<LinkStateNode> Nodes => _routers.OfType<Router>().Select(r => r.Node);

    public LinkStateNode? Node(int member) => _routers[member]?.Node;

    /// <summary>Links that are up.</summary>
    public IEnumerable<(int A, int B)> Links => _links.Where(l => l.Value.IsUp && l.Key.Item1 < l.Key.Item2).Select(l => l.Key);

    /// <summary>Every member knows these links already, as if the network had run for long.</summary>
    public void Teach(IReadOnlyList<(int A, int B)> links)
    {
        var records = links.SelectMany(l => new[] { l, (A: l.B, B: l.A) })
            .Select(l => new LinkRecord(new Lsa((ulong)l.A + 1, (ulong)l.B + 1, 100), 0)).ToList();
        foreach (var router in _routers.OfType<Router>()) router.Node.Restore(records, Now);
    }

    public void Connect(int a, int b, int delay)
    {
        foreach (var (from, to) in new[] { (a, b), (b, a) })
        {
            _links[(from, to)] = new Link(delay) { IsUp = true };
        }
        foreach (var (at, other) in new[] { (a, b), (b, a) })
        {
            if (_routers[at] is not { } router || _routers[other] is null) continue;
            router.Node.AddManagement(other, (ulong)other + 1, Now);
            router.Node.AddLink(other, (ulong)other + 1, Now);
            Wake(router);
        }
    }

    /// <summary>The link is dead; both ends are told that after <paramref name="detection"/>.</summary>
    public void Fail(int a, int b, long detection)
    {
        (_links[(a, b)].IsUp, _links[(b, a)].IsUp) = (false, false);
        _events.Enqueue(new Event(EventKind.Down, a, b, default), (Now + detection, _order++));
        _events.Enqueue(new Event(EventKind.Down, b, a, default), (Now + detection, _order++));
    }

    /// <summary>The member is gone without a word; its neighbours are told after <paramref name="detection"/>.</summary>
    public void Stop(int member, long detection)
    {
        _routers[member] = null;
        foreach (var (a, b) in _links.Keys.Where(k => k.Item1 == member && _links[k].IsUp).ToList())
        {
            (_links[(a, b)].IsUp, _links[(b, a)].IsUp) = (false, false);
            _events.Enqueue(new Event(EventKind.Down, b, a, default), (Now + detection, _order++));
        }
    }

    /// <summary>A member that knows nothing, with the address that it had.</summary>
    public void Start(int member)
    {
        _routers[member] = new Router(member, new LinkStateNode(_config, (ulong)member + 1, new Output(this, member), new Random(_random.Next()), Now));
        Wake(_routers[member]!);
    }

    public void Advance(long milliseconds)
    {
        var end = Now + milliseconds;
        while (_events.TryPeek(out var next, out var at) && at.Due <= end)
        {
            _events.Dequeue();
            Now = at.Due;
            Happen(next);
        }
        Now = end;
    }

    /// <summary>Looks whether every member has the right ways to all it can reach, and no others.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Check()
    {
        var neighbours = Enumerable.Range(0, Members).Select(_ => new List<int>()).ToList();
        foreach (var (a, b) in Links)
        {
            neighbours[a].Add(b);
            neighbours[b].Add(a);
        }
        var distances = Enumerable.Range(0, Members).Select(n => Topologies.Distances(Members, neighbours, n)).ToArray();
        for (var from = 0; from < Members; from++)
        {
            if (_routers[from] is not { } router) continue;
            var reached = 0;
            foreach (var (destination, hops) in router.Node.Routes)
            {
                var to = (int)destination - 1;
                var distance = distances[from][to];
                if (distance < 0) return $"{from + 1} has a way to {to + 1}, which is gone";
                reached++;
                var hop = (int)hops[0] - 1;
                if (!neighbours[from].Contains(hop)) return $"{from + 1} goes to {to + 1} by {hop + 1}, which is no neighbour";
                if (distances[hop][to] != distance - 1) return $"{from + 1} goes to {to + 1} by {hop + 1}, which is not nearer";
            }
            var there = distances[from].Count(d => d > 0);
            if (reached != there) return $"{from + 1} reaches {reached} of {there}";
        }
        return null;
    }

    private void Happen(in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.Tick when _routers[e.At] is { } router && router.ArmedFor <= Now:
                router.ArmedFor = long.MaxValue;
                router.Node.Tick(Now);
                Wake(router);
                break;
            case EventKind.Message when _routers[e.At] is { } router && _links[(e.From, e.At)].IsUp:
                Span<byte> message = stackalloc byte[Lsa.AnnouncementSize];
                Messages++;
                router.Node.Receive(e.From, message[..e.Lsa.Write(message)], Now);
                Wake(router);
                break;
            case EventKind.Down when _routers[e.At] is { } router && !_links[(e.At, e.From)].IsUp:
                router.Node.RemoveManagement(e.From);
                router.Node.RemoveLink(e.From, Now);
                Wake(router);
                break;
        }
    }

    private void Wake(Router router)
    {
        var deadline = Math.Max(router.Node.NextDeadline, Now + 1);
        if (deadline >= router.ArmedFor) return;
        router.ArmedFor = deadline;
        _events.Enqueue(new Event(EventKind.Tick, router.Member, 0, default), (deadline, _order++));
    }

    private enum EventKind
    {
        Tick,
        Message,
        Down,
    }

    private readonly record struct Event(EventKind Kind, int At, int From, Lsa Lsa);

    private sealed class Link(int delay)
    {
        public int Delay => delay;

        public bool IsUp { get; set; }
    }

    private sealed class Router(int member, LinkStateNode node)
    {
        public int Member => member;

        public LinkStateNode Node => node;

        public long ArmedFor { get; set; } = long.MaxValue;
    }

    private sealed class Output(LinkStateNetwork network, int member) : ILinkStateOutput
    {
        public bool Send(int flow, ReadOnlySpan<byte> message)
        {
            if (message.Length == 1 || !network._links.TryGetValue((member, flow), out var link) || !link.IsUp) return true;
            if (network._loss > 0 && network._random.NextDouble() < network._loss) return true;
            Lsa.TryParse(message, out var lsa);
            network._events.Enqueue(new Event(EventKind.Message, flow, member, lsa), (network.Now + link.Delay, network._order++));
            return true;
        }

        public void Install(IReadOnlyList<Route> routes)
        {
            // The network looks at the core.
        }

        public void AddressLost(ulong address)
        {
            // Nobody here asks.
        }

        public void AddressesGained(IReadOnlyList<ulong> addresses, int members)
        {
            // Nobody here asks.
        }
    }
}
