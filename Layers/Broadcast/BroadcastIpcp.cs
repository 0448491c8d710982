using Akka.Actor;
using Akka.Event;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Enrolment;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Broadcast;

/// <summary>
/// The actor of a member of a broadcast layer: makes connection establishment and enrolment as children, as in a unicast layer, and gives their flows, and
/// those of applications that join, to a <see cref="BroadcastHub"/>. It does not see packets.
/// </summary>
public sealed class BroadcastIpcp : IpcpActor
{
    /// <summary>Maximum packet lifetime that joined applications are told (reference: IPCP_BROADCAST_MPL 100 ms).</summary>
    public static readonly TimeSpan Mpl = TimeSpan.FromMilliseconds(100);

    private const string ConnectionsPart = "connections";
    private const string EnrolmentPart = "enrolment";
    private const int MaxPartFailures = 5;
    private static readonly TimeSpan FailuresWithin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, IActorRef> _parts = [];
    private readonly Queue<long> _ends = new();
    private readonly EnrolmentState _enrolments = new();
    private readonly ConnectionTable _connections = new();
    private readonly Dictionary<int, LowerFlow> _flows = [];
    private BroadcastHub? _hub;
    private (IActorRef Client, IpcpProtocol.Enroll Command)? _enrolling;

    /// <summary>Made by <see cref="BroadcastKind"/>.</summary>
    internal BroadcastIpcp(IpcpContext context)
        : base(context)
    {
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => NoteEnd() ? Directive.Restart : Directive.Escalate);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Make(EnrolmentPart);
        base.PreStart();
    }

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        _parts.Clear();
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _enrolments.Flows.Close();
        _hub?.Close();
        if (_enrolling is var (client, command)) client.Tell(new IpcpProtocol.Answer(command.Id, FlowError.IpcpFailed, "the IPCP ended"), Self);
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override LayerInfo OnBootstrap(IpcpConfig config)
    {
        if (config is not BroadcastConfig broadcast) throw new FlowException(FlowError.InvalidArgument, $"IPCP {Ipcp.Name} is a broadcast one and cannot be bootstrapped as {config?.Type}");
        if (_enrolling is not null) throw new FlowException(FlowError.WrongIpcpState, $"IPCP {Ipcp.Name} is being enrolled; wait until that has ended");
        Start(broadcast);
        return broadcast.Layer;
    }

    /// <inheritdoc/>
    protected override void OnEnroll(IpcpProtocol.Enroll message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (State != IpcpState.Boot || _enrolling is not null)
        {
            Answer(message, FlowError.WrongIpcpState, $"IPCP {Ipcp.Name} is in a layer already, or on its way into one; destroy it and create it again");
            return;
        }
        _enrolling = (Sender, message);
        Part(EnrolmentPart).Tell(new EnrolmentProtocol.Join(message.Destination), Self);
    }

    /// <inheritdoc/>
    protected override void OnConnect(IpcpProtocol.Connect message)
    {
        ArgumentNullException.ThrowIfNull(message);
        // A reference member stops at keep-alives on flows that it accepted, so none are asked for (routing-and-broadcast.md B5).
        if (IsMember(message)) Ask(message, new ConnectionProtocol.Connect(message.Id, message.Destination, message.Component, message.Qos with { Timeout = 0 }, message.Keep));
    }

    /// <inheritdoc/>
    protected override void OnDisconnect(IpcpProtocol.Disconnect message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (IsMember(message)) Ask(message, new ConnectionProtocol.Disconnect(message.Id, message.Destination, message.Component));
    }

    /// <inheritdoc/>
    protected override void OnJoinFlow(IpcpProtocol.JoinFlow message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var error = message.Hash != NameHash.Of(DirectoryHash.Sha3_256, Layer!.Name) ? FlowError.NameUnknown
            : _hub!.Join(message.FlowId, message.Endpoint) ? FlowError.None : FlowError.NotPermitted;
        Sender.Tell(new IpcpProtocol.FlowReply(message.FlowId, error, Mpl, default), Self);
    }

    /// <inheritdoc/>
    protected override void OnDeallocateFlow(IpcpProtocol.DeallocateFlow message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _hub?.Remove(message.FlowId);
        Sender.Tell(new IpcpProtocol.FlowDeallocated(message.FlowId), Self);
    }

    /// <inheritdoc/>
    protected override FlowError OnRegister(NameHash hash) => FlowError.NotSupported;

    /// <inheritdoc/>
    protected override FlowError OnUnregister(NameHash hash) => FlowError.NotSupported;

    /// <inheritdoc/>
    protected override void OnQuery(IpcpProtocol.Query message) => Sender.Tell(new IpcpProtocol.QueryAnswer(Ipcp.Id, false), Self);

    /// <inheritdoc/>
    protected override void OnAllocateFlow(IpcpProtocol.AllocateFlow message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Sender.Tell(new IpcpProtocol.FlowReply(message.FlowId, FlowError.NotSupported, TimeSpan.Zero, default), Self);
    }

    /// <inheritdoc/>
    protected override void OnRespondFlow(IpcpProtocol.RespondFlow message)
    {
        ArgumentNullException.ThrowIfNull(message);
        message.Flow.Tell(new IpcpProtocol.FlowResponded(message.FlowId, FlowError.NotSupported), Self);
    }

    /// <inheritdoc/>
    protected override void OnOther(object message)
    {
        switch (message)
        {
            case EnrolmentProtocol.Joined m:
                OnJoined(m.Config);
                break;
            case EnrolmentProtocol.Failed m when _enrolling is var (client, command):
                _enrolling = null;
                client.Tell(new IpcpProtocol.Answer(command.Id, m.Error, m.Reason), Self);
                break;
            case ConnectionEvents.Added m:
                _hub?.AddMember(m.Flow.Id, m.Flow.Endpoint);
                _flows[m.Flow.Id] = m.Flow;
                Part(ConnectionsPart).Tell(new ConnectionProtocol.Look(m.Flow.Id), Self);
                break;
            case ConnectionEvents.Removed m:
                _hub?.Remove(m.FlowId);
                if (_flows.Remove(m.FlowId, out var flow)) flow.Release();
                break;
            case ConnectionEvents.Up or ConnectionEvents.Down or EnrolmentProtocol.Failed:
                break;
            case ConnectionProtocol.FlowEvent:
                Part(ConnectionsPart).Tell(message, Self);
                break;
            case LoopSeen m:
                Log.Warning(
                    "the members of layer {0} are connected in a loop: a packet came back over flow {1}; such packets are dropped here. Disconnect one of: {2}",
                    Layer?.Name, m.Flow, string.Join(", ", _connections.Connections.Select(c => c.Destination ?? $"flow {c.Flow.Id}")));
                break;
            case Terminated m:
                OnPartEnded(m.ActorRef);
                break;
            case BroadcastProtocol.GetStatus:
                Sender.Tell(new BroadcastProtocol.Status(_connections.Connections, _hub?.JoinedCount ?? 0, _hub?.IsLooping ?? false, _hub?.Counters), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Start(BroadcastConfig config)
    {
        var self = Self;
        _hub = new BroadcastHub(Ipcp.Pool, Ipcp.Time, config.MaxPacketSize, config.LoopGuard)
        {
            FlowChanged = (flow, events) => self.Tell(new ConnectionProtocol.FlowEvent(flow, events), ActorRefs.NoSender),
            LoopFound = flow => self.Tell(new LoopSeen(flow), ActorRefs.NoSender),
        };
        _enrolments.Offer = BroadcastEnrolment.Instance.Write(config, 0);
        Make(ConnectionsPart);
        Part(EnrolmentPart).Tell(EnrolmentProtocol.Open.Instance, Self);
    }

    private void OnJoined(IpcpConfig config)
    {
        if (_enrolling is not var (client, command)) return;
        _enrolling = null;
        Start((BroadcastConfig)config);
        Enter(config.Layer);
        Sender.Tell(new EnrolmentProtocol.Started(true), Self);
        client.Tell(new IpcpProtocol.Answer(command.Id, FlowError.None, null, Layer) { Config = config }, Self);
        Log.Info("IPCP {0} is a member of layer {1}", Ipcp.Name, config.Layer.Name);
    }

    private bool IsMember(IpcpProtocol.Command message)
    {
        if (_hub is not null) return true;
        Answer(message, FlowError.WrongIpcpState, $"IPCP {Ipcp.Name} is in no layer yet; bootstrap or enrol it first");
        return false;
    }

    private void Ask(IpcpProtocol.Command command, object question) =>
        Part(ConnectionsPart).Ask<ConnectionProtocol.Answer>(question, ConnectPatience).PipeTo(
            Sender, Self,
            success: answer => new IpcpProtocol.Answer(command.Id, answer.Error, answer.Reason),
            failure: _ => new IpcpProtocol.Answer(command.Id, FlowError.TimedOut, "the connection manager did not answer in time"));

    private Props PropsOf(string name) => name == EnrolmentPart
        ? EnrolmentActor.Props(new EnrolmentContext(BroadcastEnrolment.Instance, Ipcp.Lower, _enrolments, Ipcp.Time, UnforeseeableRandom.Instance))
        : ConnectionsActor.Props(new ConnectionsContext(Component.OfBroadcast, 0, Ipcp.Lower, _connections, _enrolments.Flows, Ipcp.Time, new Random(Ipcp.Seed))
        {
            // Members have no addresses, so all are the same neighbour to it.
            Settings = new ConnectionSettings { MaxPerPeer = int.MaxValue },
        });

    private IActorRef Part(string name) => _parts.TryGetValue(name, out var part) ? part : ActorRefs.Nobody;

    private void Make(string name) => _parts[name] = Context.Watch(Context.ActorOf(PropsOf(name), name));

    private void OnPartEnded(IActorRef part)
    {
        var name = part.Path.Name;
        if (!_parts.TryGetValue(name, out var known) || !known.Equals(part)) return;
        if (!NoteEnd()) throw new InvalidOperationException($"parts of IPCP {Ipcp.Name} ended {MaxPartFailures} times within a minute, the last one was {name}");
        Make(name);
    }

    /// <summary>Notes the end or failure of a part; false when it is one too many.</summary>
    private bool NoteEnd()
    {
        var now = Ipcp.Time.GetTimestamp();
        while (_ends.TryPeek(out var first) && Ipcp.Time.GetElapsedTime(first, now) > FailuresWithin) _ends.Dequeue();
        _ends.Enqueue(now);
        return _ends.Count < MaxPartFailures;
    }

    private sealed record LoopSeen(int Flow);
}
