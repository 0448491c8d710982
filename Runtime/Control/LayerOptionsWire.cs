using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Ouroboros.Runtime.Control.Wire;

namespace Ouroboros.Runtime.Control;

/// <summary>Layer options as the record carries them.</summary>
internal static class LayerOptionsWire
{
    private const int Ipv6Length = 16;

    /// <summary>The message, byte for byte as the reference's tool fills it in.</summary>
    public static IpcpConfigMsg ToWire(LayerOptions options)
    {
        var message = new IpcpConfigMsg
        {
            LayerInfo = new LayerInfoMsg { Name = options.Layer, DirHashAlgo = (uint)options.Hash },
            IpcpType = (uint)options.Type,
        };
        switch (options)
        {
            case UnicastOptions unicast:
                message.Unicast = ToWire(unicast);
                break;
            case EthernetOptions ethernet:
                message.Eth = new EthConfigMsg { Dev = ethernet.Device, Ethertype = ethernet.EtherType };
                break;
            case UdpOptions { Address.AddressFamily: AddressFamily.InterNetworkV6 } udp:
                message.Udp6 = new Udp6ConfigMsg { IpAddr = Bytes(udp.Address), Port = udp.Port, DnsAddr = Bytes(udp.Dns) };
                break;
            case UdpOptions udp:
                message.Udp4 = new Udp4ConfigMsg { IpAddr = Number(udp.Address), Port = udp.Port, DnsAddr = Number(udp.Dns) };
                break;
        }
        return message;
    }

    /// <summary>Text form of an address field; null = none.</summary>
    public static string? Address(uint number)
    {
        if (number == 0) return null;
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return new IPAddress(bytes).ToString();
    }

    /// <summary>Text form of an address field; null = none.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/> unless it has 16 bytes.</exception>
    public static string? Address(ByteString bytes)
    {
        if (bytes.Length == 0 || bytes.Span.IndexOfAnyExcept((byte)0) < 0) return null;
        if (bytes.Length != Ipv6Length) throw new FlowException(FlowError.InvalidArgument, $"an IPv6 address has {Ipv6Length} bytes, this one {bytes.Length}");
        return new IPAddress(bytes.Span).ToString();
    }

    private static UnicastConfigMsg ToWire(UnicastOptions options) => new()
    {
        Dt = new DtConfigMsg
        {
            AddrSize = options.AddressSize,
            EidSize = options.EidSize,
            MaxTtl = options.MaxTtl,
            Routing = new RoutingConfigMsg
            {
                Pol = 0,
                Ls = new LinkStateConfigMsg
                {
                    Pol = (uint)options.Routing,
                    TRecalc = options.LinkStateRecalculate,
                    TUpdate = options.LinkStateUpdate,
                    TTimeo = options.LinkStateTimeout,
                },
            },
        },
        Dir = new DirConfigMsg
        {
            Pol = 0,
            Dht = new DhtConfigMsg
            {
                Alpha = options.DhtAlpha,
                K = options.DhtK,
                TExpire = options.DhtExpire,
                TRefresh = options.DhtRefresh,
                TReplicate = options.DhtReplicate,
                Peer = 0,
            },
        },
        AddrAuthType = 0,
        CongAvoid = (uint)options.Congestion,
    };

    private static uint Number(IPAddress? address) =>
        address is null ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(address.GetAddressBytes());

    private static ByteString Bytes(IPAddress? address) =>
        ByteString.CopyFrom(address is null ? new byte[Ipv6Length] : address.GetAddressBytes());
}
