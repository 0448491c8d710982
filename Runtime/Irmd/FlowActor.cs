using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Actors;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Irmd.Registry;
using Ouroboros.Runtime.Security;
using Ouroboros.Runtime.Security.Handshakes;

namespace Ouroboros.Runtime.Irmd;

/// <summary>
/// <c>/user/irmd/flows/[id]</c>: the state machine of one flow (irmd.md section 3), its time-outs and its answers; never its packets. It owns
/// the end, or for a direct flow both ends, until they are released. However it ends, everybody who waits is answered, every end is
/// down and the layer has let go: that is what <see cref="PostStop"/> sees to.
/// </summary>
internal sealed partial class FlowActor : UntypedActor
{
    private readonly RuntimeServices _services;
    private readonly IActorRef _irmd;
    private readonly FlowEntry _entry;
    private FlowSetup? _setup;
    private FlowEndpoint? _own;
    private FlowEndpoint? _client;
    private int _clientProcess;
    private Expired? _deadline;
    private IActorRef _ipcp = ActorRefs.Nobody;
    private bool _isLocal;

    private FlowActor(RuntimeServices services, IActorRef irmd, FlowEntry entry)
    {
        _services = services;
        _irmd = irmd;
        _entry = entry;
    }

    private IrmdSettings Settings => _services.Settings;

    public static Props Props(RuntimeServices services, IActorRef irmd, FlowEntry entry) =>
        Akka.Actor.Props.CreateBy(new Producer(services, irmd, entry));

    protected override void PreStart()
    {
        var start = _entry.Start;
        _entry.Start = null;
        switch (start)
        {
            case FlowProtocol.StartAccept m:
                _setup = new FlowSetup(m.Request);
                _entry.State = FlowState.AcceptPending;
                break;
            case FlowProtocol.StartAllocate m:
                _setup = new FlowSetup(m.Request);
                AskLayers(m);
                break;
            case FlowProtocol.StartJoin m:
                _setup = new FlowSetup(m.Request);
                _ipcp = m.Layer.Ipcp;
                _entry.Below = m.Layer.IpcpId;
                _entry.State = FlowState.AllocPending;
                _ipcp.Tell(new IpcpProtocol.JoinFlow(_entry.Id, m.Request.Endpoint, m.Layer.Hash), Self);
                break;
            default:
                throw new InvalidOperationException($"a flow cannot be started with {start}");
        }
        StartTimer(_setup.Own.Deadline.Remaining);
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
            case QueryExpired m:
                if (m == _setup?.QueryTimer) OnQueryExpired();
                break;
            case IpcpProtocol.FlowReply m:
                OnFlowReply(m);
                break;
            case IpcpProtocol.FlowResponded m:
                OnFlowResponded(m);
                break;
            case OapProtocol.Ready m:
                OnHandshakeReady(m);
                break;
            case OapProtocol.Done m:
                OnHandshakeDone(m);
                break;
            case IpcpProtocol.FlowDeallocated:
                if (_entry.State == FlowState.DeallocPending && !_entry.Direct) End();
                break;
            case Expired m:
                if (m == _deadline) OnExpired();
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
        StopTimer();
        _setup?.Fail(FlowError.BrokenPipe, "the flow was stopped while it was being set up; try again");
        if (_entry.State != FlowState.Deallocated)
        {
            // Stopped from outside: the user keeps a flow that is down, and the layer is not left with half of one.
            TakeDown(_own);
            TakeDown(_client);
            ReleaseBelow();
        }
        _setup?.CloseHandshake();
        TurnAwayUnanswered(FlowError.IpcpFailed);
        _entry.State = FlowState.Deallocated;
    }

    private void TakeDown(FlowEndpoint? end)
    {
        if (_services.Stopping) end?.Abort();
        else end?.OnLayerFailed();
    }

    private void StartTimer(TimeSpan delay)
    {
        StopTimer();
        if (delay == Timeout.InfiniteTimeSpan) return;
        _deadline = new Expired();
        _deadline.Timer = Context.System.Scheduler.ScheduleTellOnceCancelable(delay, Self, _deadline, Self);
    }

    private void StopTimer()
    {
        _deadline?.Timer?.Cancel();
        _deadline = null;
    }

    private void OnExpired()
    {
        switch (_entry.State)
        {
            case FlowState.AcceptPending when _setup!.Handshake is { } handshake:
                // The saga has not even said that it is late.
                OnHandshakeDone(new OapProtocol.Done(handshake, new FlowException(FlowError.CryptoFailed, $"the handshake of the flow to '{_entry.Name}' was not done in time")));
                break;
            case FlowState.AcceptPending:
                _setup!.Own.Fail(FlowError.TimedOut, "nobody asked for a flow in time");
                Withdraw();
                break;
            case FlowState.Init or FlowState.AllocPending:
                _setup!.Own.Fail(FlowError.TimedOut, $"'{_entry.Name}' did not answer in time; is its server in accept?");
                ReleaseBelow();
                End();
                break;
            case FlowState.Allocated when _setup is not null:
                // The layer has not taken the response: the acceptor gets no flow, and the layer forgets it.
                _setup.Own.Fail(FlowError.IpcpFailed, "the layer did not take the answer in time");
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
        if (_setup?.Direct?.Request == request)
        {
            LeaveHandshake(_setup.Direct.Request, "the caller has given up");
            return;
        }
        // The caller of a direct flow has released his end himself if he was granted it.
        if (_setup?.Own != request) return;
        switch (_entry.State)
        {
            case FlowState.AcceptPending:
                Withdraw();
                break;
            case FlowState.Init or FlowState.AllocPending:
            case FlowState.Allocated: // granted to nobody yet
                ReleaseBelow();
                End();
                break;
        }
    }

    /// <summary>An accept that nobody waits for: the IRMd stops handing requests to it, what is on the way goes back.</summary>
    private void Withdraw()
    {
        GiveUpHandshake();
        _entry.State = FlowState.Deallocated;
        StopTimer();
        _irmd.Tell(new FlowProtocol.Withdraw(_entry.Id), Self);
    }

    private void OnOwnerGone(int processId)
    {
        const string reason = "the application was detached";
        var own = processId == _entry.ProcessId;
        if (own) _setup?.Own.Fail(FlowError.BrokenPipe, reason);
        switch (_entry.State)
        {
            case FlowState.AcceptPending:
                // It may be a client whose request never made it to this flow, or waits for its handshake.
                if (own) Withdraw();
                else if (_setup?.Direct is { } direct && direct.Request.ProcessId == processId) LeaveHandshake(direct.Request, reason);
                break;
            case FlowState.Init or FlowState.AllocPending:
                ReleaseBelow();
                End();
                break;
            default:
                if (own) Close(_own);
                if (processId == _clientProcess) Close(_client);
                break;
        }
    }

    private void Close(FlowEndpoint? end)
    {
        if (end is null) return;
        end.Close();
        // One that still brings data across says itself when it has.
        if (!end.IsDraining) OnReleased(end);
    }

    private void OnLayerGone(int ipcpId)
    {
        // Once only: the IPCP may fail again while the user still holds what is left of the flow.
        if (_entry.Direct || _entry.Below != ipcpId || _ipcp.IsNobody()) return;
        _ipcp = ActorRefs.Nobody;
        switch (_entry.State)
        {
            case FlowState.AllocPending:
            case FlowState.Allocated when _setup is not null:
                _setup!.Own.Fail(FlowError.IpcpFailed, "the layer failed while the flow was being set up; try again");
                End();
                break;
            case FlowState.Allocated:
                // The user still has to release it; there is nothing below to release any more.
                _own!.OnLayerFailed();
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
        if (_isLocal)
        {
            // It gets this before anything that comes of the number's being free again.
            ReleaseBelow();
            End();
            return;
        }
        StartTimer(Settings.IpcpTimeout);
        _ipcp.Tell(new IpcpProtocol.DeallocateFlow(_entry.Id, TimeSpan.Zero), Self);
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

    /// <summary>Answers with the flow; false when the caller no longer waits.</summary>
    private bool Grant(FlowRequest request, TimeSpan mpl, uint peer, FlowProtection protection) => request.TrySetResult(
        new FlowGrant(_entry.Id, Self, _entry.Qos, mpl, peer) { Peer = protection.Peer, Cipher = protection.Algorithm });

    /// <summary>All are answered: what was needed to set the flow up is let go, so that an idle flow stays small.</summary>
    private void SetUp()
    {
        StopTimer();
        _setup?.CloseHandshake();
        _setup = null;
        _entry.Own = null;
        _entry.Delivered = null;
    }

    /// <summary>A deadline has passed, if it is still the one that counts.</summary>
    private sealed class Expired
    {
        public ICancelable? Timer;
    }

    /// <summary>Makes the actor; holds no more than the actor itself does.</summary>
    private sealed class Producer(RuntimeServices services, IActorRef irmd, FlowEntry entry) : IIndirectActorProducer
    {
        public Type ActorType => typeof(FlowActor);

        public ActorBase Produce() => new FlowActor(services, irmd, entry);

        public void Release(ActorBase actor)
        {
        }
    }
}
