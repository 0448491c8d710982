using Akka.Actor;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Actors;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Irmd.Registry;

namespace Ouroboros.Runtime.Irmd;

/// <summary>
/// <c>/user/irmd/flows/[id]</c>: the state machine of one flow (irmd.md section 3), its time-outs and its answers; never its packets. It owns
/// the end, or for a direct flow both ends, until they are released. However it ends, everybody who waits is answered, every end is
/// down and the layer has let go: that is what <see cref="PostStop"/> sees to.
/// </summary>
internal sealed partial class FlowActor : UntypedActor, IWithTimers
{
    private const string DeadlineKey = "deadline";

    private readonly RuntimeServices _services;
    private readonly IActorRef _irmd;
    private readonly FlowEntry _entry;
    private readonly object _start;
    private FlowRequest? _own;
    private AllocateRequest? _client;
    private IActorRef _ipcp = ActorRefs.Nobody;

    private FlowActor(RuntimeServices services, IActorRef irmd, FlowEntry entry, object start)
    {
        _services = services;
        _irmd = irmd;
        _entry = entry;
        _start = start;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private IrmdSettings Settings => _services.Settings;

    public static Props Props(RuntimeServices services, IActorRef irmd, FlowEntry entry, object start) =>
        ActorFactory.Props(() => new FlowActor(services, irmd, entry, start));

    protected override void PreStart()
    {
        switch (_start)
        {
            case FlowProtocol.StartAccept m:
                _own = m.Request;
                _entry.State = FlowState.AcceptPending;
                ArmDeadline(m.Request.Deadline);
                break;
            case FlowProtocol.StartAllocate m:
                _own = m.Request;
                ArmDeadline(m.Request.Deadline);
                AskLayers(m);
                break;
            case FlowProtocol.StartJoin m:
                _own = m.Request;
                ArmDeadline(m.Request.Deadline);
                _ipcp = m.Layer.Ipcp;
                _entry.Below = m.Layer.IpcpId;
                _entry.State = FlowState.AllocPending;
                _ipcp.Tell(new IpcpProtocol.JoinFlow(_entry.Id, m.Request.Endpoint, m.Layer.Hash), Self);
                break;
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FlowProtocol.DirectRequest m:
                OnDirectRequest(m);
                break;
            case FlowProtocol.LayerRequest m:
                OnLayerRequest(m);
                break;
            case FlowProtocol.Released m:
                OnReleased(m.Endpoint);
                break;
            case IpcpProtocol.QueryAnswer m:
                OnQueryAnswer(m);
                break;
            case QueryExpired:
                OnQueryExpired();
                break;
            case IpcpProtocol.FlowReply m:
                OnFlowReply(m);
                break;
            case IpcpProtocol.FlowResponded m:
                OnFlowResponded(m);
                break;
            case IpcpProtocol.FlowDeallocated:
                if (_entry.State == FlowState.DeallocPending) End();
                break;
            case Expired:
                OnExpired();
                break;
            case FlowProtocol.GivenUp m:
                OnGivenUp(m.Request);
                break;
            case FlowProtocol.OwnerGone m:
                OnOwnerGone(m.ProcessId);
                break;
            case FlowProtocol.LayerGone m:
                OnLayerGone(m.IpcpId);
                break;
            case FlowProtocol.Withdrawn:
                if (_entry.State == FlowState.Deallocated) Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        const string reason = "the flow was stopped while it was being set up; try again";
        _own?.Fail(FlowError.BrokenPipe, reason);
        _client?.Fail(FlowError.BrokenPipe, reason);
        if (_entry.State != FlowState.Deallocated)
        {
            // Stopped from outside: the user keeps a flow that is down, and the layer is not left with half of one.
            if (_own is { Task.IsCompletedSuccessfully: true }) _own.Endpoint.OnLayerFailed();
            if (_client is { Task.IsCompletedSuccessfully: true }) _client.Endpoint.OnLayerFailed();
            ReleaseBelow();
        }
        _entry.State = FlowState.Deallocated;
    }

    private void ArmDeadline(Deadline deadline)
    {
        var left = deadline.Remaining;
        if (left != Timeout.InfiniteTimeSpan) Timers.StartSingleTimer(DeadlineKey, Expired.Instance, left);
    }

    private void OnExpired()
    {
        switch (_entry.State)
        {
            case FlowState.AcceptPending when _ipcp.IsNobody():
                _own!.Fail(FlowError.TimedOut, "nobody asked for a flow in time");
                Withdraw();
                break;
            case FlowState.Init or FlowState.AllocPending:
                _own!.Fail(FlowError.TimedOut, $"'{_entry.Name}' did not answer in time; is its server in accept?");
                ReleaseBelow();
                End();
                break;
            case FlowState.Allocated when !_own!.Task.IsCompleted:
                // The layer has not taken the response: the acceptor gets no flow, and the layer forgets it.
                _own.Fail(FlowError.IpcpFailed, "the layer did not take the answer in time");
                ReleaseBelow();
                End();
                break;
            case FlowState.DeallocPending:
                End();
                break;
        }
    }

    private void OnGivenUp(FlowRequest request)
    {
        if (request == _client)
        {
            // The caller of a direct flow went away; if he was granted the flow he has released it himself.
            return;
        }
        switch (_entry.State)
        {
            case FlowState.AcceptPending:
                Withdraw();
                break;
            case FlowState.Init or FlowState.AllocPending:
                ReleaseBelow();
                End();
                break;
        }
    }

    /// <summary>An accept that nobody waits for: the IRMd stops handing requests to it, what is on the way goes back.</summary>
    private void Withdraw()
    {
        _entry.State = FlowState.Deallocated;
        Timers.Cancel(DeadlineKey);
        _irmd.Tell(new FlowProtocol.Withdraw(_entry.Id), Self);
    }

    private void OnOwnerGone(int processId)
    {
        const string reason = "the application was detached";
        if (processId == _entry.ProcessId) _own?.Fail(FlowError.BrokenPipe, reason);
        if (processId == _client?.ProcessId) _client.Fail(FlowError.BrokenPipe, reason);
        switch (_entry.State)
        {
            case FlowState.AcceptPending:
                Withdraw();
                break;
            case FlowState.Init or FlowState.AllocPending:
                ReleaseBelow();
                End();
                break;
            default:
                if (processId == _entry.ProcessId && _own is not null) Close(_own);
                if (processId == _client?.ProcessId) Close(_client);
                break;
        }
    }

    private void Close(FlowRequest end)
    {
        end.Endpoint.Close();
        OnReleased(end.Endpoint);
    }

    private void OnLayerGone(int ipcpId)
    {
        if (_entry.Direct || _entry.Below != ipcpId) return;
        _ipcp = ActorRefs.Nobody;
        switch (_entry.State)
        {
            case FlowState.AllocPending:
            case FlowState.Allocated when !_own!.Task.IsCompleted:
                _own!.Fail(FlowError.IpcpFailed, "the layer failed while the flow was being set up; try again");
                End();
                break;
            case FlowState.Allocated:
                // The user still has to release it; there is nothing below to release any more.
                _own!.Endpoint.OnLayerFailed();
                break;
            case FlowState.DeallocPending:
                End();
                break;
        }
    }

    private void OnReleased(FlowEndpoint endpoint)
    {
        if (_entry.State is not (FlowState.Allocated or FlowState.DeallocPending)) return;
        if (_entry.Direct)
        {
            ReleaseDirect(endpoint);
            return;
        }
        if (_entry.State == FlowState.DeallocPending) return;
        _entry.State = FlowState.DeallocPending;
        if (_ipcp.IsNobody())
        {
            End();
            return;
        }
        _ipcp.Tell(new IpcpProtocol.DeallocateFlow(_entry.Id, TimeSpan.Zero), Self);
        Timers.StartSingleTimer(DeadlineKey, Expired.Instance, Settings.IpcpTimeout);
    }

    private void ReleaseBelow()
    {
        if (_ipcp.IsNobody()) return;
        _ipcp.Tell(new IpcpProtocol.DeallocateFlow(_entry.Id, TimeSpan.Zero), ActorRefs.NoSender);
        _ipcp = ActorRefs.Nobody;
    }

    private void End()
    {
        _entry.State = FlowState.Deallocated;
        Context.Stop(Self);
    }

    private bool Grant(FlowRequest request, TimeSpan mpl, uint peer) =>
        request.TrySetResult(new FlowGrant(_entry.Id, Self, _entry.Qos, mpl, peer));

    /// <summary>A deadline has passed.</summary>
    private sealed record Expired
    {
        public static readonly Expired Instance = new();
    }

    /// <summary>Layers have had time enough to say whether they know the name.</summary>
    private sealed record QueryExpired
    {
        public static readonly QueryExpired Instance = new();
    }
}
