using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast.Forwarding;

namespace Ouroboros.Layers.Unicast;

/// <content>What changes the tables: adjacencies come and go, routing calculates. One at a time; readers see the old or the new.</content>
public sealed partial class DataTransfer
{
    private readonly Lock _changing = new();
    private readonly ForwardingTableMaker _tables = new();
    private volatile Adjacency[] _adjacencies = [];
    private int _nextId;
    private IReadOnlyList<Route> _routes = [];
    private int _maxPayload = -1;

    /// <summary>The adjacencies there are.</summary>
    public IReadOnlyList<Adjacency> Adjacencies => _adjacencies;

    /// <summary>Largest packet of a flow that every adjacency takes, bytes; those that lie further on may take less.</summary>
    public int MaxPayload
    {
        get
        {
            var known = Volatile.Read(ref _maxPayload);
            return known >= 0 ? known : MeasurePayload();
        }
    }

    /// <summary>Largest packet of a flow that every adjacency carries in one piece, bytes; those that lie further on may not.</summary>
    public int PathPayload => Smallest(static a => a.PathPayload);

    /// <summary>Takes packets from a flow of the layer below, and sends by it where routes lead to the neighbour. A neighbour may have several.</summary>
    /// <param name="lower">The flow; it stays the caller's, who takes the adjacency away before it releases the flow.</param>
    /// <param name="peer">Address of the neighbour.</param>
    /// <param name="cube">The cube that the flow was allocated for: packets of this cube take it before others to the same neighbour.</param>
    /// <returns>The number of the adjacency; never used again.</returns>
    public int AddAdjacency(FlowEndpoint lower, ulong peer, QosCube cube)
    {
        ArgumentNullException.ThrowIfNull(lower);
        Adjacency adjacency;
        lock (_changing)
        {
            adjacency = new Adjacency(this, _nextId++, lower, peer, cube, _config.QueueCapacity, _time);
            _adjacencies = [.. _adjacencies, adjacency];
            Rebuild();
        }
        adjacency.Start();
        return adjacency.Id;
    }

    /// <summary>Takes an adjacency away; what waits for it is dropped, what waits to be read stays with the flow.</summary>
    public void RemoveAdjacency(int id)
    {
        Adjacency? adjacency;
        lock (_changing)
        {
            adjacency = Find(id);
            if (adjacency is null) return;
            _adjacencies = [.. _adjacencies.Where(a => a != adjacency)];
            Rebuild();
        }
        adjacency.Stop();
    }

    /// <summary>Whether packets may be sent by an adjacency; acts at once. The flow below tells by itself when it is down.</summary>
    public void SetAdjacencyUp(int id, bool up) => Find(id)?.SetUp(up);

    /// <summary>The adjacency with this number; null when it is gone.</summary>
    public Adjacency? Find(int id)
    {
        foreach (var adjacency in _adjacencies)
        {
            if (adjacency.Id == id) return adjacency;
        }
        return null;
    }

    /// <summary>Forwards by these routes from now on, all of them; what they do not name is not reached any more. They are read until the next call returns.</summary>
    public void Install(IReadOnlyList<Route> routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        lock (_changing)
        {
            _routes = routes;
            Rebuild();
        }
    }

    /// <summary>Ends it: no adjacency is left, what waits is dropped.</summary>
    public void Close()
    {
        foreach (var adjacency in Adjacencies) RemoveAdjacency(adjacency.Id);
    }

    internal void Report(AdjacencyEvent @event)
    {
        Volatile.Write(ref _maxPayload, -1);
        AdjacencyChanged?.Invoke(@event);
    }

    private void Rebuild()
    {
        _table = _tables.Make(_routes, Adjacencies);
        Volatile.Write(ref _maxPayload, -1);
    }

    private int MeasurePayload()
    {
        var smallest = Smallest(static a => a.MaxPayload);
        Volatile.Write(ref _maxPayload, smallest);
        return smallest;
    }

    private int Smallest(Func<Adjacency, int> payload)
    {
        var smallest = _pool.MaxLength;
        foreach (var adjacency in _adjacencies)
        {
            if (adjacency.IsUp) smallest = Math.Min(smallest, payload(adjacency));
        }
        return Math.Max(smallest, 0);
    }
}
