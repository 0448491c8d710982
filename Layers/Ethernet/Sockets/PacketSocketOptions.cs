namespace Ouroboros.Layers.Ethernet.Sockets;

/// <summary>From the configuration of a layer to that of its packet socket.</summary>
internal static class PacketSocketOptions
{
    /// <summary>The options.</summary>
    public static AfPacketOptions Of(EthernetConfig config, bool isFirst) => new(config.Device, config.Namespace, config.EtherType)
    {
        QdiscBypass = config.QdiscBypass,
        MayBeMissing = !isFirst,
    };
}
