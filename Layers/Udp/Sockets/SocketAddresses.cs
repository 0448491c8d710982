using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>
/// The system's form of an address, which stands in front of each datagram of a device: <c>sockaddr_in</c> [family 2, host order | port 2 | address 4 |
/// zero 8], <c>sockaddr_in6</c> [family 2, host order | port 2 | flow 4 | address 16 | scope 4, host order].
/// </summary>
public static class SocketAddresses
{
    /// <summary>Bytes of <c>sockaddr_in</c>.</summary>
    public const int Ipv4Length = 16;

    /// <summary>Bytes of <c>sockaddr_in6</c>.</summary>
    public const int Ipv6Length = 28;

    private const ushort Inet = 2;
    private const ushort Inet6 = 10;

    /// <summary>Bytes that stand in front of a datagram of a device of this kind; 0 for one that carries no datagrams.</summary>
    public static int LengthOf(LinkKind kind) => kind switch
    {
        LinkKind.Udp4 => Ipv4Length,
        LinkKind.Udp6 => Ipv6Length,
        _ => 0,
    };

    /// <summary>Reads one. Flow labels do not count.</summary>
    /// <returns>false when it is too short, or of another family than the device's.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> sockaddr, LinkKind kind, out LinkAddress address)
    {
        address = default;
        if (sockaddr.Length < LengthOf(kind)) return false;
        var family = BinaryPrimitives.ReadUInt16LittleEndian(sockaddr);
        var port = BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]);
        if (kind == LinkKind.Udp4 && family == Inet)
        {
            address = LinkAddress.FromIpv4(sockaddr[4..], port);
            return true;
        }
        if (kind != LinkKind.Udp6 || family != Inet6) return false;
        address = LinkAddress.FromIpv6(sockaddr[8..], port, BinaryPrimitives.ReadUInt32LittleEndian(sockaddr[24..]));
        return true;
    }

    /// <summary>Writes one; the destination has as many bytes as its family needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> sockaddr, LinkAddress address)
    {
        BinaryPrimitives.WriteUInt16BigEndian(sockaddr[2..], address.Port);
        if (address.Kind == LinkAddressKind.Ipv4)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(sockaddr, Inet);
            address.WriteTo(sockaddr[4..]);
            BinaryPrimitives.WriteUInt64LittleEndian(sockaddr[8..], 0);
            return;
        }
        BinaryPrimitives.WriteUInt16LittleEndian(sockaddr, Inet6);
        BinaryPrimitives.WriteUInt32LittleEndian(sockaddr[4..], 0);
        address.WriteTo(sockaddr[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(sockaddr[24..], address.Scope);
    }
}
