using System.Diagnostics;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// A whole directory in virtual time: the cores that production runs, over a network with latency, loss and churn. Messages travel as structures;
/// one in <see cref="CheckEvery"/> is written to bytes, read back and compared. Deterministic, in as many threads as there are partitions.
/// </summary>
public sealed class DhtSimulator
{
    /// <summary>One message in so many goes through the encoder and the decoder.</summary>
    public const int CheckEvery = 1024;

    private const int MostJoinsPerSecond = 2500;
    private const int TailMilliseconds = 3000;

    private readonly SimulationOptions _options;
    private readonly SimulatedRandom _random;
    private readonly SimulatedNode[] _nodes;
    private readonly SimulatedPlace[] _places;
    private readonly SimulationPartition[] _partitions;
    private readonly WindowCrew _crew;
    private readonly int _window;
    private long _now;
    private long _end;
    private long _nextQuery;
    private int _joined;
    private int _replaced;

    private DhtSimulator(SimulationOptions options)
    {
        _options = options;
        _random = new SimulatedRandom((ulong)options.Seed << 8);
        _nodes = new SimulatedNode[options.Nodes];
        _places = new SimulatedPlace[options.Nodes];
        _partitions = [.. Enumerable.Range(0, options.Partitions).Select(i => new SimulationPartition(options, _nodes, _places, i))];
        _window = options.Window;
        _crew = new WindowCrew(options.Partitions, i => _partitions[i].Run(_partitions, _end));
    }

    /// <summary>Runs to the end.</summary>
    /// <param name="options">What.</param>
    /// <param name="progress">Told about a hundred times in each phase how much of it is done, 0 to 1.</param>
    /// <param name="stop">Ends it early.</param>
    public static SimulationResult Run(SimulationOptions options, Action<SimulationPhase, double>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var simulator = new DhtSimulator(options);
        using (simulator._crew) return simulator.Run(progress, stop);
    }

    private SimulationResult Run(Action<SimulationPhase, double>? progress, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        Join(progress, stop);
        Pass(SimulationPhase.Settling, (long)_options.Settle.TotalMilliseconds, progress, stop, static _ => long.MaxValue);
        var (sent, bytes) = (_partitions.Sum(p => p.Sent), _partitions.Sum(p => p.Bytes));
        var duration = (long)_options.Duration.TotalMilliseconds;
        LookUp(duration, progress, stop);
        watch.Stop();
        return new SimulationResult
        {
            Options = _options,
            Lookups = _partitions.Sum(p => p.Latency.Count),
            Succeeded = _partitions.Sum(p => p.Succeeded),
            TimedOut = _partitions.Sum(p => p.TimedOut),
            Hops = Distribution.Of(_partitions.Select(p => p.Hops)),
            Requests = Distribution.Of(_partitions.Select(p => p.Requests)),
            Latency = Distribution.Of(_partitions.Select(p => p.Latency)),
            Messages = _partitions.Sum(p => p.Delivered),
            MessagesMeasured = _partitions.Sum(p => p.Sent) - sent,
            BytesMeasured = _partitions.Sum(p => p.Bytes) - bytes,
            SecondsMeasured = (duration + TailMilliseconds) / 1000.0,
            Checked = _partitions.Sum(p => p.Checked),
            Replaced = _replaced,
            MemoryPerNode = GC.GetTotalMemory(forceFullCollection: true) / _options.Nodes,
            PeakMemory = Process.GetCurrentProcess().PeakWorkingSet64,
            Contacts = _partitions.SelectMany(p => p.Nodes).Average(n => (double)n.ContactCount),
            Values = _partitions.SelectMany(p => p.Nodes).Average(n => (double)n.ValueCount),
            Elapsed = watch.Elapsed,
            Fingerprint = _partitions.Aggregate(0UL, (all, p) => (all * 31) + p.Fingerprint),
        };
    }

    private void Join(Action<SimulationPhase, double>? progress, CancellationToken stop)
    {
        var step = Math.Max(1, _options.Nodes / 100);
        // A network grows with its size, and no faster than enrolment could be.
        for (var next = 0.0; _joined < _options.Nodes; next += 1000.0 / Math.Min(MostJoinsPerSecond, 10 + (_joined / 5)))
        {
            while (_now < (long)next) Step(1, stop);
            Start(_joined, (ulong)_joined + 1, _joined == 0 ? 0 : AddressOf(_random.Next(_joined)));
            _joined++;
            foreach (var partition in _partitions) partition.Joined = _joined;
            if (_joined % step == 0) progress?.Invoke(SimulationPhase.Joining, (double)_joined / _options.Nodes);
        }
    }

    private void LookUp(long duration, Action<SimulationPhase, double>? progress, CancellationToken stop)
    {
        var asked = 0;
        var replacements = _options.ChurnPerMinute * _options.Nodes * duration / 60_000.0;
        Pass(SimulationPhase.LookingUp, duration, progress, stop, elapsed =>
        {
            for (; _replaced < (int)(replacements * elapsed / duration); _replaced++) Replace();
            for (var due = (long)_options.Lookups * elapsed / duration; asked < due; asked++) Ask();
            var nextQuery = (((asked + 1L) * duration) + _options.Lookups - 1) / _options.Lookups;
            return replacements > 0 ? Math.Min(nextQuery, (long)((_replaced + 1) * duration / replacements)) : nextQuery;
        });
        // The last look-ups end; nothing new begins.
        Pass(SimulationPhase.LookingUp, TailMilliseconds, null, stop, static _ => long.MaxValue);
    }

    private void Pass(SimulationPhase phase, long duration, Action<SimulationPhase, double>? progress, CancellationToken stop, Func<long, long> each)
    {
        var begun = _now;
        var windows = 1L;
        for (var shown = 0L; _now < begun + duration;)
        {
            Step(windows, stop);
            var elapsed = Math.Min(_now - begun, duration);
            // Up to when there is nothing to do, or something to show.
            var next = Math.Min(Math.Min(each(elapsed), duration), ((elapsed * 100 / duration) + 1) * duration / 100);
            windows = Math.Max(1, (next - (_now - begun) + _window - 1) / _window);
            if (elapsed * 100 / duration == shown) continue;
            shown = elapsed * 100 / duration;
            progress?.Invoke(phase, (double)elapsed / duration);
        }
    }

    private void Step(long windows, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        _end = _now + (windows * _window);
        _crew.Run();
        _now = _end;
    }

    private void Start(int place, ulong address, ulong peer)
    {
        var id = DhtKey.Random(_random, _options.Dht.KeyLength);
        _places[place] = new SimulatedPlace { X = _random.NextSingle(), Y = _random.NextSingle() };
        var names = new DhtKey[_options.NamesPerNode];
        for (var i = 0; i < names.Length; i++) names[i] = DhtKey.Random(_random, _options.Dht.KeyLength);
        _nodes[place] = new SimulatedNode { Address = address, Names = names, JoinedAt = _now };
        PartitionOf(place).Join(new Newcomer(place, id, address, peer));
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
        PartitionOf(asker).Ask(asker, _nextQuery++, names[_random.Next(names.Length)], owner, AddressOf(owner));
    }

    private int PickGrown()
    {
        var grace = (long)_options.Grace.TotalMilliseconds;
        int place;
        do place = _random.Next(_nodes.Length);
        while (_now - _nodes[place].JoinedAt < grace);
        return place;
    }

    private SimulationPartition PartitionOf(int place) => _partitions[place % _partitions.Length];

    private ulong AddressOf(int place) => _nodes[place].Address;
}
