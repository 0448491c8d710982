using Akka.Event;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet.Wire;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Shim;

namespace Ouroboros.Layers.Ethernet;

/// <summary>The actor of an Ethernet layer, DIX or LLC: the shim actor over an Ethernet device.</summary>
public sealed class EthernetIpcp : ShimIpcp
{
    private readonly IpcpType _type;
    private readonly EthernetDeviceOpener _open;

    /// <summary>Made by its kinds.</summary>
    internal EthernetIpcp(IpcpContext context, IpcpType type, EthernetDeviceOpener open)
        : base(context)
    {
        _type = type;
        _open = open;
    }

    /// <inheritdoc/>
    protected override ShimSetup SetUp(IpcpConfig config)
    {
        if (config is not EthernetConfig ethernet || ethernet.Type != _type)
        {
            throw new FlowException(FlowError.InvalidArgument, $"IPCP {Ipcp.Name} is of type {_type} and cannot be bootstrapped as {config?.Type}");
        }
        var hashLength = NameHash.LengthOf(ethernet.Layer.Hash);
        IShimCodec codec = ethernet.EtherType is { } type ? new DixCodec(type, hashLength) : new LlcCodec(hashLength);
        var log = Log;
        return new ShimSetup(ethernet.Layer, codec, ethernet.Settings, ethernet.MaxFlows, isFirst => ethernet.Decorators.Decorate(
            _open(ethernet, Ipcp, isFirst), Ipcp.Time, frame => FramePrinter.Describe(frame, hashLength), line => log.Info("{0}", line)));
    }
}
