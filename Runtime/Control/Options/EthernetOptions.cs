using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Runtime.Control;

/// <summary>A shim layer over Ethernet, with LLC or DIX frames.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Device">Network interface.</param>
/// <param name="Llc">LLC instead of DIX frames.</param>
public sealed record EthernetOptions(string Layer, string Device, bool Llc = false) : LayerOptions(Layer)
{
    /// <summary>Ethertype of DIX frames unless given (reference: 0xA000).</summary>
    public const ushort DefaultEtherType = 0xA000;

    /// <summary>Ethertype, 0x0600 to 0xFFFE; DIX only.</summary>
    public ushort EtherType { get; init; } = DefaultEtherType;

    /// <inheritdoc/>
    public override IpcpType Type => Llc ? IpcpType.EthLlc : IpcpType.EthDix;
}
