using Akka.Actor;
using Ouroboros.Hocon;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Ethernet;

/// <summary>The two Ethernet kinds of IPCP; they differ in their frames only.</summary>
public sealed class EthernetKind : IIpcpKind
{
    private readonly EthernetDeviceOpener _open;

    /// <summary>A kind whose devices are opened by <paramref name="open"/>; null: those of the system.</summary>
    internal EthernetKind(IpcpType type, EthernetDeviceOpener? open = null)
    {
        Type = type;
        _open = open ?? EthernetDevices.Open;
    }

    /// <summary><c>eth-dix</c>.</summary>
    public static EthernetKind Dix { get; } = new(IpcpType.EthDix);

    /// <summary><c>eth-llc</c>.</summary>
    public static EthernetKind Llc { get; } = new(IpcpType.EthLlc);

    /// <inheritdoc/>
    public IpcpType Type { get; }

    /// <inheritdoc/>
    public string Name => Type == IpcpType.EthDix ? "eth-dix" : "eth-llc";

    /// <inheritdoc/>
    public Props CreateProps(IpcpContext context) => ActorFactory.Props(() => new EthernetIpcp(context, Type, _open));

    /// <inheritdoc/>
    public IpcpConfig ReadConfig(string layer, HoconReader options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return EthernetOptionsReader.Read(layer, options, Type == IpcpType.EthDix);
    }
}
