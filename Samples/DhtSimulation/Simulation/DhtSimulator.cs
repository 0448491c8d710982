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
        Pass(SimulationPhase.Settling, (long)_options.Settle.TotalMilliseconds, progress, stop);
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
            var at = RoundUp((long)next);
            Start(_joined, (ulong)_joined + 1, _joined == 0 ? 0 : AddressOf(_random.Next(_joined)), at, _joined + 1);
            _joined++;
            if (_joined % step != 0 && _joined < _options.Nodes) continue;
            Step(at - _now, stop);
            progress?.Invoke(SimulationPhase.Joining, (double)_joined / _options.Nodes);
        }
    }

    private void LookUp(long duration, Action<SimulationPhase, double>? progress, CancellationToken stop)
    {
        var begun = _now;
        var asked = 0;
        var replacements = _options.ChurnPerMinute * _options.Nodes * duration / 60_000.0;
        Pass(
            SimulationPhase.LookingUp,
            duration,
            progress,
            stop,
            elapsed =>
            {
                for (; _replaced < (int)(replacements * elapsed / duration); _replaced++) Replace();
                return replacements > 0 ? (long)((_replaced + 1) * duration / replacements) : long.MaxValue;
            },
            elapsed =>
            {
                for (var due = (long)_options.Lookups * elapsed / duration; asked < due; asked++) Ask(Math.Max(begun + elapsed, _now));
            });
        // The last look-ups end; nothing new begins.
        Pass(SimulationPhase.LookingUp, TailMilliseconds, null, stop);
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="phase">Part of the run.</param>
    /// <param name="duration">How long, milliseconds.</param>
    /// <param name="progress">Told about a hundred times.</param>
    /// <param name="stop">Ends it early.</param>
    /// <param name="change">Changes who is there, and says when it wants to again: nothing may be on its way through a node while it does.</param>
    /// <param name="plan">Told each time at which something may be asked, those that are to come included, in order.</param>
    private void Pass(
        SimulationPhase phase, long duration, Action<SimulationPhase, double>? progress, CancellationToken stop, Func<long, long>? change = null, Action<long>? plan = null)
    {
        var begun = _now;
        var planned = 0L;
        for (var shown = 0L; _now < begun + duration;)
        {
            var elapsed = _now - begun;
            var next = change?.Invoke(elapsed) ?? long.MaxValue;
            // Up to when there is something to change or to show.
            next = RoundUp(Math.Max(elapsed + 1, Math.Min(Math.Min(next, duration), ((elapsed * 100 / duration) + 1) * duration / 100)));
            for (; planned < next; planned += _window) plan?.Invoke(planned);
            Step(next - elapsed, stop);
            elapsed = Math.Min(next, duration);
            if (elapsed * 100 / duration == shown) continue;
            shown = elapsed * 100 / duration;
            progress?.Invoke(phase, (double)elapsed / duration);
        }
        change?.Invoke(duration);
        plan?.Invoke(duration);
    }

    private void Step(long milliseconds, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (milliseconds == 0) return;
        _end = _now + milliseconds;
        _crew.Run();
        _now = _end;
    }

    private long RoundUp(long milliseconds) => (milliseconds + _window - 1) / _window * _window;

    private void Start(int place, ulong address, ulong peer, long at, int joined)
    {
        var id = DhtKey.Random(_random, _options.Dht.KeyLength);
        _places[place] = new SimulatedPlace { X = _random.NextSingle(), Y = _random.NextSingle() };
        var names = new DhtKey[_options.NamesPerNode];
        for (var i = 0; i < names.Length; i++) names[i] = DhtKey.Random(_random, _options.Dht.KeyLength);
        _nodes[place] = new SimulatedNode { Address = address, Names = names, JoinedAt = at };
        foreach (var partition in _partitions) partition.Join(new Newcomer(at, place, id, address, peer, joined));
    }

    /// <summary>A node goes without a word; another comes in its place with an address, an id and names of its own.</summary>
    private void Replace()
    {
        var place = _random.Next(_nodes.Length);
        var address = AddressOf(place) + (ulong)_nodes.Length;
        var peer = place;
        while (peer == place && _nodes.Length > 1) peer = _random.Next(_nodes.Length);
        Start(place, address, AddressOf(peer), _now, _joined);
    }

    private void Ask(long at)
    {
        var owner = PickGrown(at);
        var asker = owner;
        while (asker == owner && _nodes.Length > 1) asker = PickGrown(at);
        var names = _nodes[owner].Names;
        PartitionOf(asker).Ask(new SimulatedQuestion(at, asker, _nextQuery++, names[_random.Next(names.Length)], owner, AddressOf(owner)));
    }

    private int PickGrown(long at)
    {
        var grace = (long)_options.Grace.TotalMilliseconds;
        int place;
        do place = _random.Next(_nodes.Length);
        while (at - _nodes[place].JoinedAt < grace);
        return place;
    }

    private SimulationPartition PartitionOf(int place) => _partitions[place % _partitions.Length];

    private ulong AddressOf(int place) => _nodes[place].Address;
}
