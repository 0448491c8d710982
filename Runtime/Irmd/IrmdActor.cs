using Akka.Actor;
using Akka.Event;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Actors;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Irmd.Registry;

namespace Ouroboros.Runtime.Irmd;

/// <summary>
/// <c>/user/irmd</c>: the registry of names, programs, processes, IPCPs and flows; matches requests with acceptors; parent of everything
/// else. Its state is the runtime's <see cref="RegistryState"/>, so a restart loses nothing: children run on, time-outs are armed again.
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

    /// <summary>Its direct children only hold others; they are restarted for ever, and made again if somebody stops them.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void PreStart()
    {
        _services.Irmd.Current = Self; // before any child asks for it
        _flows = GetOrCreate(FlowsActor.Name, FlowsActor.Props(_services, Self));
        _ipcps = GetOrCreate(IpcpsActor.Name, IpcpsActor.Props(_services));
        _applications = GetOrCreate(ApplicationsActor.Name, ApplicationsActor.Props(Self));
        Recover();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // The children hold the layers and everybody's flows: they run on while this actor is made again.
        switch (message)
        {
            case FlowRequest request:
                request.Fail(FlowError.BrokenPipe, "the IRMd failed while it worked on the request; try again");
                break;
            case IrmProtocol.Command:
                Sender.Tell(new Status.Failure(new FlowException(FlowError.IrmdUnreachable, $"the IRMd failed while it worked on the command: {reason.Message}", reason)), Self);
                break;
        }
        PostStop();
    }

    protected override void OnReceive(object message)
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
                OnGone(m.FlowId);
                break;
            case FlowProtocol.Withdraw m:
                OnWithdraw(m.FlowId);
                break;
            case FlowProtocol.GivenUp m:
                OnGivenUp(m.Request);
                break;
            case FlowProtocol.Undelivered m:
                OnUndelivered(m.Request);
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
            case CommandExpired m:
                OnAnswer(new IpcpProtocol.Answer(m.Id, FlowError.IpcpFailed, "the IPCP did not answer in time"));
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

    private IActorRef GetOrCreate(string name, Props props)
    {
        var child = Context.Child(name);
        if (child.IsNobody()) child = Context.ActorOf(props, name);
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
        foreach (var process in _registry.Processes.Values.Where(p => !p.IsIpcp)) _applications.Tell(new ApplicationsActor.Create(process.Id, process.Credentials));
        foreach (var ipcp in _registry.Ipcps.Values) _ipcps.Tell(new IpcpsActor.Create(ipcp.Id, ipcp.Name, ipcp.Type));
        _flows.Tell(new FlowsActor.Report([.. _registry.Flows.Keys]));
    }

    private void OnTerminated(IActorRef child)
    {
        // Somebody stopped a supervisor from outside, and with it all its children: make it again and put back what it held.
        if (child.Equals(_flows)) _flows = GetOrCreate(FlowsActor.Name, FlowsActor.Props(_services, Self));
        else if (child.Equals(_ipcps)) _ipcps = GetOrCreate(IpcpsActor.Name, IpcpsActor.Props(_services));
        else if (child.Equals(_applications)) _applications = GetOrCreate(ApplicationsActor.Name, ApplicationsActor.Props(Self));
        _log.Warning("{0} was stopped from outside and has been made again", child.Path);
        Recover();
    }

    /// <summary>A request has waited long enough for an acceptor.</summary>
    private sealed record WaitExpired(WaitingRequest Request);

    /// <summary>An IPCP has had time enough for a command.</summary>
    private sealed record CommandExpired(long Id);
}
