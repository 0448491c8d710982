namespace Ouroboros.Layers.Ethernet.Sockets;

/// <summary>How a packet socket is opened.</summary>
/// <param name="Interface">Name of the network interface.</param>
/// <param name="Namespace">Network namespace that it is in, as <c>ip netns</c> lists it; null: that of the process.</param>
/// <param name="EtherType">Ethertype of the layer; null: LLC frames.</param>
public sealed record AfPacketOptions(string Interface, string? Namespace, ushort? EtherType)
{
    /// <summary>Frames that one call receives.</summary>
    public int ReceiveBatch { get; init; } = 64;

    /// <summary>Packets that wait to be sent before writers wait.</summary>
    public int SendQueue { get; init; } = 512;

    /// <summary>Bytes that the kernel holds for us.</summary>
    public int ReceiveBuffer { get; init; } = 8 << 20;

    /// <summary>Whether frames skip the queueing discipline of the interface (PACKET_QDISC_BYPASS).</summary>
    public bool QdiscBypass { get; init; }

    /// <summary>MTU of loopback interfaces (reference: IPCP_ETH_LO_MTU).</summary>
    public int LoopbackMtu { get; init; } = 9000;

    /// <summary>Whether the interface may be missing when the device is opened; it is waited for then.</summary>
    public bool MayBeMissing { get; init; }
}
