using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>Nodes that exchange bytes in virtual time; each message takes <see cref="Latency"/> and is seen by <see cref="Drop"/>.</summary>
internal sealed class DhtNetwork(int seed = 1)
{
    public const long UnixStart = 1_795_216_000;

    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly Dictionary<ulong, NetworkNode> _nodes = [];
    private long _order;

    public Random Random { get; } = new(seed);

    public long Milliseconds { get; private set; } = 1000;

    /// <summary>Seconds since 1970 at the beginning.</summary>
    public long Begins { get; init; } = UnixStart;

    /// <summary>By how many seconds the wall clock of an address is ahead.</summary>
    public Func<ulong, long> Skew { get; init; } = _ => 0;

    public DhtTime Now => new(Milliseconds, Begins + (Milliseconds / 1000));

    public long Latency { get; set; } = 10;

    /// <summary>Whether a message from one address to another is lost.</summary>
    public Func<ulong, ulong, byte[], bool> Drop { get; set; } = (_, _, _) => false;

    /// <summary>Whether there is a route.</summary>
    public Func<ulong, ulong, bool> Route { get; set; } = (_, _) => true;

    public IReadOnlyDictionary<ulong, NetworkNode> Nodes => _nodes;

    /// <summary>Everything sent, in order.</summary>
    public List<(ulong From, ulong To, byte[] Bytes)> Sent { get; } = [];

    public static DhtKey Key(string name) => DhtKey.From(NameHash.Of(DirectoryHash.Sha3_256, name));

    /// <summary>The time as somebody has it.</summary>
    public DhtTime NowAt(ulong address) => Now with { UnixSeconds = Now.UnixSeconds + Skew(address) };

    public NetworkNode Add(ulong address, ulong peer = 0, DhtOptions? options = null, DhtKey? id = null, Action<ulong, byte[]>? stub = null)
    {
        var node = new NetworkNode(this, address, options ?? new DhtOptions(), id ?? DhtKey.Random(Random, (options ?? new DhtOptions()).KeyLength), stub);
        _nodes[address] = node;
        if (stub is not null) return node;
        node.Core.Start(peer, NowAt(address));
        Arm(node);
        return node;
    }

    public void Remove(ulong address) => _nodes.Remove(address);

    public void Send(ulong from, ulong to, byte[] bytes)
    {
        Sent.Add((from, to, bytes));
        if (Drop(from, to, bytes)) return;
        At(Milliseconds + Latency, () =>
        {
            if (!_nodes.TryGetValue(to, out var node)) return;
            node.Receive(from, bytes);
            Arm(node);
        });
    }

    public void At(long milliseconds, Action action) => _events.Enqueue(action, (milliseconds, _order++));

    public void Run(double seconds)
    {
        var end = Milliseconds + (long)(seconds * 1000);
        while (_events.TryPeek(out _, out var next) && next.At <= end)
        {
            var action = _events.Dequeue();
            Milliseconds = Math.Max(Milliseconds, next.At);
            action();
        }
        Milliseconds = end;
    }

    /// <summary>Sees to it that the node is called when it wants to be.</summary>
    public void Arm(NetworkNode node)
    {
        var deadline = node.Core.NextDeadline;
        if (deadline == long.MaxValue || deadline >= node.ArmedFor) return;
        node.ArmedFor = deadline;
        At(Math.Max(deadline, Milliseconds), () =>
        {
            if (!ReferenceEquals(_nodes.GetValueOrDefault(node.Address), node) || node.ArmedFor != deadline) return;
            node.ArmedFor = long.MaxValue;
            if (node.Core.NextDeadline <= Milliseconds) node.Core.Tick(NowAt(node.Address));
            Arm(node);
        });
    }

    /// <summary>Asks, waits for the result, and gives it.</summary>
    public DhtQueryResult Query(NetworkNode node, DhtKey key, double seconds = 3)
    {
        var number = node.Results.Count;
        node.Core.Query(number, key, NowAt(node.Address));
        Arm(node);
        if (node.Results.Count == number) Run(seconds);
        return node.Results[number];
    }

    public void Register(NetworkNode node, DhtKey key)
    {
        Assert.That(node.Core.Register(key, NowAt(node.Address)), Is.True);
        Arm(node);
    }

    public void Unregister(NetworkNode node, DhtKey key)
    {
        Assert.That(node.Core.Unregister(key, NowAt(node.Address)), Is.True);
        Arm(node);
    }
}
