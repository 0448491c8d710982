using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections.Wire;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>
/// Connection establishment and the table of connections, both sides, as a sans-I/O core: flows, messages, commands and time in; messages, events and the
/// next deadline out. Any number of connections are established at a time, each with a deadline of its own; silent and nonsensical peers cost a
/// bounded number of flows for a bounded time.
/// </summary>
public sealed partial class ConnectionManager
{
    private readonly IReadOnlyList<Component> _components;
    private readonly ConnectionSettings _settings;
    private readonly ConnectionTable _table;
    private readonly IConnectionOutput _output;
    private readonly Random _random;
    private readonly Dictionary<int, HalfOpen> _halfOpen = [];
    private int _accepted;
    private double _tokens;
    private TimeSpan _tokensAt;
    private long _lastAttempt;

    /// <summary>Takes a table over; what was wanted and is not there is tried at once.</summary>
    /// <param name="components">What this member has.</param>
    /// <param name="address">Its address; 0 in a broadcast layer.</param>
    /// <param name="settings">Time-outs and limits.</param>
    /// <param name="table">What there is already.</param>
    /// <param name="output">What it is connected to.</param>
    /// <param name="random">Spreads what is tried again.</param>
    /// <param name="now">Time since some start; never runs backwards.</param>
    public ConnectionManager(
        IReadOnlyList<Component> components, ulong address, ConnectionSettings settings, ConnectionTable table, IConnectionOutput output, Random random, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(random);
        _components = components;
        Address = address;
        _settings = settings;
        _table = table;
        _output = output;
        _random = random;
        _tokens = settings.AcceptBurst;
        _tokensAt = now;
        foreach (var wanted in table.Wanted)
        {
            wanted.Attempt = WantedConnection.NoAttempt;
            wanted.Commands.Clear();
            wanted.TryAt = wanted.Connection is null ? now : TimeSpan.MaxValue;
        }
    }

    /// <summary>The address of this member.</summary>
    public ulong Address { get; }

    /// <summary>Flows whose other side has said nothing yet.</summary>
    public int HalfOpenCount => _halfOpen.Count;

    /// <summary>When <see cref="Tick"/> is due; <see cref="TimeSpan.MaxValue"/> = never.</summary>
    public TimeSpan Deadline
    {
        get
        {
            var deadline = TimeSpan.MaxValue;
            foreach (var half in _halfOpen.Values) deadline = half.Deadline < deadline ? half.Deadline : deadline;
            foreach (var wanted in _table.Wanted) deadline = wanted.TryAt < deadline ? wanted.TryAt : deadline;
            return deadline;
        }
    }

    /// <summary>Somebody has allocated a flow to this member.</summary>
    public void OnAccepted(LowerFlow flow, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(flow);
        _tokens = Math.Min(_settings.AcceptBurst, _tokens + ((now - _tokensAt).TotalSeconds * _settings.AcceptRate));
        _tokensAt = now;
        if (_accepted >= _settings.MaxHalfOpen) Refuse(flow, CepFailure.TooManyHalfOpen);
        else if (_tokens < 1) Refuse(flow, CepFailure.TooFast);
        else
        {
            _tokens--;
            _accepted++;
            Await(new HalfOpen(flow, null, null, now + _settings.ReceiveTimeout));
        }
    }

    /// <summary>A message of the other side of a half-open flow. Keep-alives say nothing: the next one is waited for.</summary>
    public void Receive(int flow, ReadOnlySpan<byte> data, TimeSpan now)
    {
        if (!_halfOpen.TryGetValue(flow, out var half)) return;
        if (data.IsEmpty)
        {
            _output.Listen(half.Flow);
            return;
        }
        Forget(half);
        if (half.Wanted is null) ReceiveRequest(half, data, now);
        else ReceiveAnswer(half, half.Wanted, data, now);
    }

    /// <summary>A flow has ended before its other side said anything.</summary>
    public void OnFlowEnded(int flow, TimeSpan now)
    {
        if (_halfOpen.TryGetValue(flow, out var half)) Fail(half, CepFailure.FlowEnded, now);
    }

    /// <summary>Lets time pass: gives silent flows up, tries wanted connections again.</summary>
    public void Tick(TimeSpan now)
    {
        foreach (var half in _halfOpen.Values.Where(h => h.Deadline <= now).ToList()) Fail(half, CepFailure.Silent, now);
        foreach (var wanted in _table.Wanted.Where(w => w.TryAt <= now).ToList()) Try(wanted, now);
    }

    /// <summary>Ends it, not the connections: half-open flows are released, whoever waits is answered.</summary>
    public void Stop()
    {
        foreach (var half in _halfOpen.Values) _output.Release(half.Flow);
        _halfOpen.Clear();
        foreach (var wanted in _table.Wanted)
        {
            foreach (var command in wanted.Commands) _output.Answer(command, FlowError.BrokenPipe, "the connection manager was stopped; it is tried again");
            wanted.Commands.Clear();
            wanted.IsKept = true;
        }
    }

    private void ReceiveRequest(HalfOpen half, ReadOnlySpan<byte> data, TimeSpan now)
    {
        _accepted--;
        if (!CepMessage.TryParse(data, out var request))
        {
            Refuse(half.Flow, CepFailure.Malformed);
            return;
        }
        if (Find(request.Component) is not { } component)
        {
            _output.Send(half.Flow, CepMessage.Refusal());
            Refuse(half.Flow, CepFailure.UnknownComponent);
            return;
        }
        if (component.IsNeighbourhood && _table.IsUnwanted(component.Name, request.Address))
        {
            _output.Send(half.Flow, CepMessage.Refusal());
            Refuse(half.Flow, CepFailure.Unwanted);
            return;
        }
        // What is wrong is for the other side to see, too: it is told what is here, and does not take us for a neighbour either.
        var failure = CepCheck.Peer(component, Address, request);
        // Only to who says it himself: the reference gets what it is used to.
        var timeout = component.IsNeighbourhood && request.PeerTimeout != 0 ? OwnTimeout : 0;
        var sent = _output.Send(half.Flow, CepMessage.Of(component, component.IsNeighbourhood ? Address : 0, timeout));
        if (failure == CepFailure.AddressClash && _halfOpen.Values.Any(h => h.Component == component)) failure = CepFailure.OwnFlow;
        if (failure is null && !sent) failure = CepFailure.NotSent;
        if (failure is { } reason)
        {
            Refuse(half.Flow, reason);
            if (reason == CepFailure.AddressClash) _output.OnAddressClash();
        }
        else if (component.IsNeighbourhood)
        {
            Watch(half.Flow, request.PeerTimeout);
            Establish(new Connection(component.Name, request.Address, half.Flow, null, now) { PeerIsOurs = request.PeerTimeout != 0 });
        }
        else
        {
            _table.Counters.NoteEstablished();
            _output.Serve(half.Flow);
        }
    }

    private void ReceiveAnswer(HalfOpen half, WantedConnection wanted, ReadOnlySpan<byte> data, TimeSpan now)
    {
        if (!CepMessage.TryParse(data, out var answer))
        {
            GiveUp(half, wanted, CepFailure.Malformed, now);
            return;
        }
        if (CepCheck.Answer(half.Component!, Address, answer) is { } failure)
        {
            GiveUp(half, wanted, failure, now);
            return;
        }
        wanted.Attempt = WantedConnection.NoAttempt;
        wanted.TryAt = TimeSpan.MaxValue;
        wanted.Failures = 0;
        wanted.IsKept = true;
        wanted.Peer = answer.Address;
        Watch(half.Flow, answer.PeerTimeout);
        wanted.Connection = new Connection(wanted.Component, answer.Address, half.Flow, wanted.Destination, now) { PeerIsOurs = answer.PeerTimeout != 0 };
        Establish(wanted.Connection);
        AnswerAll(wanted, FlowError.None, null);
    }

    private void Establish(Connection connection)
    {
        var before = _table.Find(connection.Component, connection.Peer);
        if (before.Count >= _settings.MaxPerPeer) Lose(before[0], ConnectionLoss.Replaced, connection.Since);
        _table.Counters.NoteEstablished();
        _table.Add(connection);
        _output.Tell(new ConnectionEvents.Added(connection.Component, connection.Peer, connection.Flow, connection.Initiated, connection.PeerIsOurs));
    }

    private uint OwnTimeout => (uint)_settings.PeerTimeout.TotalMilliseconds;

    /// <summary>Both say how long the other one may be silent: each sends as often as the more impatient wants, four times in that time.</summary>
    private void Watch(LowerFlow flow, uint peerTimeout)
    {
        if (peerTimeout == 0 || _settings.PeerTimeout == TimeSpan.Zero) return;
        var peer = TimeSpan.FromMilliseconds(peerTimeout);
        if (peer < ConnectionSettings.LeastPeerTimeout) peer = ConnectionSettings.LeastPeerTimeout;
        _output.Watch(flow, _settings.PeerTimeout, (peer < _settings.PeerTimeout ? peer : _settings.PeerTimeout) / 4);
    }

    private Component? Find(ReadOnlySpan<byte> name)
    {
        foreach (var component in _components)
        {
            if (name.SequenceEqual(component.NameBytes)) return component;
        }
        return null;
    }

    private void Await(HalfOpen half)
    {
        _halfOpen.Add(half.Flow.Id, half);
        _output.Listen(half.Flow);
    }

    private void Forget(HalfOpen half) => _halfOpen.Remove(half.Flow.Id);

    private void Refuse(LowerFlow flow, CepFailure reason)
    {
        _table.Counters.Note(reason);
        _output.Release(flow);
    }

    private void Fail(HalfOpen half, CepFailure reason, TimeSpan now)
    {
        Forget(half);
        if (half.Wanted is { } wanted)
        {
            GiveUp(half, wanted, reason, now);
            return;
        }
        _accepted--;
        Refuse(half.Flow, reason);
    }

    /// <summary>A flow whose other side has said nothing yet; the last two are there when this end asked for it.</summary>
    private sealed record HalfOpen(LowerFlow Flow, Component? Component, WantedConnection? Wanted, TimeSpan Deadline);
}
