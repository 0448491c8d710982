using Akka.Actor;
using Akka.Event;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Actors;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Irmd.Registry;
using Ouroboros.Runtime.Security.Handshakes;

namespace Ouroboros.Runtime.Irmd;

/// <summary>
/// <c>/user/irmd</c>: the registry of names, programs, processes, IPCPs and flows; matches requests with acceptors; parent of everything
/// else. Its state is the runtime's <see cref="RegistryState"/>: it goes on after a failure, and one that is made again after it was stopped
/// finds everything and arms the time-outs again.
/// </summary>
internal sealed partial class IrmdActor : UntypedActor, IWithTimers
{
    public const string Name = "irmd";

    private readonly RuntimeServices _services;
    private readonly RegistryState _registry;
    private readonly IrmdSettings _settings;
    private readonly ILoggingAdapter _log;
    private IActorRef _flows = ActorRefs.Nobody;
    private IActorRef _ipcps = ActorRefs.Nobody;
    private IActorRef _applications = ActorRefs.Nobody;

    private IrmdActor(RuntimeServices services)
    {
        _services = services;
        _registry = services.Registry;
        _settings = services.Settings;
        _log = Context.GetLogger();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(RuntimeServices services) => ActorFactory.Props(() => new IrmdActor(services));

    /// <summary>
    /// Its direct children only hold others: they go on after a failure, because a restart would restart those others too. They are made
    /// again if somebody stops them.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Resume);

    protected override void PreStart()
    {
        _services.Irmd.Current = Self; // before any child asks for it
        MakeChildren();
    }

    protected override void PostStop()
    {
        if (_services.Stopping) StopWaiting();
    }

    protected override void OnReceive(object message)
    {
        try
        {
            Handle(message);
        }
        catch (Exception e)
        {
            // It goes on with the next message; whoever sent this one is not left without an answer.
            AnswerFailure(message, e);
            throw;
        }
    }

    private void Handle(object message)
    {
        switch (message)
        {
            case AllocateRequest m:
                OnAllocate(m);
                break;
            case AcceptRequest m:
                OnAccept(m);
                break;
            case JoinRequest m:
                OnJoin(m);
                break;
            case FlowProtocol.Gone m:
                OnGone(m.Entry);
                break;
            case FlowProtocol.Withdraw m:
                OnWithdraw(m.FlowId);
                break;
            case FlowProtocol.GivenUp m:
                OnGivenUp(m.Request);
                break;
            case FlowProtocol.Undelivered m:
                OnUndelivered(m.Entry, m.Request);
                break;
            case FlowProtocol.StillWaiting m:
                OnStillWaiting(m.Entry);
                break;
            case FlowProtocol.Guarded m:
                _services.Guard = Context.Watch(m.Guard);
                break;
            case GuardAgain:
                if (!_services.Stopping) MakeGuard();
                break;
            case FlowProtocol.Stopping:
                StopWaiting();
                break;
            case WaitExpired m:
                OnWaitExpired(m.Request);
                break;
            case IpcpProtocol.FlowRequestArrived m:
                OnFlowRequestArrived(m, Sender);
                break;
            case IpcpProtocol.Answer m:
                OnAnswer(m);
                break;
            case PutBackAgain m:
                OnPutBackAgain(m.Ipcp);
                break;
            case CommandExpired m:
                OnCommandExpired(m.Id);
                break;
            case IpcpProtocol.Started m:
                OnIpcpStarted(m);
                break;
            case IpcpsActor.Stopped m:
                OnIpcpStopped(m.Id);
                break;
            case ApplicationsActor.Stopped m:
                RemoveProcess(m.ProcessId);
                break;
            case Terminated m:
                OnTerminated(m.ActorRef);
                break;
            case IrmProtocol.Command m:
                OnCommand(m);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void AnswerFailure(object message, Exception reason)
    {
        switch (message)
        {
            case FlowRequest request:
                request.Fail(FlowError.BrokenPipe, "the IRMd failed while it worked on the request; try again");
                break;
            case IpcpProtocol.FlowRequestArrived request:
                Refuse(request, Sender, FlowError.IpcpFailed);
                break;
            case FlowProtocol.Undelivered { Request: FlowRequest request }:
                request.Fail(FlowError.BrokenPipe, "the IRMd failed while it worked on the request; try again");
                break;
            case FlowProtocol.Undelivered { Request: FlowProtocol.LayerRequest request }:
                Refuse(request.Request, request.Ipcp, FlowError.IpcpFailed);
                break;
            case IrmProtocol.Command:
                Sender.Tell(new Status.Failure(new FlowException(FlowError.IrmdUnreachable, $"the IRMd failed while it worked on the command: {reason.Message}", reason)), Self);
                break;
        }
    }

    private void MakeChildren()
    {
        _services.Oap = GetOrCreate(OapActor.Name, OapActor.Props(_services), out _);
        _flows = GetOrCreate(FlowsActor.Name, FlowsActor.Props(_services, Self), out _);
        _ipcps = GetOrCreate(IpcpsActor.Name, IpcpsActor.Props(_services), out var made);
        _applications = GetOrCreate(ApplicationsActor.Name, ApplicationsActor.Props(Self), out _);
        if (made) BeginAgain();
        Recover();
    }

    private IActorRef GetOrCreate(string name, Props props, out bool made)
    {
        var child = Context.Child(name);
        made = child.IsNobody();
        if (made) child = Context.ActorOf(props, name);
        return Context.Watch(child);
    }

    /// <summary>Arms again what a former incarnation of this actor waited for, and puts back what ended with it.</summary>
    private void Recover()
    {
        foreach (var (id, command) in _registry.Commands) Timers.StartSingleTimer(id, new CommandExpired(id), command.Deadline.Remaining);
        foreach (var waiting in _registry.Names.Values.SelectMany(n => n.Waiting))
        {
            Timers.StartSingleTimer(waiting, new WaitExpired(waiting), waiting.Deadline.Remaining);
        }
        foreach (var ipcp in _registry.Ipcps.Values.Where(i => i.FailedRecoveries > 0)) PutBackLater(ipcp);
        foreach (var process in _registry.Processes.Values.Where(p => !p.IsIpcp)) _applications.Tell(new ApplicationsActor.Create(process.Id, process.Credentials));
        foreach (var ipcp in _registry.Ipcps.Values.Where(i => i.State != IpcpState.Null)) _ipcps.Tell(new IpcpsActor.Create(ipcp.Id, ipcp.Name, ipcp.Type, ipcp.Memory));
        _flows.Tell(new FlowsActor.Report([.. _registry.Flows.Values]));
    }

    private void MakeGuard()
    {
        try
        {
            IrmdGuard.Make(Context.System, _services);
        }
        catch (InvalidActorNameException)
        {
            // Its parent has not noticed the end of the old one yet.
            Self.Tell(GuardAgain.Instance, Self);
        }
    }

    private void OnTerminated(IActorRef actor)
    {
        if (_services.Stopping) return;
        if (actor.Equals(_services.Guard))
        {
            MakeGuard();
            return;
        }
        // Somebody stopped a supervisor from outside, and with it all its children: make it again and put back what it held.
        _log.Warning("{0} was stopped from outside and is made again", actor.Path);
        MakeChildren();
    }

    /// <summary>Try once more to make the guard.</summary>
    private sealed record GuardAgain
    {
        public static readonly GuardAgain Instance = new();
    }

    /// <summary>A request has waited long enough for an acceptor.</summary>
    private sealed record WaitExpired(WaitingRequest Request);

    /// <summary>Try once more to put an IPCP back into its layer.</summary>
    private sealed record PutBackAgain(IpcpEntry Ipcp)
    {
        public static object KeyOf(IpcpEntry ipcp) => (nameof(PutBackAgain), ipcp.Id);
    }

    /// <summary>An IPCP has had time enough for a command.</summary>
    private sealed record CommandExpired(long Id);
}
