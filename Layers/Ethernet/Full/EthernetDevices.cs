using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet.Sockets;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Ethernet;

/// <summary>The devices of profile <c>full</c>: packet sockets of Linux, libpcap or Npcap elsewhere and where it is asked for.</summary>
internal static class EthernetDevices
{
    /// <summary>As <see cref="EthernetDeviceOpener"/>.</summary>
    public static ILinkDevice Open(EthernetConfig config, IpcpContext context, bool isFirst) => config.UsePcap || !OperatingSystem.IsLinux()
        ? SharpPcapDevice.Open(config, context.Pool, context.Time)
        : AfPacketDevice.Open(PacketSocketOptions.Of(config, isFirst), context.Pool, context.Time);
}
