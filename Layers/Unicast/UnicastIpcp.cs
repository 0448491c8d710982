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
/// record back, and it is the member that it was, with its address, but without connections and flows until they are made again.
/// </summary>
public sealed partial class UnicastIpcp : MemberIpcp<UnicastConfig>
{
    private static readonly TimeSpan DirectoryPatience = TimeSpan.FromSeconds(10);

    private UnicastMember? _member;

    /// <summary>Made by <see cref="UnicastKind"/>.</summary>
    internal UnicastIpcp(IpcpContext context)
        : base(context, UnicastEnrolment.Instance)
    {
    }

    private protected override string Remark => $" with address {UnicastAddress.Format(_member!.Address)}";

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
        Part(FlowAllocatorPart).Forward(message);
    }

    /// <inheritdoc/>
    protected override void OnRespondFlow(IpcpProtocol.RespondFlow message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (State == IpcpState.Operational) Part(FlowAllocatorPart).Forward(message);
        else message.Flow.Tell(new IpcpProtocol.FlowResponded(message.FlowId, FlowError.WrongIpcpState), Self);
    }

    /// <inheritdoc/>
    protected override void OnDeallocateFlow(IpcpProtocol.DeallocateFlow message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (State == IpcpState.Operational) Part(FlowAllocatorPart).Forward(message);
        else Sender.Tell(new IpcpProtocol.FlowDeallocated(message.FlowId), Self);
    }

    private void AskDirectory(IpcpProtocol.Command command, object question) =>
        Part(DirectoryPart).Ask<DirectoryProtocol.Answer>(question, DirectoryPatience).PipeTo(
            Sender, Self,
            success: answer => new IpcpProtocol.Answer(command.Id, answer.Error),
            failure: _ => new IpcpProtocol.Answer(command.Id, FlowError.TimedOut, "the directory did not answer in time"));
}
