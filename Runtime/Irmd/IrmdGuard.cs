using Akka.Actor;
using Akka.Event;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Actors;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security.Handshakes;

namespace Ouroboros.Runtime.Irmd;

/// <summary>
/// <c>/user/guard</c>: makes the IRMd, makes it again when somebody stops it from outside, and notes what actors fail with. It also looks
/// after what was sent to actors that had ended: requests and commands for the IRMd go to the new one, other conversations are answered,
/// so that nobody waits for ever.
/// </summary>
internal sealed class IrmdGuard : UntypedActor
{
    public const string Name = "guard";

    private readonly RuntimeServices _services;
    private readonly List<DeadLetter> _held = [];

    private IrmdGuard(RuntimeServices services) => _services = services;

    /// <summary>Starts the guard and the IRMd; the services' handle points at the IRMd when this returns.</summary>
    public static void Start(ActorSystem system, RuntimeServices services)
    {
        services.Irmd.Current = system.ActorOf(IrmdActor.Props(services), IrmdActor.Name);
        Make(system, services);
    }

    /// <summary>Makes the guard.</summary>
    public static void Make(ActorSystem system, RuntimeServices services) => system.ActorOf(ActorFactory.Props(() => new IrmdGuard(services)), Name);

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        Context.System.EventStream.Subscribe(Self, typeof(Error));
        Context.System.EventStream.Subscribe(Self, typeof(Warning));
        Watch();
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Terminated m:
                if (!_services.Stopping && m.ActorRef.Equals(_services.Irmd.Current)) MakeIrmd();
                break;
            case Again:
                if (!_services.Stopping) MakeIrmd();
                break;
            case DeadLetter m:
                OnDeadLetter(m);
                break;
            case Error { Cause: { } cause } m:
                Note(m.LogSource, cause);
                break;
            case Warning { Cause: { } cause } m:
                Note(m.LogSource, cause);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>The supervisor of a failed actor publishes the failure with the actor's path.</summary>
    private void Note(string source, Exception cause)
    {
        var path = ActorPath.TryParse(source, out var parsed) ? parsed.ToStringWithoutAddress() : source;
        _services.Failures.Note(path, $"{cause.GetType().FullName}: {cause.Message}");
    }

    private void Watch()
    {
        Context.Watch(_services.Irmd.Current);
        _services.Irmd.Current.Tell(new FlowProtocol.Guarded(Self), Self);
    }

    private void MakeIrmd()
    {
        try
        {
            _services.Irmd.Current = Context.System.ActorOf(IrmdActor.Props(_services), IrmdActor.Name);
        }
        catch (InvalidActorNameException)
        {
            // Its parent has not noticed the end of the old one yet.
            Self.Tell(Again.Instance, Self);
            return;
        }
        Watch();
        foreach (var letter in _held) _services.Irmd.Current.Tell(letter.Message, letter.Sender);
        _held.Clear();
    }

    private void OnDeadLetter(DeadLetter letter)
    {
        switch (letter.Message)
        {
            case FlowRequest m when _services.Stopping:
                m.Fail(FlowError.BrokenPipe, "the runtime was stopped");
                break;
            case FlowRequest or FlowProtocol.GivenUp or IrmProtocol.Command:
                if (letter.Recipient.Equals(_services.Irmd.Current)) _held.Add(letter);
                else _services.Irmd.Current.Tell(letter.Message, letter.Sender);
                break;
            case IpcpProtocol.Command m:
                letter.Sender.Tell(new IpcpProtocol.Answer(m.Id, FlowError.IpcpFailed, "the IPCP has ended"), Self);
                break;
            case IpcpProtocol.AllocateFlow m:
                letter.Sender.Tell(new IpcpProtocol.FlowReply(m.FlowId, FlowError.IpcpFailed, TimeSpan.Zero, default), Self);
                break;
            case IpcpProtocol.JoinFlow m:
                letter.Sender.Tell(new IpcpProtocol.FlowReply(m.FlowId, FlowError.IpcpFailed, TimeSpan.Zero, default), Self);
                break;
            case IpcpProtocol.RespondFlow m:
                m.Flow.Tell(new IpcpProtocol.FlowResponded(m.FlowId, FlowError.IpcpFailed), Self);
                break;
            case OapProtocol.Start m:
                m.Handshake.Flow.Tell(new OapProtocol.Done(m.Handshake, new FlowException(FlowError.BrokenPipe, "the handshake was stopped; try again")), Self);
                break;
            case IpcpProtocol.DeallocateFlow m:
                letter.Sender.Tell(new IpcpProtocol.FlowDeallocated(m.FlowId), Self);
                break;
        }
    }

    /// <summary>Try once more to make the IRMd.</summary>
    private sealed record Again
    {
        public static readonly Again Instance = new();
    }
}
