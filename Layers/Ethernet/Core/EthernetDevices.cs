using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet.Sockets;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Ethernet;

/// <summary>The devices of profile <c>core</c>: packet sockets of Linux.</summary>
internal static class EthernetDevices
{
    /// <summary>As <see cref="EthernetDeviceOpener"/>.</summary>
    public static ILinkDevice Open(EthernetConfig config, IpcpContext context, bool isFirst) => config.UsePcap
        ? throw new FlowException(FlowError.NotSupported, "libpcap is in builds of profile full only; remove `device = pcap`, or build with -p:PackageProfile=full")
        : !OperatingSystem.IsLinux()
            ? throw new FlowException(FlowError.NotSupported, "Ethernet layers of this build need Linux; build with -p:PackageProfile=full to use libpcap or Npcap")
            : AfPacketDevice.Open(PacketSocketOptions.Of(config, isFirst), context.Pool, context.Time);
}
