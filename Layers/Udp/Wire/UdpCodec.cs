using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;
using Ouroboros.Layers.Udp.Sockets;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Udp.Wire;

/// <summary>
/// What UDP adds to the shim core (shims-udp-local.md 4). Frames are [sockaddr | EID | payload]; EID 0 is
/// management. One instance for each family of addresses.
/// </summary>
public sealed class UdpCodec : IShimCodec
{
    /// <summary>udp4.</summary>
    public static readonly UdpCodec Ipv4 = new(LinkKind.Udp4, 8976);

    /// <summary>udp6.</summary>
    public static readonly UdpCodec Ipv6 = new(LinkKind.Udp6, 8948);

    private readonly LinkKind _kind;
    private readonly int _addressLength;
    private readonly int _maxPayload;

    private UdpCodec(LinkKind kind, int maxPayload)
    {
        _kind = kind;
        _addressLength = SocketAddresses.LengthOf(kind);
        _maxPayload = maxPayload;
    }

    /// <inheritdoc/>
    public uint FirstEid => 1;

    /// <inheritdoc/>
    public uint LastEid => UdpHeader.MaxEid;

    /// <inheritdoc/>
    public uint FirstPeerEid => 1;

    /// <inheritdoc/>
    public uint LastPeerEid => UdpHeader.MaxEid;

    /// <inheritdoc/>
    public int MaxFlows => ushort.MaxValue;

    /// <summary>Reference: IPCP_UDP_MPL, 5000 ms.</summary>
    public TimeSpan Mpl => TimeSpan.FromMilliseconds(5000);

    /// <summary>Names are found by DNS.</summary>
    public bool HasNameQueries => false;

    /// <inheritdoc/>
    public bool ReplyMayComeFromElsewhere => false;

    /// <inheritdoc/>
    public int HeaderLength => _addressLength + UdpHeader.Length;

    /// <summary>8976 or 8948 bytes, what the reference receives whole (U10), or less where datagrams are smaller.</summary>
    public int MaxPayload(int mtu) => Math.Clamp(mtu - UdpHeader.Length, 0, _maxPayload);

    /// <inheritdoc/>
    public int MaxMessage(int mtu) => Math.Min(UdpMessage.MaxLength, mtu - UdpHeader.Length);

    /// <inheritdoc/>
    public LinkAddress SourceOf(ReadOnlySpan<byte> frame) => SocketAddresses.TryRead(frame, _kind, out var source) ? source : default;

    /// <inheritdoc/>
    public bool TryOpen(Packet frame, out ShimHeader header)
    {
        header = default;
        var span = frame.Span;
        if (!SocketAddresses.TryRead(span, _kind, out var source) || !UdpHeader.TryParse(span[_addressLength..], out var eid))
        {
            header.Drop = ShimDrop.FrameTooShort;
            return false;
        }
        header.Source = source;
        header.Eid = eid;
        header.IsManagement = eid == UdpHeader.Management;
        frame.PopHeader(_addressLength + UdpHeader.Length);
        return true;
    }

    /// <inheritdoc/>
    public bool TrySeal(Packet packet, ShimRoute route)
    {
        if (!packet.TryPushHeader(_addressLength + UdpHeader.Length, out var header)) return false;
        SocketAddresses.Write(header, route.Peer);
        UdpHeader.Write(header[_addressLength..], route.PeerEid);
        return true;
    }

    /// <inheritdoc/>
    public bool TrySealManagement(Packet packet, LinkAddress own, LinkAddress destination)
    {
        if (!packet.TryPushHeader(_addressLength + UdpHeader.Length, out var header)) return false;
        SocketAddresses.Write(header, destination);
        UdpHeader.Write(header[_addressLength..], UdpHeader.Management);
        return true;
    }

    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> bytes, out ShimMessage message, out ShimDrop drop)
    {
        message = default;
        drop = ShimDrop.MessageTooShort;
        if (!UdpMessage.TryParse(bytes, out var parsed)) return false;
        message.Requester = parsed.SourceEid;
        message.Responder = parsed.DestinationEid;
        var tail = bytes[UdpMessage.Length..];
        drop = ShimDrop.BadField;
        switch (parsed.Code)
        {
            case UdpCode.FlowRequest:
                if (parsed.SourceEid == UdpHeader.Management) return false;
                message.Kind = ShimMessageKind.FlowRequest;
                message.Offer = OfferIn((uint)parsed.Response);
                message.Qos = parsed.Qos;
                message.Hash = tail[..UdpMessage.HashLength];
                message.Data = tail[UdpMessage.HashLength..];
                break;
            case UdpCode.FlowReply:
                if (parsed.Response > 0) return false;
                message.Kind = ShimMessageKind.FlowReply;
                message.Response = parsed.Response;
                message.Offer = OfferIn(parsed.Qos.Loss);
                if (parsed.Response == 0) message.Data = tail;
                break;
            case UdpCode.Dealloc:
                message.Kind = ShimMessageKind.Dealloc;
                break;
            default:
                drop = ShimDrop.UnknownCode;
                return false;
        }
        drop = ShimDrop.None;
        return true;
    }

    /// <inheritdoc/>
    public int LengthOf(in ShimMessage message) => UdpMessage.Length + message.Hash.Length + message.Data.Length;

    /// <inheritdoc/>
    public void Write(in ShimMessage message, Span<byte> into)
    {
        var (code, response, qos) = message.Kind switch
        {
            ShimMessageKind.FlowRequest => (UdpCode.FlowRequest, (int)message.Offer, message.Qos),
            ShimMessageKind.FlowReply => (UdpCode.FlowReply, message.Response, default(QosSpec) with { Loss = message.Offer }),
            ShimMessageKind.Dealloc => (UdpCode.Dealloc, 0, default),
            _ => throw new ArgumentException($"UDP layers have no message {message.Kind}", nameof(message)),
        };
        new UdpMessage(code, message.Requester, message.Responder, response, qos).Write(into);
        message.Hash.CopyTo(into[UdpMessage.Length..]);
        message.Data.CopyTo(into[(UdpMessage.Length + message.Hash.Length)..]);
    }

    private static uint OfferIn(uint field) => ShimOffer.IsOffer(field) ? field : ShimOffer.None;
}
