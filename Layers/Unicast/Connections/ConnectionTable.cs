using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>
/// The connections of a member: which there are, by flow and by neighbour, which are wanted, and whom this end wants no more. What the connection
/// manager has to remember; it outlives the actor and is touched by it only.
/// </summary>
public sealed class ConnectionTable
{
    private readonly Dictionary<int, Connection> _byFlow = [];
    private readonly Dictionary<(string Component, ulong Peer), List<Connection>> _byPeer = [];
    private readonly Queue<(string, ulong)> _unwantedInOrder = new();
    private readonly HashSet<(string, ulong)> _unwanted = [];
    private volatile Connection[]? _snapshot;

    /// <summary>What became of connections.</summary>
    public ConnectionCounters Counters { get; } = new();

    /// <summary>All connections, as they were a moment ago; safe from any thread.</summary>
    public IReadOnlyList<Connection> Connections => _snapshot ?? [];

    /// <summary>Those that somebody asked for.</summary>
    public List<WantedConnection> Wanted { get; } = [];

    /// <summary>The connection over a flow.</summary>
    public Connection? Find(int flow) => _byFlow.GetValueOrDefault(flow);

    /// <summary>Those of a component to a neighbour, oldest first.</summary>
    public IReadOnlyList<Connection> Find(string component, ulong peer) => _byPeer.TryGetValue((component, peer), out var list) ? list : [];

    internal void Add(Connection connection)
    {
        _byFlow.Add(connection.Flow.Id, connection);
        var key = (connection.Component, connection.Peer);
        if (!_byPeer.TryGetValue(key, out var list)) _byPeer.Add(key, list = []);
        list.Add(connection);
        _snapshot = [.. _byFlow.Values];
    }

    internal bool Remove(Connection connection)
    {
        if (!_byFlow.TryGetValue(connection.Flow.Id, out var known) || known != connection) return false;
        _byFlow.Remove(connection.Flow.Id);
        var key = (connection.Component, connection.Peer);
        var list = _byPeer[key];
        list.Remove(connection);
        if (list.Count == 0) _byPeer.Remove(key);
        _snapshot = [.. _byFlow.Values];
        return true;
    }

    internal bool IsUnwanted(string component, ulong peer) => _unwanted.Contains((component, peer));

    internal void SetUnwanted(string component, ulong peer, int most)
    {
        if (!_unwanted.Add((component, peer))) return;
        _unwantedInOrder.Enqueue((component, peer));
        while (_unwantedInOrder.Count > most) _unwanted.Remove(_unwantedInOrder.Dequeue());
    }

    internal void SetWanted(string component, ulong peer)
    {
        if (!_unwanted.Remove((component, peer))) return;
        var rest = _unwantedInOrder.Where(u => u != (component, peer)).ToList();
        _unwantedInOrder.Clear();
        foreach (var u in rest) _unwantedInOrder.Enqueue(u);
    }
}
