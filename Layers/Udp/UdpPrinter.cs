using System.Globalization;
using System.Net.Sockets;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Udp.Sockets;
using Ouroboros.Layers.Udp.Wire;

namespace Ouroboros.Layers.Udp;

/// <summary>Says in words what is in a datagram of a UDP layer, for traces.</summary>
internal static class UdpPrinter
{
    /// <summary>Describes [sockaddr | datagram], whatever it is.</summary>
    public static string Describe(ReadOnlySpan<byte> frame, AddressFamily family)
    {
        var kind = family == AddressFamily.InterNetwork ? LinkKind.Udp4 : LinkKind.Udp6;
        if (!SocketAddresses.TryRead(frame, kind, out var peer)) return $"{frame.Length} bytes without an address";
        var datagram = frame[SocketAddresses.LengthOf(kind)..];
        if (!UdpHeader.TryParse(datagram, out var eid)) return $"{peer} {datagram.Length} bytes, too short";
        var payload = datagram[UdpHeader.Length..];
        if (eid != UdpHeader.Management) return string.Create(CultureInfo.InvariantCulture, $"{peer} data to {eid:x8}, {payload.Length} bytes");
        if (!UdpMessage.TryParse(payload, out var m)) return $"{peer} management, {payload.Length} bytes, too short";
        return m.Code switch
        {
            UdpCode.FlowRequest => string.Create(
                CultureInfo.InvariantCulture, $"{peer} flow request from {m.SourceEid:x8} to {Convert.ToHexStringLower(payload.Slice(UdpMessage.Length, UdpMessage.HashLength))}, {m.Qos}"),
            UdpCode.FlowReply => string.Create(CultureInfo.InvariantCulture, $"{peer} flow reply to {m.SourceEid:x8} from {m.DestinationEid:x8}, response {m.Response}"),
            UdpCode.Dealloc => string.Create(CultureInfo.InvariantCulture, $"{peer} dealloc of {m.DestinationEid:x8} by {m.SourceEid:x8}"),
            _ => $"{peer} management with unknown code {(byte)m.Code}",
        };
    }
}
