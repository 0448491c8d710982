using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Layers.Unicast.Routing;
using Ouroboros.Layers.Unicast.Routing.Database;
using Ouroboros.Layers.Unicast.Routing.Graph;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Tests.Layers.Routing;

/// <summary>A database with calculators that follow it, and the same tables worked out anew, as the notes describe them.</summary>
internal sealed class Topology
{
    private readonly LinkStateDatabase _database = new();
    private readonly Dictionary<(string Policy, ulong Self), RouteCalculator> _followers = [];
    // Links in the order in which their second direction was announced.
    private readonly List<LinkKey> _links = [];

    public LinkGraph Graph => _database.Graph;

    public void Follow(ulong self)
    {
        foreach (var policy in RoutingPolicies.All) _followers.TryAdd((policy.Name, self), policy.CreateCalculator(self));
    }

    public void Add(ulong source, ulong destination)
    {
        var link = new LinkKey(source, destination);
        if (_database.TryFind(link, out _)) return;
        _database.Add(new Lsa(link, 0), own: false, 0);
        if (_database.TryFind(link.Reverse, out _)) _links.Add(link);
    }

    public bool Remove(ulong source, ulong destination)
    {
        var link = new LinkKey(source, destination);
        if (!_database.TryFind(link, out var slot)) return false;
        _database.Remove(slot);
        _links.RemoveAll(l => l == link || l == link.Reverse);
        return true;
    }

    public void Settle()
    {
        foreach (var follower in _followers.Values) follower.Update(_database.Graph);
        _database.Graph.Settle();
    }

    public bool AreNeighbours(ulong a, ulong b) => Neighbours(a).Contains(b);

    public string Followed(string policy, ulong self) => Text(_followers[(policy, self)].Routes);

    public string Calculated(string policy, ulong self) => Text(Calculate(policy, self));

    /// <summary>What a calculator gives that has seen nothing before: a check as fast as the calculation.</summary>
    public string Anew(string policy, ulong self)
    {
        var calculator = RoutingPolicies.All.Single(p => p.Name == policy).CreateCalculator(self);
        calculator.Update(_database.Graph);
        return Text(calculator.Routes);
    }

    public RouteCalculator Follower(string policy, ulong self) => _followers[(policy, self)];

    /// <summary>Both ends announce it, or both no longer do.</summary>
    public void Change(ulong a, ulong b, bool add)
    {
        foreach (var (from, to) in new[] { (a, b), (b, a) })
        {
            if (add) Add(from, to);
            else Remove(from, to);
        }
    }

    public static string Text(IEnumerable<Route> routes) =>
        string.Join('\n', routes.OrderByDescending(r => r.Destination).Select(r => $"dst {r.Destination} via {string.Join(' ', r.NextHops)}"));

    private List<ulong> Neighbours(ulong member) =>
        [.. Enumerable.Reverse(_links).Where(l => l.Source == member || l.Destination == member).Select(l => l.Source == member ? l.Destination : l.Source)];

    // routing-and-broadcast.md A5, with links that both ends announce only.
    private List<Route> Calculate(string policy, ulong self)
    {
        var (distances, first) = Search(self);
        var neighbours = Neighbours(self);
        var fields = neighbours.Select(n => (Neighbour: n, Search(n).Distances)).ToList();
        var routes = new List<Route>();
        foreach (var (member, distance) in distances)
        {
            if (member == self) continue;
            var primary = first[member];
            ulong[] hops = policy switch
            {
                "link-state" => [primary],
                "lfa" => [primary, .. fields.Where(f => f.Neighbour != member && f.Neighbour != primary && f.Distances[member] < 1 + distance).Select(f => f.Neighbour)],
                _ => [.. fields.Where(f => f.Distances[member] + 1 == distance).Select(f => f.Neighbour)],
            };
            routes.Add(new Route(member, hops));
        }
        return routes;
    }

    private (SortedDictionary<ulong, int> Distances, Dictionary<ulong, ulong> First) Search(ulong from)
    {
        var distances = new SortedDictionary<ulong, int>();
        var first = new Dictionary<ulong, ulong>();
        var visited = new HashSet<ulong>();
        distances[from] = 0;
        while (distances.Where(d => !visited.Contains(d.Key)).OrderBy(d => d.Value).ThenBy(d => d.Key).Select(d => (ulong?)d.Key).FirstOrDefault() is { } at)
        {
            visited.Add(at);
            foreach (var neighbour in Neighbours(at))
            {
                if (distances.TryGetValue(neighbour, out var known) && known <= distances[at] + 1) continue;
                distances[neighbour] = distances[at] + 1;
                first[neighbour] = at == from ? neighbour : first[at];
            }
        }
        return (distances, first);
    }
}
