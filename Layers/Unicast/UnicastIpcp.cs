using Akka.Actor;
using Akka.Event;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Enrolment;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// The actor of a member of a unicast layer: makes its parts as children, joins them, and carries out the IRMd's commands with them. It does not see
/// packets. What the parts have to remember outlives each of them in <see cref="UnicastMember"/>; when this actor itself fails, the IRMd plays its
/// record back, and it is a new member with another address.
/// </summary>
public sealed partial class UnicastIpcp : IpcpActor
{
    private static readonly TimeSpan DirectoryPatience = TimeSpan.FromSeconds(10);

    private readonly EnrolmentState _enrolments = new();
    private UnicastMember? _member;
    private (IActorRef Client, IpcpProtocol.Enroll Command)? _enrolling;

    /// <summary>Made by <see cref="UnicastKind"/>.</summary>
    internal UnicastIpcp(IpcpContext context)
        : base(context)
    {
    }

    /// <inheritdoc/>
    protected override LayerInfo OnBootstrap(IpcpConfig config)
    {
        if (config is not UnicastConfig unicast) throw new FlowException(FlowError.InvalidArgument, $"IPCP {Ipcp.Name} is a unicast one and cannot be bootstrapped as {config?.Type}");
        if (_enrolling is not null) throw new FlowException(FlowError.WrongIpcpState, $"IPCP {Ipcp.Name} is being enrolled; wait until that has ended");
        Start(unicast);
        return unicast.Layer;
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
        _enrolling = (Sender, message);
        Part(EnrolmentPart).Tell(new EnrolmentProtocol.Join(message.Destination), Self);
    }

    /// <inheritdoc/>
    protected override void OnConnect(IpcpProtocol.Connect message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (IsMember(message)) Ask(message, new ConnectionProtocol.Connect(message.Id, message.Destination, message.Component, message.Qos, message.Keep));
    }

    /// <inheritdoc/>
    protected override void OnDisconnect(IpcpProtocol.Disconnect message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (IsMember(message)) Ask(message, new ConnectionProtocol.Disconnect(message.Id, message.Destination, message.Component));
    }

    /// <inheritdoc/>
    protected override void OnRegister(IpcpProtocol.Register message)
    {
        ArgumentNullException.ThrowIfNull(message);
        AskDirectory(message, new DirectoryProtocol.Register(message.Hash));
    }

    /// <inheritdoc/>
    protected override void OnUnregister(IpcpProtocol.Unregister message)
    {
        ArgumentNullException.ThrowIfNull(message);
        AskDirectory(message, new DirectoryProtocol.Unregister(message.Hash));
    }

    /// <inheritdoc/>
    protected override FlowError OnRegister(NameHash hash) => FlowError.NotSupported; // the other overload answers

    /// <inheritdoc/>
    protected override FlowError OnUnregister(NameHash hash) => FlowError.NotSupported;

    /// <inheritdoc/>
    protected override void OnQuery(IpcpProtocol.Query message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Hash.Length != NameHash.LengthOf(Layer!.Hash))
        {
            Sender.Tell(new IpcpProtocol.QueryAnswer(Ipcp.Id, false), Self);
            return;
        }
        var (client, self, id) = (Sender, Self, Ipcp.Id);
        Part(DirectoryPart).Ask<DirectoryProtocol.QueryAnswer>(new DirectoryProtocol.Query(message.Hash), DirectoryPatience).PipeTo(
            client, self,
            success: answer => new IpcpProtocol.QueryAnswer(id, answer.Addresses.Count > 0),
            failure: _ => new IpcpProtocol.QueryAnswer(id, false));
    }

    /// <inheritdoc/>
    protected override void OnAllocateFlow(IpcpProtocol.AllocateFlow message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (HasPart(FlowAllocatorPart)) Part(FlowAllocatorPart).Forward(message);
        else Sender.Tell(new IpcpProtocol.FlowReply(message.FlowId, FlowError.NotSupported, TimeSpan.Zero, default), Self);
    }

    /// <inheritdoc/>
    protected override void OnRespondFlow(IpcpProtocol.RespondFlow message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (HasPart(FlowAllocatorPart)) Part(FlowAllocatorPart).Forward(message);
        else message.Flow.Tell(new IpcpProtocol.FlowResponded(message.FlowId, FlowError.WrongIpcpState), Self);
    }

    /// <inheritdoc/>
    protected override void OnDeallocateFlow(IpcpProtocol.DeallocateFlow message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (HasPart(FlowAllocatorPart)) Part(FlowAllocatorPart).Forward(message);
        else Sender.Tell(new IpcpProtocol.FlowDeallocated(message.FlowId), Self);
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
                OnNotJoined(m.Error, m.Reason);
                break;
            case ConnectionEvents.Added m:
                OnAdded(m);
                break;
            case ConnectionEvents.Removed m:
                OnRemoved(m);
                break;
            case ConnectionEvents.Up m:
                OnLink(m, m.FlowId, up: true);
                break;
            case ConnectionEvents.Down m:
                OnLink(m, m.FlowId, up: false);
                break;
            case ConnectionProtocol.AddressClash:
                // A member with the address of another is none: the IRMd puts it back with another one.
                throw new InvalidOperationException($"another member of layer {Layer?.Name} has address {UnicastAddress.Format(_member?.Address ?? 0)}, too");
            case Terminated m:
                OnPartEnded(m.ActorRef);
                break;
            case UnicastProtocol.GetStatus:
                Sender.Tell(Status(), Self);
                break;
            default:
                OnPartMessage(message);
                break;
        }
    }

    private void OnJoined(IpcpConfig config)
    {
        if (_enrolling is not var (client, command)) return;
        _enrolling = null;
        try
        {
            Start((UnicastConfig)config);
            Enter(config.Layer);
            Sender.Tell(new EnrolmentProtocol.Started(true), Self);
            client.Tell(new IpcpProtocol.Answer(command.Id, FlowError.None, null, Layer) { Config = config }, Self);
            Log.Info("IPCP {0} is a member of layer {1} with address {2}", Ipcp.Name, config.Layer.Name, UnicastAddress.Format(_member!.Address));
        }
        catch (FlowException e)
        {
            Sender.Tell(new EnrolmentProtocol.Started(false), Self);
            client.Tell(new IpcpProtocol.Answer(command.Id, e.Error, e.Message), Self);
        }
    }

    private void OnNotJoined(FlowError error, string reason)
    {
        if (_enrolling is not var (client, command)) return;
        _enrolling = null;
        client.Tell(new IpcpProtocol.Answer(command.Id, error, reason), Self);
    }

    private bool IsMember(IpcpProtocol.Command message)
    {
        if (_member is not null) return true;
        Answer(message, FlowError.WrongIpcpState, $"IPCP {Ipcp.Name} is in no layer yet; bootstrap or enrol it first");
        return false;
    }

    private void Ask(IpcpProtocol.Command command, object question)
    {
        // As long as it takes to allocate a flow and establish a connection: the IRMd has its own limit.
        var patience = new ConnectionSettings() is var s ? s.AllocationTimeout + s.ReceiveTimeout + DirectoryPatience : default;
        Part(ConnectionsPart).Ask<ConnectionProtocol.Answer>(question, patience).PipeTo(
            Sender, Self,
            success: answer => new IpcpProtocol.Answer(command.Id, answer.Error, answer.Reason),
            failure: _ => new IpcpProtocol.Answer(command.Id, FlowError.TimedOut, "the connection manager did not answer in time"));
    }

    private void AskDirectory(IpcpProtocol.Command command, object question) =>
        Part(DirectoryPart).Ask<DirectoryProtocol.Answer>(question, DirectoryPatience).PipeTo(
            Sender, Self,
            success: answer => new IpcpProtocol.Answer(command.Id, answer.Error),
            failure: _ => new IpcpProtocol.Answer(command.Id, FlowError.TimedOut, "the directory did not answer in time"));
}
