using Akka.Actor;
using Akka.Event;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>
/// <c>/user/irmd/ipcps/NAME/connections</c>: drives the <see cref="ConnectionManager"/> with flows of the layers below and time, and tells its parent of
/// connections. Killed, it comes back with the connections that there are and tries again what it was about.
/// </summary>
public sealed class ConnectionsActor : UntypedActor, IConnectionOutput
{
    // Accepted flows that have not been looked at: beyond them a flood is released unseen.
    private const int MaxArrived = 1024;

    private readonly ConnectionsContext _context;
    private readonly ConnectionManager _manager;
    private readonly FlowInbox _flows = new(MaxArrived);
    private readonly CancellationTokenSource _ended = new();
    private readonly Dictionary<long, (IActorRef Client, long Id)> _commands = [];
    private readonly ILoggingAdapter _log;
    private readonly IActorRef _self;
    private readonly long _start;
    private readonly DeadlineTimer _timer;
    private long _lastCommand;

    private ConnectionsActor(ConnectionsContext context)
    {
        _context = context;
        _log = Context.GetLogger();
        _self = Self;
        _start = context.Time.GetTimestamp();
        _timer = new DeadlineTimer(Context.System.Scheduler, _self);
        _manager = new ConnectionManager(context.Components, context.Address, context.Settings, context.Table, this, context.Random, TimeSpan.Zero);
    }

    private TimeSpan Now => _context.Time.GetElapsedTime(_start);

    /// <summary>How to make it.</summary>
    public static Props Props(ConnectionsContext context) => ActorFactory.Props(() => new ConnectionsActor(context));

    /// <inheritdoc/>
    void IConnectionOutput.Allocate(long attempt, string destination, QosSpec qos, TimeSpan timeout) => _ = AllocateAsync(attempt, destination, qos, timeout);

    /// <inheritdoc/>
    bool IConnectionOutput.Send(LowerFlow flow, ReadOnlySpan<byte> message) => flow.Endpoint.TryWrite(message) == FlowError.None;

    /// <inheritdoc/>
    void IConnectionOutput.Listen(LowerFlow flow) => _ = MessageReader.ReadAsync(flow, CepMessage.MaxLength, _self, _ended.Token);

    /// <inheritdoc/>
    void IConnectionOutput.Watch(LowerFlow flow, TimeSpan timeout, TimeSpan sendEvery) => flow.Endpoint.Watch(timeout, sendEvery);

    /// <inheritdoc/>
    void IConnectionOutput.Release(LowerFlow flow) => flow.Release();

    /// <inheritdoc/>
    void IConnectionOutput.Tell(object @event)
    {
        switch (@event)
        {
            case ConnectionEvents.Added e:
                _log.Info("connected {0} to {1} over flow {2}", e.Component, UnicastAddress.Format(e.Peer), e.Flow.Id);
                break;
            case ConnectionEvents.Removed e:
                _log.Info("the connection of {0} to {1} over flow {2} is gone: {3}", e.Component, UnicastAddress.Format(e.Peer), e.FlowId, e.Reason);
                break;
        }
        Context.Parent.Tell(@event, _self);
    }

    /// <inheritdoc/>
    void IConnectionOutput.Serve(LowerFlow flow) => _context.Enrolments.Post(flow);

    /// <inheritdoc/>
    void IConnectionOutput.Answer(long command, FlowError error, string? reason)
    {
        if (_commands.Remove(command, out var asked)) asked.Client.Tell(new ConnectionProtocol.Answer(asked.Id, error, reason), _self);
    }

    /// <inheritdoc/>
    void IConnectionOutput.OnAddressClash()
    {
        _log.Warning("another member has this member's address {0}", UnicastAddress.Format(_context.Address));
        Context.Parent.Tell(new ConnectionProtocol.AddressClash(), _self);
    }

    /// <inheritdoc/>
    void IConnectionOutput.OnTrouble(WantedConnection wanted, string reason, TimeSpan again)
    {
        // Once in a while is enough: a neighbour may be away for days.
        if (wanted.Failures <= 1) _log.Warning("{0} is not connected to '{1}': {2}; tried again and again", wanted.Component, wanted.Destination, reason);
        else _log.Debug("{0} is not connected to '{1}': {2}; tried again in {3} s", wanted.Component, wanted.Destination, reason, again.TotalSeconds);
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _flows.Attach(_self);
        _context.Lower.Accept(flow => _flows.Post(flow));
        // What happened while nobody was here.
        foreach (var connection in _context.Table.Connections) OnFlowEvent(connection.Flow.Id, StateOf(connection.Flow.Endpoint));
        _timer.Arm(_manager.Deadline, Now);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _ended.Cancel();
        _timer.Cancel();
        _flows.Close();
        _manager.Stop();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FlowInbox.Arrived:
                while (_flows.TryTake(out var flow, out var attempt))
                {
                    if (attempt == 0) _manager.OnAccepted(flow, Now);
                    else _manager.OnAllocated(attempt, flow, Now);
                }
                break;
            case NotAllocated m:
                _manager.OnNotAllocated(m.Attempt, m.Error, m.Reason, Now);
                break;
            case MessageReader.Message m:
                _manager.Receive(m.Flow, m.Data, Now);
                break;
            case MessageReader.Ended m:
                _manager.OnFlowEnded(m.Flow, Now);
                break;
            case ConnectionProtocol.Connect m:
                _manager.Connect(Note(m.Id), m.Destination, m.Component, m.Qos, m.Keep, Now);
                break;
            case ConnectionProtocol.Disconnect m:
                _manager.Disconnect(Note(m.Id), m.Destination, m.Component, Now);
                break;
            case ConnectionProtocol.FlowEvent m:
                OnFlowEvent(m.Flow, m.Events);
                break;
            case ConnectionProtocol.Look m:
                if (_context.Table.Find(m.Flow) is { } connection) OnFlowEvent(m.Flow, StateOf(connection.Flow.Endpoint));
                break;
            case DeadlineTimer.Passed:
                _timer.Disarm();
                _manager.Tick(Now);
                break;
            default:
                Unhandled(message);
                return;
        }
        _timer.Arm(_manager.Deadline, Now);
    }

    private static FlowEventType StateOf(FlowEndpoint endpoint)
    {
        if (endpoint.IsClosed || endpoint.PeerHasReleased) return FlowEventType.Dealloc;
        if ((endpoint.State & RingState.PeerDead) != 0) return FlowEventType.Peer;
        return (endpoint.State & RingState.FlowDown) != 0 ? FlowEventType.Down : FlowEventType.Up;
    }

    private void OnFlowEvent(int flow, FlowEventType events)
    {
        if (_context.Table.Find(flow) is not { } connection) return;
        _manager.OnFlowEvent(flow, events, connection.Flow.Endpoint.IsPeerGone, Now);
    }

    private long Note(long id)
    {
        _commands.Add(++_lastCommand, (Sender, id));
        return _lastCommand;
    }

    private async Task AllocateAsync(long attempt, string destination, QosSpec qos, TimeSpan timeout)
    {
        try
        {
            var flow = await _context.Lower.AllocateAsync(destination, qos, timeout, _ended.Token).ConfigureAwait(false);
            _flows.Post(flow, attempt);
        }
        catch (OperationCanceledException)
        {
            // This actor ends, or the IPCP.
        }
        catch (FlowException e)
        {
            _self.Tell(new NotAllocated(attempt, e.Error, e.Message), ActorRefs.NoSender);
        }
    }

    /// <summary>A flow could not be allocated.</summary>
    private sealed record NotAllocated(long Attempt, FlowError Error, string Reason);
}
