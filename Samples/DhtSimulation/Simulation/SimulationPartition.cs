using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Lookups;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// Some of the nodes of a simulation, the messages that are on their way to them, and what they found: all that one thread works on. No message
/// arrives sooner than the least latency after it was sent, so far a partition may be ahead of the others: it waits for them only when it has come farther. Who joins and who asks is told
/// beforehand, so that they need not meet for that. What happens depends on the number of partitions, not on which thread is when.
/// </summary>
internal sealed partial class SimulationPartition : IDhtOutput
{
    private const long UnixStart = 1_795_216_000;
    private const double DistanceLatency = 70 / 1.4142;
    private const int JitterLatency = 5;
    private const int MembersKnown = 4;

    // The less of a window is known, the less can be fetched ahead, and the more often others have to be looked at.
    private const int LeastShare = 2;

    // What the other has to do takes microseconds, unless the system has taken the processor from it.
    private const int PatientSpins = 100;
    private const int SpinLength = 10;

    private readonly SimulationOptions _options;
    private readonly SimulatedNode[] _nodes;
    private readonly SimulatedPlace[] _places;

    private readonly OwnNode[] _own;
    private readonly int _index;
    private readonly int _partitions;
    private readonly CallWheel _calls = new();
    private readonly SimulatedRandom _random;
    private readonly SimulatedRandom _nodeRandom;
    private readonly DhtLookupPool _pool = new();
    private readonly byte[] _buffer = new byte[4096];
    private readonly Queue<Newcomer> _newcomers = new();
    private readonly Queue<SimulatedQuestion> _questions = new();
    private readonly Dictionary<long, (int Owner, ulong Address)> _queries = [];
    private readonly double _least;
    private readonly int _window;

    // To each partition. What arrives in a window is taken by the other while nothing is put in for that window.
    private readonly MessageWheel[] _outgoing;

    private readonly MessagePool _messages = new();

    // Messages of the window at hand, the chunks that they are in, and how many of both have arrived by the end of each millisecond.
    private SimulatedArrival[] _arriving = new SimulatedArrival[1 << 8];
    private MessageChunk[] _chunks = new MessageChunk[1 << 6];
    private readonly (int Arrivals, int Chunks)[] _ends;
    private int _arrivals;

    // Nodes of the whole network.
    private int _joined;

    // The others read it all the time: apart from what this one writes all the time.
    private PaddedTime _done;

    public SimulationPartition(SimulationOptions options, SimulatedNode[] nodes, SimulatedPlace[] places, int index)
    {
        _options = options;
        _nodes = nodes;
        _index = index;
        _partitions = options.Partitions;
        _places = places;
        _own = new OwnNode[(nodes.Length / _partitions) + 1];
        _random = new SimulatedRandom(((ulong)options.Seed << 8) + (2 * (ulong)index) + 2);
        _nodeRandom = new SimulatedRandom(((ulong)options.Seed << 8) + (2 * (ulong)index) + 3);
        _least = options.LeastLatency.TotalMilliseconds;
        _window = options.Window;
        _ends = new (int, int)[_window];
        var horizon = (int)((2 * _least) + Math.Ceiling(DistanceLatency * Math.Sqrt(2)) + JitterLatency) + 2;
        _outgoing = [.. Enumerable.Range(0, _partitions).Select(_ => new MessageWheel(horizon))];
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

    public ulong Fingerprint { get; private set; } = 14695981039346656037;

    public long Now { get; private set; }

    private DhtTime Time => new(Now, UnixStart + (Now / 1000));

    /// <summary>The nodes that run.</summary>
    public IEnumerable<DhtNode> Nodes => _own.Select(n => n.Core).OfType<DhtNode>();

    /// <summary>Has a node join, of this partition or another; to be called in the order of their times.</summary>
    public void Join(in Newcomer newcomer)
    {
        _newcomers.Enqueue(newcomer);
        Hold(newcomer.At);
    }

    /// <summary>Has a node ask for a name that another registered; to be called in the order of their times.</summary>
    public void Ask(in SimulatedQuestion question)
    {
        _questions.Enqueue(question);
        Hold(question.At);
    }

    /// <summary>Lets time pass up to <paramref name="end"/>, while the others do the same.</summary>
    public void Run(SimulationPartition[] all, long end)
    {
        try
        {
            while (Now < end)
            {
                Begin();
                Pass(all, Math.Min(Math.Min(WaitFor(all, end), end), NextBegin));
            }
        }
        catch
        {
            // Nobody is to wait for what will not come.
            Volatile.Write(ref _done.Value, long.MaxValue / 2);
            throw;
        }
    }

    // When somebody joins or asks next: after the messages of that millisecond.
    private long NextBegin => Math.Min(
        _newcomers.TryPeek(out var newcomer) ? newcomer.At : long.MaxValue, _questions.TryPeek(out var question) ? question.At : long.MaxValue);

    // What begins now sends, too: the others are not to take what this one has sent so far for all of it.
    private void Hold(long at)
    {
        if (at == Now) _done.Value = Now - 1;
    }

    private void Begin()
    {
        if (NextBegin > Now) return;
        foreach (var newcomer in _newcomers)
        {
            if (newcomer.At > Now) break;
            _joined = newcomer.Joined;
        }
        while (_newcomers.TryPeek(out var newcomer) && newcomer.At <= Now) Welcome(_newcomers.Dequeue());
        while (_questions.TryPeek(out var question) && question.At <= Now) Ask(_questions.Dequeue(), question.Asker / _partitions);
        Volatile.Write(ref _done.Value, Now);
    }

    // Nodes are made in the threads that work on them.
    private void Welcome(in Newcomer newcomer)
    {
        if (newcomer.Place % _partitions != _index) return;
        var core = new DhtNode(_options.Dht, newcomer.Id, newcomer.Address, this, _nodeRandom, _pool);
        var own = newcomer.Place / _partitions;
        _own[own] = new OwnNode { Core = core, ArmedFor = long.MaxValue, Due = long.MaxValue };
        core.Start(newcomer.Peer, Time);
        foreach (ref readonly var name in _nodes[newcomer.Place].Names.AsSpan()) core.Register(name, Time);
        Arm(own, core);
    }

    private void Ask(in SimulatedQuestion question, int own)
    {
        _queries[question.Query] = (question.Owner, question.Address);
        var core = _own[own].Core!;
        core.Query(question.Query, question.Key, Time);
        Arm(own, core);
    }

    /// <summary>Up to when all that arrives here is known.</summary>
    private long WaitFor(SimulationPartition[] all, long end)
    {
        // Whoever is behind has a whole window before him, so one of them always goes on.
        var enough = Math.Min(end, Now + Math.Max(1, _window / LeastShare));
        var wait = default(SpinWait);
        for (var spins = 0; ; spins++)
        {
            var known = Now + _window;
            foreach (var other in all) known = Math.Min(known, Volatile.Read(ref other._done.Value) + _window);
            if (known >= enough) return known;
            if (spins < PatientSpins) Thread.SpinWait(SpinLength);
            else wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private void Pass(SimulationPartition[] all, long end)
    {
        Gather(all, end);
        var beginning = NextBegin;
        var (at, chunk) = (0, 0);
        for (var millisecond = 0; Now < end; millisecond++)
        {
            Now++;
            for (; at < _ends[millisecond].Arrivals; at++)
            {
                FetchAhead(at);
                Deliver(_arriving[at]);
            }
            var first = _calls.Take(Now);
            FetchCalled(first);
            for (var index = first; index >= 0;)
            {
                var (own, next) = _calls.Pass(index);
                Call(own);
                index = next;
            }
            for (; chunk < _ends[millisecond].Chunks; chunk++) _messages.Return(_chunks[chunk]);
            if (Now < beginning) Volatile.Write(ref _done.Value, Now);
        }
    }

    /// <inheritdoc/>
    public bool Send(ulong address, in DhtMessage message)
    {
        Sent++;
        Bytes += message.Size;
        if (Sent % DhtSimulator.CheckEvery == 0) Check(message);
        if (_options.Loss > 0 && _random.NextDouble() < _options.Loss) return true;
        var at = Now + LatencyOf(message.Source.Address, address);
        _outgoing[PlaceOf(address) % _partitions].Put(message, address, at, _messages);
        return true;
    }

    /// <inheritdoc/>
    public bool CanReach(ulong address) => true;

    /// <inheritdoc/>
    public int Members(Span<ulong> into)
    {
        // Routing knows every member; a few of them will do.
        var count = Math.Min(_joined, Math.Min(into.Length, MembersKnown));
        for (var i = 0; i < count; i++) into[i] = _nodes[_random.Next(_joined)].Address;
        return count;
    }

    /// <inheritdoc/>
    public void Complete(in DhtQueryResult result)
    {
        if (!_queries.Remove(result.Query, out var query)) return;
        // Who left while it was being asked for cannot be found, and who asked and left no longer cares: neither comes here, or it is no failure.
        if (_nodes[query.Owner].Address != query.Address) return;
        Latency.Add(result.Elapsed);
        if (result.Addresses.Contains(query.Address)) Succeeded++;
        if (result.Outcome == DhtQueryOutcome.TimedOut) TimedOut++;
        if (result.Outcome != DhtQueryOutcome.Found) return;
        Hops.Add(result.Hops);
        Requests.Add(result.Requests);
    }

    /// <summary>
    /// All messages that arrive up to <paramref name="end"/>, in the order in which they do, and in a millisecond in that of the partitions that sent them: what is sent
    /// meanwhile arrives later.
    /// </summary>
    private void Gather(SimulationPartition[] all, long end)
    {
        var (count, chunks) = (0, 0);
        for (var millisecond = 0; millisecond < end - Now; millisecond++)
        {
            foreach (var partition in all)
            {
                for (var chunk = partition._outgoing[_index].Take(Now + millisecond + 1); chunk is not null; chunk = chunk.Next)
                {
                    if (chunks == _chunks.Length) Array.Resize(ref _chunks, 2 * chunks);
                    _chunks[chunks] = chunk;
                    for (var i = 0; i < chunk.Count; i++)
                    {
                        if (count == _arriving.Length) Array.Resize(ref _arriving, 2 * count);
                        _arriving[count++] = new SimulatedArrival { Chunk = chunks, Index = i };
                    }
                    chunks++;
                }
            }
            _ends[millisecond] = (count, chunks);
        }
        _arrivals = count;
        for (var at = -MessageAhead; at < 0; at++) FetchAhead(at);
    }

    private void Deliver(in SimulatedArrival arrival)
    {
        var chunk = _chunks[arrival.Chunk];
        var target = chunk[arrival.Index].Target;
        var core = _own[arrival.Node].Core;
        if (core is null || core.Self.Address != target) return;
        var message = chunk.Read(arrival.Index);
        Delivered++;
        Fingerprint = (Fingerprint ^ message.Cookie ^ (target << 3) ^ (ulong)message.Code) * 1099511628211;
        core.Receive(message, Time);
        Arm(arrival.Node, core);
    }

    private void Call(int own)
    {
        // Whoever wants to be called sooner by now, or has gone, has another element.
        ref var node = ref _own[own];
        if (node.ArmedFor != Now) return;
        node.ArmedFor = long.MaxValue;
        if (node.Due <= Now)
        {
            node.Core!.Tick(Time);
            node.Due = node.Core.NextDeadline;
        }
        Arm(own, ref node);
    }

    private void Arm(int own, DhtNode core)
    {
        ref var node = ref _own[own];
        node.Due = core.NextDeadline;
        Arm(own, ref node);
    }

    private void Arm(int own, ref OwnNode node)
    {
        // A deadline of now is one that the node has just passed by: the next millisecond will do.
        var at = Math.Clamp(node.Due, Now + 1, Now + CallWheel.Horizon - 1);
        if (at >= node.ArmedFor) return;
        node.ArmedFor = at;
        _calls.Put(own, at);
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
