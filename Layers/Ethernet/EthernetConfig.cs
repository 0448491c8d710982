using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Shim;

namespace Ouroboros.Layers.Ethernet;

/// <summary>An Ethernet layer.</summary>
/// <param name="Layer">The layer to make; the name is local, the wire and the ethertype are what members share.</param>
/// <param name="Device">Name of the network interface.</param>
/// <param name="EtherType">Ethertype of DIX frames, 0x0600 to 0xFFFE; null: LLC frames.</param>
public sealed record EthernetConfig(LayerInfo Layer, string Device, ushort? EtherType) : IpcpConfig(Layer)
{
    /// <summary>Ethertype of a layer unless given (reference: 0xA000).</summary>
    public const ushort DefaultEtherType = 0xA000;

    /// <inheritdoc/>
    public override IpcpType Type => EtherType is null ? IpcpType.EthLlc : IpcpType.EthDix;

    /// <summary>Network namespace of the interface, as <c>ip netns</c> lists it; null: that of the process.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether frames skip the queueing discipline of the interface.</summary>
    public bool QdiscBypass { get; init; }

    /// <summary>Whether the interface is used through libpcap (profile <c>full</c>) instead of a packet socket.</summary>
    public bool UsePcap { get; init; }

    /// <summary>Flows at once; null: as many as there are endpoint ids.</summary>
    public int? MaxFlows { get; init; }

    /// <summary>Times and limits.</summary>
    public ShimSettings Settings { get; init; } = new();

    /// <summary>Decorators of the device.</summary>
    public DeviceOptions Decorators { get; init; } = DeviceOptions.None;
}
