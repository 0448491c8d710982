using Akka.Actor;
using Akka.Event;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Enrolment;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// What members of unicast and of broadcast layers do alike: they enrol, they have connections to other members, and they make what they are out of parts,
/// which are their children. A part that fails is restarted in place; one that is stopped is made again.
/// </summary>
/// <typeparam name="TConfig">Configuration of the kind of layer.</typeparam>
public abstract class MemberIpcp<TConfig> : IpcpActor
    where TConfig : IpcpConfig
{
    private protected const string ConnectionsPart = "connections";
    private protected const string EnrolmentPart = "enrolment";

    private const int MaxPartFailures = 5;
    private static readonly TimeSpan FailuresWithin = TimeSpan.FromMinutes(1);

    // As long as it takes to allocate a flow and establish a connection, and some more: the IRMd has its own limit.
    private static readonly TimeSpan ConnectPatience = new ConnectionSettings().AllocationTimeout + new ConnectionSettings().ReceiveTimeout + TimeSpan.FromSeconds(10);

    private readonly IEnrolmentCodec _codec;
    private readonly Dictionary<string, IActorRef> _parts = [];
    private readonly FailureWindow _ends;
    private (IActorRef Client, IpcpProtocol.Enroll Command)? _enrolling;

    private protected MemberIpcp(IpcpContext context, IEnrolmentCodec codec)
        : base(context)
    {
        _codec = codec;
        _ends = new FailureWindow(Ipcp.Time, MaxPartFailures, FailuresWithin);
    }

    private protected EnrolmentState Enrolments { get; } = new();

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => _ends.Note() ? Directive.Restart : Directive.Escalate);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Make(EnrolmentPart);
        base.PreStart();
    }

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        // All parts are made again from nothing; their ends are no news.
        _parts.Clear();
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Enrolments.Flows.Close();
        AnswerEnrolment(FlowError.IpcpFailed, "the IPCP ended");
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override LayerInfo OnBootstrap(IpcpConfig config)
    {
        if (config is not TConfig own) throw new FlowException(FlowError.InvalidArgument, $"IPCP {Ipcp.Name} is of type {_codec.Type} and cannot be bootstrapped as {config?.Type}");
        if (_enrolling is not null) throw new FlowException(FlowError.WrongIpcpState, $"IPCP {Ipcp.Name} is being enrolled; wait until that has ended");
        Begin(own);
        return own.Layer;
    }

    /// <inheritdoc/>
    protected override void OnEnroll(IpcpProtocol.Enroll message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (State != IpcpState.Boot)
        {
            Answer(message, FlowError.WrongIpcpState, $"IPCP {Ipcp.Name} is in a layer already; destroy it and create it again");
            return;
        }
        if (_enrolling is not null)
        {
            Answer(message, FlowError.WrongIpcpState, $"IPCP {Ipcp.Name} is being enrolled already; wait until that has ended");
            return;
        }
        if (message.Own is not (null or TConfig))
        {
            Answer(message, FlowError.InvalidArgument, $"IPCP {Ipcp.Name} is of type {_codec.Type} and cannot have options of type {message.Own.Type}");
            return;
        }
        _enrolling = (Sender, message);
        Part(EnrolmentPart).Tell(new EnrolmentProtocol.Join(message.Destination), Self);
    }

    /// <inheritdoc/>
    protected override void OnConnect(IpcpProtocol.Connect message)
    {
        ArgumentNullException.ThrowIfNull(message);
        AskConnections(message, new ConnectionProtocol.Connect(message.Id, message.Destination, message.Component, message.Qos, message.Keep));
    }

    /// <inheritdoc/>
    protected override void OnDisconnect(IpcpProtocol.Disconnect message)
    {
        ArgumentNullException.ThrowIfNull(message);
        AskConnections(message, new ConnectionProtocol.Disconnect(message.Id, message.Destination, message.Component));
    }

    /// <inheritdoc/>
    protected override void OnOther(object message)
    {
        switch (message)
        {
            case EnrolmentProtocol.Joined m:
                OnJoined(m.Config);
                break;
            case EnrolmentProtocol.Failed m:
                // One that has been stopped since has been answered for.
                if (Sender.Equals(Part(EnrolmentPart))) AnswerEnrolment(m.Error, m.Reason);
                break;
            case ConnectionProtocol.FlowEvent:
                Part(ConnectionsPart).Tell(message, Self);
                break;
            case Terminated m:
                OnPartEnded(m.ActorRef);
                break;
            default:
                OnPartMessage(message);
                break;
        }
    }

    /// <summary>Becomes a member with this configuration: makes the parts, and what those are given who enrol here.</summary>
    private protected abstract void Start(TConfig config);

    /// <summary>How a part is made; <see cref="EnrolmentPart"/> is seen to.</summary>
    private protected abstract Props PropsOf(string part);

    /// <summary>A message of a part, or whatever else came.</summary>
    private protected abstract void OnPartMessage(object message);

    /// <summary>What the log says of a new member behind the name of its layer.</summary>
    private protected virtual string Remark => "";

    private protected IActorRef Part(string name) => _parts.TryGetValue(name, out var part) ? part : ActorRefs.Nobody;

    private protected void Make(string name)
    {
        var props = name == EnrolmentPart
            ? EnrolmentActor.Props(new EnrolmentContext(_codec, Ipcp.Lower, Enrolments, Ipcp.Time, UnforeseeableRandom.Instance))
            : PropsOf(name);
        _parts[name] = Context.Watch(Context.ActorOf(props, name));
        OnMade(name, _parts[name]);
    }

    /// <summary>A part has been made, for the first time or again.</summary>
    private protected virtual void OnMade(string part, IActorRef actor)
    {
        // Most kinds have nothing to do.
    }

    private void Begin(TConfig config)
    {
        Start(config);
        Part(EnrolmentPart).Tell(EnrolmentProtocol.Open.Instance, Self);
    }

    private void OnJoined(IpcpConfig config)
    {
        if (_enrolling is not var (client, command)) return;
        try
        {
            config = config.WithOwnOf(command.Own);
            Begin((TConfig)config);
            Enter(config.Layer);
            Sender.Tell(new EnrolmentProtocol.Started(true), Self);
            _enrolling = null;
            client.Tell(new IpcpProtocol.Answer(command.Id, FlowError.None, null, Layer) { Config = config }, Self);
            Log.Info("IPCP {0} is a member of layer {1}{2}", Ipcp.Name, config.Layer.Name, Remark);
        }
        catch (FlowException e)
        {
            Sender.Tell(new EnrolmentProtocol.Started(false), Self);
            AnswerEnrolment(e.Error, e.Message);
        }
    }

    private void AnswerEnrolment(FlowError error, string reason)
    {
        if (_enrolling is not var (client, command)) return;
        _enrolling = null;
        client.Tell(new IpcpProtocol.Answer(command.Id, error, reason), Self);
    }

    private void AskConnections(IpcpProtocol.Command command, object question)
    {
        if (!CheckMember(command)) return;
        Part(ConnectionsPart).Ask<ConnectionProtocol.Answer>(question, ConnectPatience).PipeTo(
            Sender, Self,
            success: answer => new IpcpProtocol.Answer(command.Id, answer.Error, answer.Reason),
            failure: _ => new IpcpProtocol.Answer(command.Id, FlowError.TimedOut, "the connection manager did not answer in time"));
    }

    private void OnPartEnded(IActorRef part)
    {
        var name = part.Path.Name;
        if (!_parts.TryGetValue(name, out var known) || !known.Equals(part)) return;
        if (!_ends.Note()) throw new InvalidOperationException($"parts of IPCP {Ipcp.Name} ended {MaxPartFailures} times within a minute, the last one was {name}");
        Log.Warning("{0} of IPCP {1} was stopped; it is made again", name, Ipcp.Name);
        Make(name);
        // What it was told and had not read is gone with it.
        if (name == EnrolmentPart) AnswerEnrolment(FlowError.BrokenPipe, "the enrolment was stopped; try again");
    }
}
