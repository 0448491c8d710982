using Akka.Actor;
using Akka.Event;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Directory;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// The actor of a flow allocator, <c>/user/irmd/ipcps/NAME/fa</c>: drives a <see cref="FlowAllocatorCore"/> with commands that the IPCP passes on, messages
/// of peers and a timer. Its parent gets <see cref="DirectoryProtocol"/> questions, to be forwarded to the directory. Killed, its flows are down and
/// its allocations refused; data transfer goes on, and the next one serves new flows.
/// </summary>
public sealed class FlowAllocatorActor : UntypedActor, IFlowAllocatorOutput
{
    private const int Budget = 64;

    private readonly FlowAllocatorContext _context;
    private readonly FlowAllocatorCore _core;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IActorRef _ipcp = Context.Parent;
    private readonly long _start;
    private readonly DeadlineTimer _timer = new(Context.System.Scheduler, Context.Self);

    private FlowAllocatorActor(FlowAllocatorContext context)
    {
        _context = context;
        _start = context.Time.GetTimestamp();
        _core = new FlowAllocatorCore(context.DataTransfer, context.Layer.Hash, context.Settings, context.State, this, context.Random);
    }

    private TimeSpan Now => _context.Time.GetElapsedTime(_start);

    /// <summary>How to make it.</summary>
    public static Props Props(FlowAllocatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ActorFactory.Props(() => new FlowAllocatorActor(context));
    }

    /// <inheritdoc/>
    bool IFlowAllocatorOutput.Send(ulong address, ReadOnlySpan<byte> message) => _context.DataTransfer.SendMessage(address, FlowAllocatorCore.Eid, message);

    /// <inheritdoc/>
    void IFlowAllocatorOutput.Resolve(NameHash hash) => _ipcp.Tell(new DirectoryProtocol.Query(hash), Self);

    /// <inheritdoc/>
    void IFlowAllocatorOutput.Forget(NameHash hash, ulong address) => _ipcp.Tell(new DirectoryProtocol.Forget(hash, address), Self);

    /// <inheritdoc/>
    void IFlowAllocatorOutput.Opened(UnicastFlow flow, ReadOnlyMemory<byte> data) => Reply(flow.FlowId, FlowError.None, data, flow.Token);

    /// <inheritdoc/>
    void IFlowAllocatorOutput.Refused(int flowId, FlowError error, object? token) => Reply(flowId, error, default, token);

    /// <inheritdoc/>
    void IFlowAllocatorOutput.RequestArrived(long request, NameHash hash, QosSpec qos, ReadOnlyMemory<byte> data) =>
        _context.Irmd.Tell(new IpcpProtocol.FlowRequestArrived(_context.IpcpId, request, hash, qos, _context.Settings.Mpl, data), _ipcp);

    /// <inheritdoc/>
    void IFlowAllocatorOutput.Released(int flowId, object? token) => (token as IActorRef)?.Tell(new IpcpProtocol.FlowDeallocated(flowId), _ipcp);

    /// <inheritdoc/>
    void IFlowAllocatorOutput.PeerReleased(UnicastFlow flow) => flow.Endpoint.OnPeerClosed();

    /// <inheritdoc/>
    protected override void PreStart() => _context.State.Inbox.Attach(Self);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _timer.Cancel();
        _core.Shutdown(Now);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FlowAllocatorInbox.Arrived:
                Drain();
                break;
            case DeadlineTimer.Passed:
                _timer.Disarm();
                _core.Tick(Now);
                break;
            case DirectoryProtocol.QueryAnswer m:
                _core.OnResolved(m.Hash, m.Addresses, m.Error, Now);
                break;
            case IpcpProtocol.AllocateFlow m:
                Allocate(m);
                break;
            case IpcpProtocol.RespondFlow m:
                Respond(m);
                break;
            case IpcpProtocol.DeallocateFlow m:
                if (!_core.Release(m.FlowId, m.Linger, Sender, Now)) Sender.Tell(new IpcpProtocol.FlowDeallocated(m.FlowId), _ipcp);
                break;
            case FlowAllocatorProtocol.Describe:
                Sender.Tell(new FlowAllocatorProtocol.Description(Values(), [.. _context.State.Flows.Flows.Select(f => f.GetStatistics())]), Self);
                return;
            default:
                Unhandled(message);
                return;
        }
        _timer.Arm(_core.Deadline, Now);
    }

    private void Allocate(IpcpProtocol.AllocateFlow m)
    {
        var error = _core.Allocate(m.FlowId, m.Endpoint, m.Hash, m.Qos, m.Data, Sender, Now);
        if (error == FlowError.None) return;
        if (error == FlowError.MessageTooLong) _log.Warning("a flow request with {0} bytes of handshake does not fit into a message of layer {1}", m.Data.Length, _context.Layer.Name);
        Reply(m.FlowId, error, default, Sender);
    }

    private void Respond(IpcpProtocol.RespondFlow m)
    {
        var error = _core.Respond(m.Request, m.Response, m.FlowId, m.Endpoint, m.Data.Span, m.Flow, Now);
        if (m.Endpoint is not null && m.Response == FlowError.None) m.Flow.Tell(new IpcpProtocol.FlowResponded(m.FlowId, error), _ipcp);
    }

    private void Drain()
    {
        var inbox = _context.State.Inbox;
        inbox.Expect();
        for (var left = Budget; left > 0; left--)
        {
            if (!inbox.TryTake(out var message)) return;
            try
            {
                _core.Receive(message.Span, Now);
            }
            finally
            {
                message.Dispose();
            }
        }
        // Others have their turn before the rest.
        Self.Tell(FlowAllocatorInbox.Arrived.Instance, ActorRefs.NoSender);
    }

    private void Reply(int flowId, FlowError response, ReadOnlyMemory<byte> data, object? flow) =>
        (flow as IActorRef)?.Tell(new IpcpProtocol.FlowReply(flowId, response, _context.Settings.Mpl, data), _ipcp);

    private KeyValuePair<string, long>[] Values() =>
    [
        new("flows", _core.FlowCount),
        new("allocations", _core.AllocationCount),
        new("requests", _core.ArrivedCount),
        new("requests-remembered", _core.RememberedCount),
        new("members-ours", _core.KnownCount),
        new("inbox", _context.State.Inbox.Count),
        .. Enum.GetValues<FlowAllocatorDrop>().Where(d => d != FlowAllocatorDrop.None)
            .Select(d => new KeyValuePair<string, long>($"dropped-{d}", _context.State.Counters[d])),
    ];
}
