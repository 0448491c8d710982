using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Local;

/// <summary>
/// A layer between the applications of one runtime. It only introduces flows to each other; their packets go from endpoint to endpoint
/// and never through this actor.
/// </summary>
public sealed class LocalIpcp : IpcpActor
{
    /// <summary>Maximum packet lifetime in a local layer (reference: 100 ms).</summary>
    public static readonly TimeSpan Mpl = TimeSpan.FromMilliseconds(100);

    private readonly LocalLayer _layer = new();

    /// <summary>Made by <see cref="LocalKind"/>.</summary>
    internal LocalIpcp(IpcpContext context)
        : base(context)
    {
    }

    /// <inheritdoc/>
    protected override LayerInfo OnBootstrap(IpcpConfig config) => config is LocalConfig local
        ? local.Layer
        : throw new FlowException(FlowError.InvalidArgument, $"IPCP {Ipcp.Name} is a local one and cannot be bootstrapped as {config?.Type}");

    /// <inheritdoc/>
    protected override FlowError OnRegister(NameHash hash)
    {
        _layer.Register(hash);
        return FlowError.None;
    }

    /// <inheritdoc/>
    protected override FlowError OnUnregister(NameHash hash) => _layer.Unregister(hash) ? FlowError.None : FlowError.NameUnknown;

    /// <inheritdoc/>
    protected override void OnQuery(IpcpProtocol.Query message) =>
        Sender.Tell(new IpcpProtocol.QueryAnswer(Ipcp.Id, _layer.Knows(message.Hash)), Self);

    /// <inheritdoc/>
    protected override void OnAllocateFlow(IpcpProtocol.AllocateFlow message)
    {
        if (!_layer.Knows(message.Hash))
        {
            Reply(Sender, message.FlowId, FlowError.NameUnknown, default);
            return;
        }
        var request = _layer.Open(message.FlowId, message.Endpoint, Sender);
        Ipcp.Irmd.Tell(new IpcpProtocol.FlowRequestArrived(Ipcp.Id, request, message.Hash, message.Qos, Mpl, message.Data) { IsLocal = true }, Self);
    }

    /// <inheritdoc/>
    protected override void OnRespondFlow(IpcpProtocol.RespondFlow message)
    {
        var pending = _layer.Take(message.Request);
        if (message.Response != FlowError.None || message.Endpoint is null)
        {
            if (pending is not null) Reply(pending.Flow, pending.FlowId, message.Response, default);
            return;
        }
        if (pending is null || pending.Endpoint.IsClosed)
        {
            // The client has given up meanwhile; the acceptor is to know instead of holding a flow to nobody.
            message.Flow.Tell(new IpcpProtocol.FlowResponded(message.FlowId, FlowError.FlowDown), Self);
            return;
        }
        _layer.Join(pending.FlowId, pending.Endpoint, message.FlowId, message.Endpoint);
        message.Flow.Tell(new IpcpProtocol.FlowResponded(message.FlowId, FlowError.None), Self);
        Reply(pending.Flow, pending.FlowId, FlowError.None, message.Data);
    }

    /// <inheritdoc/>
    protected override void OnDeallocateFlow(IpcpProtocol.DeallocateFlow message)
    {
        _layer.Release(message.FlowId);
        if (!Sender.Equals(Context.System.DeadLetters)) Sender.Tell(new IpcpProtocol.FlowDeallocated(message.FlowId), Self);
    }

    private void Reply(IActorRef flow, int flowId, FlowError response, ReadOnlyMemory<byte> data) =>
        flow.Tell(new IpcpProtocol.FlowReply(flowId, response, Mpl, data), Self);
}
