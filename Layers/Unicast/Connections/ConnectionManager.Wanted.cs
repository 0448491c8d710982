using System.Globalization;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast.Connections;

/// <content>Connections that somebody asks for, and how connections end.</content>
public sealed partial class ConnectionManager
{
    /// <summary>Connects a component. One that is connected already is left as it is; else it is tried now, and whenever it is lost.</summary>
    /// <param name="command">Answered when the try has ended.</param>
    /// <param name="destination">Name that the neighbour accepts flows for.</param>
    /// <param name="component">One of <see cref="ComponentNames"/>.</param>
    /// <param name="qos">What the flow is to be like.</param>
    /// <param name="keep">Whether it stays wanted when the try fails: it was connected once.</param>
    /// <param name="now">The time.</param>
    public void Connect(long command, string destination, string component, QosSpec qos, bool keep, TimeSpan now)
    {
        if (_components.FirstOrDefault(c => c.Name == component) is not { IsNeighbourhood: true })
        {
            var known = string.Join(", ", _components.Where(c => c.IsNeighbourhood).Select(c => $"'{c.Name}'"));
            _output.Answer(command, FlowError.NotPermitted, $"there is no component '{component}' to connect; use {known}");
            return;
        }
        var wanted = _table.Wanted.FirstOrDefault(w => w.Destination == destination && w.Component == component);
        if (wanted is null) _table.Wanted.Add(wanted = new WantedConnection(destination, component, qos));
        if (wanted.Connection is not null)
        {
            _output.Answer(command, FlowError.None, null);
            return;
        }
        wanted.Qos = qos;
        wanted.IsKept |= keep;
        wanted.Commands.Add(command);
        if (wanted.Attempt == WantedConnection.NoAttempt) Try(wanted, now, asked: true);
    }

    /// <summary>
    /// Takes the connections of a component down that were connected by this name, or, when the neighbour connected, those whose address this is: dotted
    /// as in the RIB, or a number. The neighbour is not let in again until it is connected from here or has another address.
    /// </summary>
    public void Disconnect(long command, string destination, string component, TimeSpan now)
    {
        var wanted = _table.Wanted.Where(w => w.Destination == destination && w.Component == component).ToList();
        foreach (var w in wanted)
        {
            _table.Wanted.Remove(w);
            AnswerAll(w, FlowError.BrokenPipe, "it was disconnected meanwhile");
            foreach (var half in _halfOpen.Values.Where(h => h.Wanted == w).ToList())
            {
                Forget(half);
                _output.Release(half.Flow);
            }
        }
        var byAddress = UnicastAddress.TryParse(destination, out var address);
        var connections = _table.Connections
            .Where(c => c.Component == component && (c.Destination == destination || (byAddress && c.Peer == address))).ToList();
        foreach (var connection in connections)
        {
            if (!connection.Initiated) _table.SetUnwanted(component, connection.Peer, _settings.MaxUnwanted);
            Lose(connection, ConnectionLoss.Disconnected, now);
        }
        if (wanted.Count + connections.Count > 0) _output.Answer(command, FlowError.None, null);
        else _output.Answer(command, FlowError.NameUnknown, $"there is no connection of {component} to '{destination}'");
    }

    /// <summary>A flow that was asked for is there.</summary>
    public void OnAllocated(long attempt, LowerFlow flow, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (FindAttempt(attempt) is not { } wanted)
        {
            _output.Release(flow); // disconnected meanwhile
            return;
        }
        var component = _components.First(c => c.Name == wanted.Component);
        var half = new HalfOpen(flow, component, wanted, now + _settings.ReceiveTimeout);
        if (!_output.Send(flow, CepMessage.Of(component, Address, OwnTimeout))) GiveUp(half, wanted, CepFailure.NotSent, now);
        else Await(half);
    }

    /// <summary>A flow that was asked for could not be had.</summary>
    public void OnNotAllocated(long attempt, FlowError error, string reason, TimeSpan now)
    {
        if (FindAttempt(attempt) is { } wanted) Postpone(wanted, error, reason, now);
    }

    /// <summary>Something has happened to the flow of a connection; other flows are passed over.</summary>
    /// <param name="flow">Its number.</param>
    /// <param name="events">What happened.</param>
    /// <param name="isGone">Whether it will never be up again.</param>
    /// <param name="now">The time.</param>
    public void OnFlowEvent(int flow, FlowEventType events, bool isGone, TimeSpan now)
    {
        if (_table.Find(flow) is not { } connection) return;
        if ((events & FlowEventType.Dealloc) != 0) Lose(connection, ConnectionLoss.PeerReleased, now);
        else if ((events & FlowEventType.Peer) != 0) Lose(connection, ConnectionLoss.PeerDead, now);
        else if (isGone) Lose(connection, ConnectionLoss.LayerFailed, now);
        else if ((events & FlowEventType.Down) != 0 && connection.IsUp)
        {
            connection.IsUp = false;
            _output.Tell(new ConnectionEvents.Down(connection.Component, connection.Peer, flow));
        }
        else if ((events & FlowEventType.Up) != 0 && !connection.IsUp)
        {
            connection.IsUp = true;
            _output.Tell(new ConnectionEvents.Up(connection.Component, connection.Peer, flow));
        }
    }

    private void Try(WantedConnection wanted, TimeSpan now, bool asked = false)
    {
        // Connected by the neighbour meanwhile: that is tried again when it is lost.
        if (!asked && wanted.Peer != 0 && _table.Find(wanted.Component, wanted.Peer).Count > 0)
        {
            wanted.TryAt = TimeSpan.MaxValue;
            return;
        }
        wanted.Attempt = ++_lastAttempt;
        wanted.TryAt = TimeSpan.MaxValue;
        if (asked && wanted.Peer != 0) _table.SetWanted(wanted.Component, wanted.Peer);
        _output.Allocate(wanted.Attempt, wanted.Destination, wanted.Qos, _settings.AllocationTimeout);
    }

    private WantedConnection? FindAttempt(long attempt) => _table.Wanted.FirstOrDefault(w => w.Attempt == attempt && attempt != WantedConnection.NoAttempt);

    private void GiveUp(HalfOpen half, WantedConnection wanted, CepFailure reason, TimeSpan now)
    {
        Refuse(half.Flow, reason);
        var error = reason switch
        {
            CepFailure.Silent => FlowError.TimedOut,
            CepFailure.FlowEnded or CepFailure.NotSent => FlowError.FlowDown,
            _ => FlowError.NotPermitted,
        };
        Postpone(wanted, error, CepCheck.Explain(reason, wanted.Component, wanted.Destination), now);
    }

    private void Postpone(WantedConnection wanted, FlowError error, string reason, TimeSpan now)
    {
        wanted.Attempt = WantedConnection.NoAttempt;
        AnswerAll(wanted, error, reason);
        if (!wanted.IsKept)
        {
            _table.Wanted.Remove(wanted);
            return;
        }
        var wait = Again(wanted, now);
        _output.OnTrouble(wanted, reason, wait);
    }

    private TimeSpan Again(WantedConnection wanted, TimeSpan now)
    {
        var wait = _settings.RetryFirst * Math.Pow(2, Math.Min(wanted.Failures++, 30));
        if (wait > _settings.RetryLongest) wait = _settings.RetryLongest;
        wait *= 0.75 + (_random.NextDouble() / 2);
        wanted.TryAt = now + wait;
        return wait;
    }

    private void Lose(Connection connection, ConnectionLoss reason, TimeSpan now)
    {
        if (!_table.Remove(connection)) return;
        _table.Counters.Note(reason);
        _output.Tell(new ConnectionEvents.Removed(connection.Component, connection.Peer, connection.Flow.Id, reason));
        foreach (var wanted in _table.Wanted.Where(w => w.Component == connection.Component))
        {
            if (wanted.Connection == connection) wanted.Connection = null;
            else if (wanted.Connection is not null || wanted.Peer != connection.Peer) continue;
            if (wanted.Attempt == WantedConnection.NoAttempt) Again(wanted, now);
        }
    }

    private void AnswerAll(WantedConnection wanted, FlowError error, string? reason)
    {
        foreach (var command in wanted.Commands) _output.Answer(command, error, reason);
        wanted.Commands.Clear();
    }
}
