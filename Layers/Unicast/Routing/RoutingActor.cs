using Akka.Actor;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Rib;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>
/// The actor of link-state routing, <c>/user/irmd/ipcps/NAME/routing</c>: gives the core messages, time and connections, and carries out what comes
/// back. Killed, it comes back with its connections and what was known of links; what data transfer forwards by stays in place meanwhile.
/// </summary>
public sealed class RoutingActor : UntypedActor, IWithTimers, ILinkStateOutput
{
    private const int Budget = 256;

    private readonly RoutingContext _context;
    private readonly RoutingState _state;
    private LinkStateNode _node = null!;
    private long _armedFor = LinkStateNode.Never;
    private long _unsent;

    private RoutingActor(RoutingContext context)
    {
        _context = context;
        _state = context.State;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make it.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/>: no such policy, or an address of 0.</exception>
    public static Props CreateProps(RoutingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        RoutingPolicies.BeginWarmUp(RoutingPolicies.Find(context.Config.Policy));
        if (context.Address == 0) throw new FlowException(FlowError.InvalidArgument, "0 is no address of a layer; nothing can be routed to it");
        return ActorFactory.Props(() => new RoutingActor(context));
    }

    /// <inheritdoc/>
    bool ILinkStateOutput.Send(int flow, ReadOnlySpan<byte> message)
    {
        if (!_state.Management.TryGetValue(flow, out var connection)) return true;
        var error = connection.Flow.Endpoint.TryWrite(message);
        if (error == FlowError.TryAgain) return false;
        if (error != FlowError.None) _unsent++;
        return true;
    }

    /// <inheritdoc/>
    void ILinkStateOutput.Install(IReadOnlyList<Route> routes) => _context.Install(routes);

    /// <inheritdoc/>
    void ILinkStateOutput.AddressLost(ulong address) => _context.AddressLost(address);

    /// <inheritdoc/>
    void ILinkStateOutput.AddressesGained(IReadOnlyList<ulong> addresses, int members) => _context.AddressesGained(addresses, members);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        var now = _state.Now;
        _node = new LinkStateNode(_context.Config, _context.Address, this, _context.Random, now);
        var since = now - _state.KnownAt;
        _node.Restore(_state.Known.Select(k => k with { Age = k.Age + since }), now);
        // All of them before the first calculation: it replaces what data transfer forwards by.
        foreach (var (flow, link) in _state.Links) _node.AddLink(flow, link.Peer, now);
        foreach (var (flow, _) in _state.Links.Where(l => !l.Value.IsUp)) _node.SetLinkUp(flow, up: false, now);
        foreach (var (flow, connection) in _state.Management)
        {
            _node.AddManagement(flow, connection.Peer, now);
            if (!connection.IsUp) _node.SetManagementUp(flow, up: false, now);
        }
        foreach (var (_, link) in _state.Links.Where(l => !l.Value.IsOurs)) _node.Rouse(link.Peer, now);
        _state.Inbox.Attach(Self);
        Arm();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        if (_node is null) return;
        (_state.Known, _state.KnownAt) = (_node.Links(_state.Now), _state.Now);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RoutingInbox.Arrived:
                Drain();
                break;
            case Due:
                _armedFor = LinkStateNode.Never;
                _node.Tick(_state.Now);
                break;
            case ConnectionEvents.Added m:
                Add(m);
                break;
            case ConnectionEvents.Removed m:
                Remove(m.FlowId);
                break;
            case ConnectionEvents.Up m:
                SetUp(m.FlowId, up: true);
                break;
            case ConnectionEvents.Down m:
                SetUp(m.FlowId, up: false);
                break;
            case RibProtocol.List:
                Sender.Tell(new RibProtocol.Files([.. LsdbText.Names(_node, _state.Now)]), Self);
                return;
            case RibProtocol.Read m:
                Sender.Tell(new RibProtocol.Content(LsdbText.Find(_node, m.File, _state.Now, _context.Time.GetUtcNow())), Self);
                return;
            case RoutingProtocol.Describe:
                Sender.Tell(new RoutingProtocol.Description(Values(), Lsdb()), Self);
                return;
            default:
                Unhandled(message);
                return;
        }
        Arm();
    }

    private IReadOnlyList<RoutingProtocol.LsdbFile> Lsdb() => LsdbText.Files(_node, _state.Now, _context.Time.GetUtcNow());

    // What is to be remembered is noted first: the actor may be killed at any point.
    private void Add(ConnectionEvents.Added m)
    {
        if (m.Component == ComponentNames.DataTransfer)
        {
            var isNew = _state.Links.TryAdd(m.Flow.Id, (m.Peer, true, m.PeerIsOurs));
            _node.AddLink(m.Flow.Id, m.Peer, _state.Now);
            if (isNew && !m.PeerIsOurs) _node.Rouse(m.Peer, _state.Now);
        }
        else if (m.Component == ComponentNames.Management)
        {
            if (!_state.Management.TryAdd(m.Flow.Id, new RoutingState.ManagementConnection(m.Peer, m.Flow))) return;
            _node.AddManagement(m.Flow.Id, m.Peer, _state.Now);
            m.Flow.Endpoint.SetReceiver(new ManagementReceiver(m.Flow.Id, _state.Inbox, _context.FlowChanged));
        }
    }

    private void Remove(int flow)
    {
        if (_state.Links.Remove(flow)) _node.RemoveLink(flow, _state.Now);
        if (!_state.Management.Remove(flow, out var connection)) return;
        connection.Flow.Endpoint.SetReceiver(null);
        _node.RemoveManagement(flow);
    }

    private void SetUp(int flow, bool up)
    {
        if (_state.Links.TryGetValue(flow, out var link))
        {
            _state.Links[flow] = link with { IsUp = up };
            _node.SetLinkUp(flow, up, _state.Now);
        }
        if (!_state.Management.TryGetValue(flow, out var connection)) return;
        connection.IsUp = up;
        _node.SetManagementUp(flow, up, _state.Now);
    }

    private void Drain()
    {
        Span<byte> bytes = stackalloc byte[Lsa.AnnouncementSize + 1];
        for (var left = Budget; left > 0; left--)
        {
            if (!_state.Inbox.TryTake(out var message)) return;
            message.CopyTo(bytes, out var length);
            _node.Receive(message.Flow, bytes[..length], _state.Now);
        }
        // Others have their turn before the rest.
        Self.Tell(RoutingInbox.Arrived.Instance, ActorRefs.NoSender);
    }

    private void Arm()
    {
        var deadline = _node.NextDeadline;
        if (deadline >= _armedFor) return;
        _armedFor = deadline;
        Timers.StartSingleTimer(Due.Instance, Due.Instance, TimeSpan.FromMilliseconds(Math.Max(deadline - _state.Now, 1)));
    }

    private KeyValuePair<string, long>[] Values()
    {
        var counters = _node.Counters;
        return
        [
            new("links", _node.LinkCount),
            new("routes", _node.RouteCount),
            new("neighbours", _node.Neighbours.Count()),
            new("management-flows", _node.Management.Count()),
            new("backlog", _node.Backlog),
            new("received", counters.Received),
            new("news", counters.News),
            new("old", counters.Old),
            new("sent", counters.Sent),
            new("unsent", _unsent),
            new("blocked", counters.Blocked),
            new("fought-back", counters.FoughtBack),
            new("expired", counters.Expired),
            new("evicted", counters.Evicted),
            new("calculations", counters.Calculations),
            new("installs", counters.Installs),
            new("inbox-dropped", _state.Inbox.Dropped),
            .. Enum.GetValues<LinkStateDrop>().Select(d => new KeyValuePair<string, long>($"dropped-{d}", counters.Dropped(d))),
        ];
    }

    /// <summary>The core wants to be called.</summary>
    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
