using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Lookups;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// Some of the nodes of a simulation, the messages that are on their way to them, and what they found: all that one thread works on. No message
/// arrives sooner than the least latency after it was sent, so that long the partitions run without knowing of each other; then they exchange what
/// they sent. What happens depends on the number of partitions, not on which thread is when.
/// </summary>
internal sealed class SimulationPartition : IDhtOutput
{
    private const long UnixStart = 1_795_216_000;
    private const double DistanceLatency = 70 / 1.4142;
    private const int JitterLatency = 5;
    private const int MembersKnown = 4;

    // How many messages ahead memory is fetched: the node, what it consists of, its contacts.
    private const int FarAhead = 12;
    private const int HalfAhead = 8;
    private const int NearAhead = 4;

    private readonly SimulationOptions _options;
    private readonly SimulatedNode[] _nodes;
    private readonly SimulatedPlace[] _places;

    // When each of its own nodes will be called, milliseconds.
    private readonly long[] _armedFor;
    private readonly int _index;
    private readonly int _partitions;
    private readonly MessageWheel _wheel;
    private readonly CallWheel _calls = new();
    private readonly SimulatedRandom _random;
    private readonly SimulatedRandom _nodeRandom;
    private readonly DhtLookupPool _pool = new();
    private readonly byte[] _buffer = new byte[4096];
    private readonly Dictionary<long, (int Owner, ulong Address)> _queries = [];
    private readonly double _least;

    // To each partition, and one for each parity of windows: one is written while the other is read.
    private readonly MessageSlab[][] _outgoing;
    private int _parity;

    // Messages of the window at hand, and how many of them have arrived by the end of each millisecond.
    private int[] _arriving = new int[1 << 8];
    private int[] _ends = [];
    private int _arrivals;

    public SimulationPartition(SimulationOptions options, SimulatedNode[] nodes, SimulatedPlace[] places, int index)
    {
        _options = options;
        _nodes = nodes;
        _index = index;
        _partitions = options.Partitions;
        _places = places;
        _armedFor = new long[(nodes.Length / _partitions) + 1];
        var contacts = options.Dht.Clamped().K;
        _wheel = new MessageWheel(contacts);
        _random = new SimulatedRandom(((ulong)options.Seed << 8) + (2 * (ulong)index) + 2);
        _nodeRandom = new SimulatedRandom(((ulong)options.Seed << 8) + (2 * (ulong)index) + 3);
        _least = options.LeastLatency.TotalMilliseconds;
        _outgoing = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, _partitions).Select(_ => new MessageSlab(contacts)).ToArray())];
    }

    public Distribution Hops { get; } = new();

    public Distribution Requests { get; } = new();

    public Distribution Latency { get; } = new();

    public int Succeeded { get; private set; }

    public int TimedOut { get; private set; }

    public long Delivered { get; private set; }

    public long Sent { get; private set; }

    public long Bytes { get; private set; }

    public long Checked { get; private set; }

    /// <summary>Nodes of the whole network that have joined.</summary>
    public int Joined { get; set; }

    public ulong Fingerprint { get; private set; } = 14695981039346656037;

    public long Now { get; private set; }

    private DhtTime Time => new(Now, UnixStart + (Now / 1000));

    /// <summary>Puts a node in its place.</summary>
    public void Start(int place, ulong address, ulong peer, Random random)
    {
        var core = new DhtNode(_options.Dht, DhtKey.Random(random, _options.Dht.KeyLength), address, this, _nodeRandom, _pool);
        ref var node = ref _nodes[place];
        node.Core = core;
        node.JoinedAt = Now;
        _armedFor[place / _partitions] = long.MaxValue;
        _places[place] = new SimulatedPlace { X = random.NextSingle(), Y = random.NextSingle() };
        node.Names = new DhtKey[_options.NamesPerNode];
        core.Start(peer, Time);
        for (var i = 0; i < node.Names.Length; i++)
        {
            node.Names[i] = DhtKey.Random(random, _options.Dht.KeyLength);
            core.Register(node.Names[i], Time);
        }
        Arm(place, core);
    }

    /// <summary>Has a node ask for a name that another registered.</summary>
    public void Ask(int asker, long query, in DhtKey key, int owner, ulong address)
    {
        _queries[query] = (owner, address);
        var core = _nodes[asker].Core!;
        core.Query(query, key, Time);
        Arm(asker, core);
    }

    /// <summary>Lets time pass up to <paramref name="end"/>, which no message sent meanwhile arrives before.</summary>
    public void Run(SimulationPartition[] all, long end)
    {
        foreach (var other in all) Take(other._outgoing[_parity ^ 1][_index]);
        Gather(end);
        var at = 0;
        for (var millisecond = 0; Now < end; millisecond++)
        {
            Now++;
            for (; at < _ends[millisecond]; at++)
            {
                FetchAhead(at);
                Deliver(_arriving[at]);
                _wheel.Messages.Return(_arriving[at]);
            }
            var first = _calls.Take(Now);
            FetchCalled(first);
            for (var index = first; index >= 0;)
            {
                var (place, next) = _calls.Pass(index);
                Call(place);
                index = next;
            }
        }
    }

    /// <summary>Hands over what was sent since the last time: when every partition has come to the end of a window.</summary>
    public void Turn() => _parity ^= 1;

    /// <inheritdoc/>
    public bool Send(ulong address, in DhtMessage message)
    {
        Sent++;
        Bytes += message.Size;
        if (Sent % DhtSimulator.CheckEvery == 0) Check(message);
        if (_options.Loss > 0 && _random.NextDouble() < _options.Loss) return true;
        var at = Now + LatencyOf(message.Source.Address, address);
        var partition = PlaceOf(address) % _partitions;
        if (partition == _index) _wheel.Put(message, address, at);
        else _outgoing[_parity][partition].Add(message, address, at);
        return true;
    }

    /// <inheritdoc/>
    public bool CanReach(ulong address) => true;

    /// <inheritdoc/>
    public int Members(Span<ulong> into)
    {
        // Routing knows every member; a few of them will do.
        var count = Math.Min(Joined, Math.Min(into.Length, MembersKnown));
        for (var i = 0; i < count; i++) into[i] = _nodes[_random.Next(Joined)].Core!.Self.Address;
        return count;
    }

    /// <inheritdoc/>
    public void Complete(in DhtQueryResult result)
    {
        if (!_queries.Remove(result.Query, out var query)) return;
        // Who left while it was being asked for cannot be found, and who asked and left no longer cares: neither comes here, or it is no failure.
        if (_nodes[query.Owner].Core!.Self.Address != query.Address) return;
        Latency.Add(result.Elapsed);
        if (result.Addresses.Contains(query.Address)) Succeeded++;
        if (result.Outcome == DhtQueryOutcome.TimedOut) TimedOut++;
        if (result.Outcome != DhtQueryOutcome.Found) return;
        Hops.Add(result.Hops);
        Requests.Add(result.Requests);
    }

    private void Take(MessageSlab arrived)
    {
        for (var i = 0; i < arrived.Used; i++) _wheel.Put(arrived.Read(i), arrived[i].Target, arrived[i].At);
        arrived.Clear();
    }

    /// <summary>All messages that arrive up to <paramref name="end"/>, in the order in which they do: what is sent meanwhile arrives later.</summary>
    private void Gather(long end)
    {
        var count = 0;
        if (_ends.Length < end - Now) _ends = new int[end - Now];
        for (var time = Now + 1; time <= end; time++)
        {
            for (var index = _wheel.Take(time); index >= 0; index = _wheel.Messages[index].Next)
            {
                if (count == _arriving.Length) Array.Resize(ref _arriving, 2 * count);
                _arriving[count++] = index;
            }
            _ends[time - Now - 1] = count;
        }
        _arrivals = count;
        for (var at = -FarAhead; at < 0; at++) FetchAhead(at);
    }

    private void FetchAhead(int at)
    {
        if (at + FarAhead < _arrivals) CoreOf(at + FarAhead)?.FetchNode();
        if (at + HalfAhead >= 0 && at + HalfAhead < _arrivals) CoreOf(at + HalfAhead)?.FetchParts();
        if (at + NearAhead >= 0 && at + NearAhead < _arrivals)
        {
            ref var message = ref _wheel.Messages[_arriving[at + NearAhead]];
            CoreOf(at + NearAhead)?.FetchContacts(message.Key, message.Source.Id);
        }
    }

    private void FetchCalled(int first)
    {
        for (var index = first; index >= 0; index = _calls[index].Next) _nodes[_calls[index].Place].Core?.FetchNode();
        for (var index = first; index >= 0; index = _calls[index].Next) _nodes[_calls[index].Place].Core?.FetchParts();
    }

    private DhtNode? CoreOf(int arrival) => _nodes[PlaceOf(_wheel.Messages[_arriving[arrival]].Target)].Core;

    private void Deliver(int index)
    {
        var message = _wheel.Messages.Read(index);
        var target = _wheel.Messages[index].Target;
        var place = PlaceOf(target);
        var core = _nodes[place].Core;
        if (core is null || core.Self.Address != target) return;
        Delivered++;
        Fingerprint = (Fingerprint ^ message.Cookie ^ (target << 3) ^ (ulong)message.Code) * 1099511628211;
        core.Receive(message, Time);
        Arm(place, core);
    }

    private void Call(int place)
    {
        // Whoever wants to be called sooner by now, or has gone, has another element.
        ref var armedFor = ref _armedFor[place / _partitions];
        if (armedFor != Now) return;
        armedFor = long.MaxValue;
        var core = _nodes[place].Core!;
        if (core.NextDeadline <= Now) core.Tick(Time);
        Arm(place, core);
    }

    private void Arm(int place, DhtNode core)
    {
        // A deadline of now is one that the node has just passed by: the next millisecond will do.
        var at = Math.Clamp(core.NextDeadline, Now + 1, Now + CallWheel.Horizon - 1);
        ref var armedFor = ref _armedFor[place / _partitions];
        if (at >= armedFor) return;
        armedFor = at;
        _calls.Put(place, at);
    }

    private int PlaceOf(ulong address) => (int)((uint)(address - 1) % (uint)_nodes.Length);

    private long LatencyOf(ulong from, ulong to)
    {
        ref var a = ref _places[PlaceOf(from)];
        ref var b = ref _places[PlaceOf(to)];
        var (x, y) = (a.X - b.X, a.Y - b.Y);
        return (long)(_least + (DistanceLatency * Math.Sqrt((x * x) + (y * y)))) + _random.Next(JitterLatency) + 1;
    }

    private void Check(in DhtMessage message)
    {
        Checked++;
        var length = message.Write(_buffer);
        if (length != message.Size || !DhtEnvelope.TryParse(_buffer.AsSpan(0, length), out var read)
            || read.Code != (uint)message.Code || read.Source.Address != message.Source.Address || !message.Source.Id.Equals(read.Source.Id)
            || read.Node.ContactCount != message.Contacts.Length || read.Values.Count != message.Values.Length)
        {
            throw new InvalidOperationException($"{message.Code} of {message.Size} bytes was not read as it was written");
        }
    }
}
