using System.Diagnostics;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Lookups;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// A whole directory in one thread and in virtual time: the cores that production runs, over a network with latency, loss and churn. Messages
/// travel as structures; one in <see cref="CheckEvery"/> is written to bytes, read back and compared. Deterministic.
/// </summary>
public sealed class DhtSimulator : IDhtOutput
{
    /// <summary>One message in so many goes through the encoder and the decoder.</summary>
    public const int CheckEvery = 1024;

    private const long UnixStart = 1_795_216_000;
    private const double DistanceLatency = 70 / 1.4142;
    private const int JitterLatency = 5;
    private const int MostJoinsPerSecond = 2500;
    private const int TailMilliseconds = 3000;
    private const int MembersKnown = 4;

    private readonly SimulationOptions _options;
    private readonly Random _random;
    private readonly Random _nodeRandom;
    private readonly DhtLookupPool _pool = new();
    private readonly EventWheel _wheel;
    private readonly SimulatedNode[] _nodes;
    private readonly Dictionary<long, (DhtKey Key, int Owner, ulong Address)> _queries = [];
    private readonly byte[] _buffer = new byte[4096];
    private readonly Distribution _hops = new();
    private readonly Distribution _requests = new();
    private readonly Distribution _latency = new();
    private readonly uint _lossLimit;
    private long _now;
    private long _delivered;
    private long _sent;
    private long _bytes;
    private long _checked;
    private long _nextQuery;
    private int _joined;
    private int _replaced;
    private int _succeeded;
    private int _timedOut;
    private ulong _fingerprint = 14695981039346656037;

    /// <summary>Makes an empty network.</summary>
    public DhtSimulator(SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _random = new Random(options.Seed);
        _nodeRandom = new Random(options.Seed + 1);
        _wheel = new EventWheel(options.Dht.Clamped().K);
        _nodes = new SimulatedNode[options.Nodes];
        _lossLimit = (uint)(options.Loss * uint.MaxValue);
    }

    private DhtTime Time => new(_now, UnixStart + (_now / 1000));

    /// <summary>Runs to the end.</summary>
    /// <param name="progress">Told about a hundred times in each phase how much of it is done, 0 to 1.</param>
    /// <param name="stop">Ends it early.</param>
    public SimulationResult Run(Action<SimulationPhase, double>? progress = null, CancellationToken stop = default)
    {
        var watch = Stopwatch.StartNew();
        Join(progress, stop);
        Pass(SimulationPhase.Settling, (long)_options.Settle.TotalMilliseconds, progress, stop, static _ => { });
        var (sent, bytes) = (_sent, _bytes);
        var duration = (long)_options.Duration.TotalMilliseconds;
        LookUp(duration, progress, stop);
        var measured = (Sent: _sent - sent, Bytes: _bytes - bytes);
        watch.Stop();
        return new SimulationResult
        {
            Options = _options,
            Lookups = _latency.Count,
            Succeeded = _succeeded,
            TimedOut = _timedOut,
            Hops = _hops,
            Requests = _requests,
            Latency = _latency,
            Messages = _delivered,
            MessagesMeasured = measured.Sent,
            BytesMeasured = measured.Bytes,
            SecondsMeasured = (duration + TailMilliseconds) / 1000.0,
            Checked = _checked,
            Replaced = _replaced,
            MemoryPerNode = GC.GetTotalMemory(forceFullCollection: true) / _options.Nodes,
            PeakMemory = Process.GetCurrentProcess().PeakWorkingSet64,
            Contacts = _nodes.Average(n => (double)n.Core!.ContactCount),
            Values = _nodes.Average(n => (double)n.Core!.ValueCount),
            Elapsed = watch.Elapsed,
            Fingerprint = _fingerprint,
        };
    }

    /// <inheritdoc/>
    public bool Send(ulong address, in DhtMessage message)
    {
        _sent++;
        _bytes += message.Size;
        if (_sent % CheckEvery == 0) Check(message);
        if (_lossLimit > 0 && (uint)_random.Next() << 1 < _lossLimit) return true;
        var index = _wheel.Rent();
        ref var e = ref _wheel[index];
        e.Source = message.Source;
        e.Key = message.Key;
        e.Cookie = message.Cookie;
        e.Target = address;
        e.Value = message.Value;
        e.Expiry = message.Expiry;
        e.Code = message.Code;
        e.IsCall = false;
        e.IsMarked = message.IsMarked;
        e.ContactCount = (byte)message.Contacts.Length;
        e.ValueCount = (byte)message.Values.Length;
        if (e.ContactCount > 0) message.Contacts.CopyTo(_wheel.Contacts(index));
        if (e.ValueCount > 0) message.Values.CopyTo(_wheel.Values(index));
        _wheel.Put(index, _now + Latency(message.Source.Address, address));
        return true;
    }

    /// <inheritdoc/>
    public bool CanReach(ulong address) => true;

    /// <inheritdoc/>
    public int Members(Span<ulong> into)
    {
        // Routing knows every member; a few of them will do.
        var count = Math.Min(_joined, Math.Min(into.Length, MembersKnown));
        for (var i = 0; i < count; i++) into[i] = AddressOf(_random.Next(_joined));
        return count;
    }

    /// <inheritdoc/>
    public void Complete(in DhtQueryResult result)
    {
        if (!_queries.Remove(result.Query, out var query)) return;
        // Who left while it was being asked for cannot be found, and who asked and left no longer cares: neither comes here, or it is no failure.
        if (AddressOf(query.Owner) != query.Address) return;
        _latency.Add(result.Elapsed);
        if (result.Addresses.Contains(query.Address)) _succeeded++;
        if (result.Outcome == DhtQueryOutcome.TimedOut) _timedOut++;
        if (result.Outcome != DhtQueryOutcome.Found) return;
        _hops.Add(result.Hops);
        _requests.Add(result.Requests);
    }

    private void Join(Action<SimulationPhase, double>? progress, CancellationToken stop)
    {
        var step = Math.Max(1, _options.Nodes / 100);
        // A network grows with its size, and no faster than enrolment could be.
        for (var next = 0.0; _joined < _options.Nodes; next += 1000.0 / Math.Min(MostJoinsPerSecond, 10 + (_joined / 5)))
        {
            while (_now < (long)next) Step(stop);
            var peer = _joined == 0 ? 0 : AddressOf(_random.Next(_joined));
            Start(_joined, (ulong)_joined + 1, peer);
            _joined++;
            if (_joined % step == 0) progress?.Invoke(SimulationPhase.Joining, (double)_joined / _options.Nodes);
        }
    }

    private void LookUp(long duration, Action<SimulationPhase, double>? progress, CancellationToken stop)
    {
        var begun = _now;
        var asked = 0;
        var due = 0L;
        var replacements = _options.ChurnPerMinute * _options.Nodes * duration / 60_000.0;
        Pass(SimulationPhase.LookingUp, duration, progress, stop, _ =>
        {
            var elapsed = _now - begun;
            for (; _replaced < (int)(replacements * elapsed / duration); _replaced++) Replace();
            for (due = _options.Lookups * elapsed / duration; asked < due; asked++) Ask();
        });
        // The last look-ups end; nothing new begins.
        Pass(SimulationPhase.LookingUp, TailMilliseconds, null, stop, static _ => { });
    }

    private void Pass(SimulationPhase phase, long duration, Action<SimulationPhase, double>? progress, CancellationToken stop, Action<long> each)
    {
        var step = Math.Max(1, duration / 100);
        for (var elapsed = 1L; elapsed <= duration; elapsed++)
        {
            Step(stop);
            each(elapsed);
            if (elapsed % step == 0) progress?.Invoke(phase, (double)elapsed / duration);
        }
    }

    private void Step(CancellationToken stop)
    {
        _now++;
        if (_now % 1000 == 0) stop.ThrowIfCancellationRequested();
        for (var index = _wheel.Take(_now); index >= 0;)
        {
            var next = _wheel[index].Next;
            Deliver(index);
            _wheel.Return(index);
            index = next;
        }
    }

    private void Deliver(int index)
    {
        ref var e = ref _wheel[index];
        var place = PlaceOf(e.Target);
        var core = _nodes[place].Core;
        if (core is null || core.Self.Address != e.Target) return;
        if (e.IsCall)
        {
            if (_nodes[place].ArmedFor != _now) return;
            _nodes[place].ArmedFor = long.MaxValue;
            if (core.NextDeadline <= _now) core.Tick(Time);
        }
        else
        {
            _delivered++;
            var message = new DhtMessage
            {
                Code = e.Code,
                Source = e.Source,
                Key = e.Key,
                Cookie = e.Cookie,
                Value = e.Value,
                Expiry = e.Expiry,
                IsMarked = e.IsMarked,
                Contacts = _wheel.Contacts(index)[..e.ContactCount],
                Values = _wheel.Values(index)[..e.ValueCount],
            };
            _fingerprint = (_fingerprint ^ e.Cookie ^ (e.Target << 3) ^ (ulong)e.Code) * 1099511628211;
            core.Receive(message, Time);
        }
        Arm(place, core);
    }

    private void Arm(int place, DhtNode core)
    {
        // A deadline of now is one that the node has just passed by: the next millisecond will do.
        var at = Math.Clamp(core.NextDeadline, _now + 1, _now + EventWheel.Horizon - 1);
        if (at >= _nodes[place].ArmedFor) return;
        _nodes[place].ArmedFor = at;
        var index = _wheel.Rent();
        ref var e = ref _wheel[index];
        e.IsCall = true;
        e.Target = core.Self.Address;
        _wheel.Put(index, at);
    }

    private void Start(int place, ulong address, ulong peer)
    {
        var core = new DhtNode(_options.Dht, DhtKey.Random(_random, _options.Dht.KeyLength), address, this, _nodeRandom, _pool);
        ref var node = ref _nodes[place];
        node.Core = core;
        node.JoinedAt = _now;
        node.ArmedFor = long.MaxValue;
        node.X = _random.NextSingle();
        node.Y = _random.NextSingle();
        node.Names = new DhtKey[_options.NamesPerNode];
        core.Start(peer, Time);
        for (var i = 0; i < node.Names.Length; i++)
        {
            node.Names[i] = DhtKey.Random(_random, _options.Dht.KeyLength);
            core.Register(node.Names[i], Time);
        }
        Arm(place, core);
    }

    /// <summary>A node goes without a word; another comes in its place with an address, an id and names of its own.</summary>
    private void Replace()
    {
        var place = _random.Next(_nodes.Length);
        var address = AddressOf(place) + (ulong)_nodes.Length;
        var peer = place;
        while (peer == place && _nodes.Length > 1) peer = _random.Next(_nodes.Length);
        Start(place, address, AddressOf(peer));
    }

    private void Ask()
    {
        var owner = PickGrown();
        var asker = owner;
        while (asker == owner && _nodes.Length > 1) asker = PickGrown();
        var names = _nodes[owner].Names;
        var key = names[_random.Next(names.Length)];
        var query = _nextQuery++;
        _queries[query] = (key, owner, AddressOf(owner));
        var core = _nodes[asker].Core!;
        core.Query(query, key, Time);
        Arm(asker, core);
    }

    private int PickGrown()
    {
        var grace = (long)_options.Grace.TotalMilliseconds;
        int place;
        do place = _random.Next(_nodes.Length);
        while (_now - _nodes[place].JoinedAt < grace);
        return place;
    }

    private ulong AddressOf(int place) => _nodes[place].Core!.Self.Address;

    private int PlaceOf(ulong address) => (int)((address - 1) % (ulong)_nodes.Length);

    private long Latency(ulong from, ulong to)
    {
        ref var a = ref _nodes[PlaceOf(from)];
        ref var b = ref _nodes[PlaceOf(to)];
        var (x, y) = (a.X - b.X, a.Y - b.Y);
        return (long)(_options.LeastLatency.TotalMilliseconds + (DistanceLatency * Math.Sqrt((x * x) + (y * y)))) + _random.Next(JitterLatency) + 1;
    }

    private void Check(in DhtMessage message)
    {
        _checked++;
        var length = message.Write(_buffer);
        if (length != message.Size || !DhtEnvelope.TryParse(_buffer.AsSpan(0, length), out var read)
            || read.Code != (uint)message.Code || read.Source.Address != message.Source.Address || !message.Source.Id.Equals(read.Source.Id)
            || read.Node.ContactCount != message.Contacts.Length || read.Values.Count != message.Values.Length)
        {
            throw new InvalidOperationException($"{message.Code} of {message.Size} bytes was not read as it was written");
        }
    }
}
