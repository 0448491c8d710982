using Akka.Actor;
using Akka.Event;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Enrolment;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Broadcast;

/// <summary>
/// The actor of a member of a broadcast layer: has connection establishment and enrolment as parts, as in a unicast layer, and gives their flows, and
/// those of applications that join, to a <see cref="BroadcastHub"/>. It does not see packets.
/// </summary>
public sealed class BroadcastIpcp : MemberIpcp<BroadcastConfig>
{
    /// <summary>Maximum packet lifetime that joined applications are told (reference: IPCP_BROADCAST_MPL 100 ms).</summary>
    public static readonly TimeSpan Mpl = TimeSpan.FromMilliseconds(100);

    private readonly ConnectionTable _connections = new();
    private readonly Dictionary<int, LowerFlow> _flows = [];
    private BroadcastHub? _hub;
    private BroadcastConfig? _config;

    /// <summary>Made by <see cref="BroadcastKind"/>.</summary>
    internal BroadcastIpcp(IpcpContext context)
        : base(context, BroadcastEnrolment.Instance)
    {
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _hub?.Close();
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void OnConnect(IpcpProtocol.Connect message)
    {
        ArgumentNullException.ThrowIfNull(message);
        // A reference member stops at keep-alives on flows that it accepted, so none are asked for (routing-and-broadcast.md B5).
        base.OnConnect(message with { Qos = message.Qos with { Timeout = 0 } });
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

    private protected override void OnPartMessage(object message)
    {
        switch (message)
        {
            case ConnectionEvents.Added m:
                _hub?.AddMember(m.Flow.Id, m.Flow.Endpoint);
                _flows[m.Flow.Id] = m.Flow;
                Part(ConnectionsPart).Tell(new ConnectionProtocol.Look(m.Flow.Id), Self);
                break;
            case ConnectionEvents.Removed m:
                _hub?.Remove(m.FlowId);
                if (_flows.Remove(m.FlowId, out var flow)) flow.Release();
                break;
            case ConnectionEvents.Up or ConnectionEvents.Down:
                break;
            case LoopSeen m:
                Log.Warning(
                    "the members of layer {0} are connected in a loop: a packet came back over flow {1}; such packets are dropped here. Disconnect one of: {2}",
                    Layer?.Name, m.Flow, string.Join(", ", _connections.Connections.Select(c => c.Destination ?? $"flow {c.Flow.Id}")));
                break;
            case BroadcastProtocol.GetStatus:
                Sender.Tell(new BroadcastProtocol.Status(_connections.Connections, _hub?.JoinedCount ?? 0, _hub?.IsLooping ?? false, _hub?.Counters), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private protected override void Start(BroadcastConfig config)
    {
        var self = Self;
        _config = config;
        _hub = new BroadcastHub(Ipcp.Pool, Ipcp.Time, config.MaxPacketSize, config.LoopGuard)
        {
            FlowChanged = (flow, events) => self.Tell(new ConnectionProtocol.FlowEvent(flow, events), ActorRefs.NoSender),
            LoopFound = flow => self.Tell(new LoopSeen(flow), ActorRefs.NoSender),
        };
        Enrolments.Offer = BroadcastEnrolment.Instance.Write(config, 0);
        Make(ConnectionsPart);
    }

    private protected override Props PropsOf(string part) =>
        ConnectionsActor.Props(new ConnectionsContext(Component.OfBroadcast, 0, Ipcp.Lower, _connections, Enrolments.Flows, Ipcp.Time, new Random(Ipcp.Seed))
        {
            // Members have no addresses, so all are the same neighbour to it.
            Settings = new ConnectionSettings { MaxPerPeer = int.MaxValue, PeerTimeout = _config!.PeerTimeout },
        });

    private sealed record LoopSeen(int Flow);
}
