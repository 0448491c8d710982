using Akka.Actor;
using Akka.Event;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Rib;

namespace Ouroboros.Layers.Ipcp;

/// <summary>
/// What every IPCP does alike: its state, the checks before a command, and its report to the IRMd when it starts or has been restarted. A
/// kind of layer overrides what it supports; the rest is answered with <see cref="FlowError.NotSupported"/>.
/// </summary>
public abstract class IpcpActor : UntypedActor
{
    /// <summary>The longest name that a layer or IPCP may have, bytes; the reference's limit.</summary>
    public const int MaxNameLength = 255;

    private volatile IpcpState _state = IpcpState.Init;
    private volatile LayerInfo? _layer;
    private string? _restartReason;
    private bool _restarted;

    /// <summary>Makes an IPCP in state <see cref="IpcpState.Init"/>.</summary>
    protected IpcpActor(IpcpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Ipcp = context;
        Log = Context.GetLogger();
    }

    /// <summary>What it was made with.</summary>
    protected IpcpContext Ipcp { get; }

    /// <summary>Its log.</summary>
    protected ILoggingAdapter Log { get; }

    /// <summary>Where it is in its life.</summary>
    protected IpcpState State
    {
        get => _state;
        private set => _state = value;
    }

    /// <summary>Whether this is not its first life: it failed, and what it was bootstrapped with comes again.</summary>
    protected bool HasRestarted => _restarted;

    /// <summary>The layer that it is in, once operational.</summary>
    protected LayerInfo? Layer
    {
        get => _layer;
        private set => _layer = value;
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        State = IpcpState.Boot;
        Ipcp.Rib.Set("info", new RibFiles()
            .Add("_state", () => $"{StateText()}\n")
            .Add("_type", () => $"{Ipcp.Kind}\n")
            .Add("_layer", () => $"{(State == IpcpState.Operational ? Layer?.Name : null) ?? "(null)"}\n"));
        Ipcp.Irmd.Tell(new IpcpProtocol.Started(Ipcp.Id, _restarted, _restartReason), Self);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Ipcp.Lower.Reset();
        Ipcp.Rib.Clear();
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void PostRestart(Exception reason)
    {
        _restarted = true;
        _restartReason = reason?.Message;
        base.PostRestart(reason!);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IpcpProtocol.Bootstrap m:
                Bootstrap(m);
                break;
            case IpcpProtocol.Register m:
                if (CheckName(m, m.Hash)) OnRegister(m);
                break;
            case IpcpProtocol.Unregister m:
                if (CheckName(m, m.Hash)) OnUnregister(m);
                break;
            case IpcpProtocol.Query m:
                if (State == IpcpState.Operational) OnQuery(m);
                else Sender.Tell(new IpcpProtocol.QueryAnswer(Ipcp.Id, false), Self);
                break;
            case IpcpProtocol.AllocateFlow m:
                if (State == IpcpState.Operational) OnAllocateFlow(m);
                else Refuse(m.FlowId, FlowError.WrongIpcpState);
                break;
            case IpcpProtocol.JoinFlow m:
                if (State == IpcpState.Operational) OnJoinFlow(m);
                else Refuse(m.FlowId, FlowError.WrongIpcpState);
                break;
            case IpcpProtocol.RespondFlow m:
                OnRespondFlow(m);
                break;
            case IpcpProtocol.DeallocateFlow m:
                OnDeallocateFlow(m);
                break;
            case IpcpProtocol.Enroll m:
                OnEnroll(m);
                break;
            case IpcpProtocol.Connect m:
                OnConnect(m);
                break;
            case IpcpProtocol.Disconnect m:
                OnDisconnect(m);
                break;
            default:
                OnOther(message);
                break;
        }
    }

    /// <summary>It is in a layer now; for kinds that enrol.</summary>
    protected void Enter(LayerInfo layer)
    {
        Layer = layer;
        State = IpcpState.Operational;
    }

    /// <summary>Makes the layer.</summary>
    /// <exception cref="FlowException">When it cannot; the IPCP stays in <see cref="IpcpState.Boot"/>.</exception>
    protected abstract LayerInfo OnBootstrap(IpcpConfig config);

    /// <summary>Answers for a name from now on.</summary>
    protected abstract FlowError OnRegister(NameHash hash);

    /// <summary>Stops answering for a name.</summary>
    protected abstract FlowError OnUnregister(NameHash hash);

    /// <summary>As <see cref="OnRegister(NameHash)"/>, for a kind that cannot answer at once: it answers the sender itself.</summary>
    protected virtual void OnRegister(IpcpProtocol.Register message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Answer(message, OnRegister(message.Hash));
    }

    /// <summary>As <see cref="OnUnregister(NameHash)"/>, for a kind that cannot answer at once: it answers the sender itself.</summary>
    protected virtual void OnUnregister(IpcpProtocol.Unregister message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Answer(message, OnUnregister(message.Hash));
    }

    /// <summary>Answers the sender with a <see cref="IpcpProtocol.QueryAnswer"/>, at once or later.</summary>
    protected abstract void OnQuery(IpcpProtocol.Query message);

    /// <summary>Allocates a flow and answers the sender with a <see cref="IpcpProtocol.FlowReply"/>, at once or later.</summary>
    protected abstract void OnAllocateFlow(IpcpProtocol.AllocateFlow message);

    /// <summary>Takes the answer to a request that this IPCP reported.</summary>
    protected abstract void OnRespondFlow(IpcpProtocol.RespondFlow message);

    /// <summary>Releases a flow and answers the sender with <see cref="IpcpProtocol.FlowDeallocated"/>.</summary>
    protected abstract void OnDeallocateFlow(IpcpProtocol.DeallocateFlow message);

    /// <summary>Joins a layer; not supported unless overridden.</summary>
    protected virtual void OnEnroll(IpcpProtocol.Enroll message) => NotSupported(message, "enrolment; bootstrap it instead");

    /// <summary>Connects a component; not supported unless overridden.</summary>
    protected virtual void OnConnect(IpcpProtocol.Connect message) => NotSupported(message, "connections");

    /// <summary>Disconnects a component; not supported unless overridden.</summary>
    protected virtual void OnDisconnect(IpcpProtocol.Disconnect message) => NotSupported(message, "connections");

    /// <summary>Joins a broadcast layer; not supported unless overridden.</summary>
    protected virtual void OnJoinFlow(IpcpProtocol.JoinFlow message) => Refuse(message?.FlowId ?? 0, FlowError.NotSupported);

    /// <summary>Any other message; unhandled unless overridden.</summary>
    protected virtual void OnOther(object message) => Unhandled(message);

    /// <summary>Answers a command.</summary>
    protected void Answer(IpcpProtocol.Command command, FlowError error, string? reason = null) =>
        Sender.Tell(new IpcpProtocol.Answer(command.Id, error, reason, Layer), Self);

    /// <summary>Whether it is in a layer; when it is not, the command is answered.</summary>
    protected bool CheckMember(IpcpProtocol.Command command)
    {
        if (State == IpcpState.Operational) return true;
        Answer(command, FlowError.WrongIpcpState, $"IPCP {Ipcp.Name} is in no layer yet; bootstrap or enrol it first");
        return false;
    }

    // As the reference writes them, except for "boot", which reads "bug" there (tools-and-rib.md 9.1).
    private string StateText() => State.ToString().ToLowerInvariant();

    private void Bootstrap(IpcpProtocol.Bootstrap m)
    {
        if (State != IpcpState.Boot)
        {
            Answer(m, FlowError.WrongIpcpState, $"IPCP {Ipcp.Name} is in a layer already; destroy it and create it again");
            return;
        }
        try
        {
            Layer = OnBootstrap(m.Config);
            State = IpcpState.Operational;
            Answer(m, FlowError.None);
        }
        catch (FlowException e)
        {
            Answer(m, e.Error, e.Message);
        }
    }

    private bool CheckName(IpcpProtocol.Command m, NameHash hash)
    {
        if (!CheckMember(m)) return false;
        if (hash.Length == NameHash.LengthOf(Layer!.Hash)) return true;
        Answer(m, FlowError.InvalidArgument, $"a hash of {hash.Length} bytes is not one of layer {Layer.Name} ({Layer.Hash})");
        return false;
    }

    private void NotSupported(IpcpProtocol.Command m, string what) =>
        Answer(m, FlowError.NotSupported, $"IPCP {Ipcp.Name} is of a kind that has no {what}");

    private void Refuse(int flowId, FlowError error) =>
        Sender.Tell(new IpcpProtocol.FlowReply(flowId, error, TimeSpan.Zero, default), Self);
}
