using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet.Wire;
using Ouroboros.Layers.Shim;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Ethernet;

/// <summary>The frames of <c>eth-dix</c>: one ethertype is one layer, endpoint ids have 16 bits.</summary>
/// <param name="etherType">Of the layer, 0x0600 to 0xFFFE.</param>
/// <param name="hashLength">Bytes of a directory hash.</param>
public sealed class DixCodec(ushort etherType, int hashLength) : IShimCodec
{
    /// <summary>Maximum packet lifetime (reference: IPCP_ETH_MPL 100 ms).</summary>
    public static readonly TimeSpan EthernetMpl = TimeSpan.FromMilliseconds(100);

    /// <summary>Largest management message that the reference takes (IPCP_ETH_MGMT_FRAME_SIZE).</summary>
    internal const int ManagementLimit = 9000;

    /// <inheritdoc/>
    public uint FirstEid => 1;

    /// <inheritdoc/>
    public uint LastEid => DixHeader.UnknownEid - 1;

    /// <inheritdoc/>
    public uint FirstPeerEid => 1;

    /// <inheritdoc/>
    public uint LastPeerEid => DixHeader.UnknownEid - 1;

    /// <inheritdoc/>
    public int MaxFlows => DixHeader.UnknownEid - 1;

    /// <inheritdoc/>
    public TimeSpan Mpl => EthernetMpl;

    /// <inheritdoc/>
    public bool HasNameQueries => true;

    /// <inheritdoc/>
    public bool ReplyMayComeFromElsewhere => true;

    /// <inheritdoc/>
    public int HeaderLength => EthernetHeader.Length + DixHeader.Length;

    /// <inheritdoc/>
    public int MaxPayload(int mtu) => mtu - DixHeader.Length;

    /// <inheritdoc/>
    public int MaxMessage(int mtu) => Math.Min(MaxPayload(mtu), ManagementLimit);

    /// <inheritdoc/>
    public LinkAddress SourceOf(ReadOnlySpan<byte> frame) => EthernetHeader.Source(frame);

    /// <inheritdoc/>
    public bool TryOpen(Packet frame, out ShimHeader header)
    {
        header = default;
        var bytes = frame.Span;
        header.Drop = ShimDrop.FrameTooShort;
        if (bytes.Length < HeaderLength) return false;
        header.Drop = ShimDrop.OtherProtocol;
        if (EthernetHeader.TypeOrLength(bytes) != etherType) return false;
        var dix = bytes[EthernetHeader.Length..];
        int length = DixHeader.PayloadLength(dix);
        header.Drop = ShimDrop.LengthBeyondFrame;
        if (length > bytes.Length - HeaderLength) return false;
        header.Drop = ShimDrop.None;
        header.Source = SourceOf(bytes);
        header.Eid = DixHeader.Eid(dix);
        header.IsManagement = header.Eid == DixHeader.ManagementEid;
        frame.Truncate(HeaderLength + length);
        frame.PopHeader(HeaderLength);
        return true;
    }

    /// <inheritdoc/>
    public bool TrySeal(Packet packet, ShimRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return TryPush(packet, route.Peer, route.Own, (ushort)route.PeerEid);
    }

    /// <inheritdoc/>
    public bool TrySealManagement(Packet packet, LinkAddress own, LinkAddress destination) => TryPush(packet, destination, own, DixHeader.ManagementEid);

    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> bytes, out ShimMessage message, out ShimDrop drop)
    {
        if (bytes.Length <= ManagementLimit) return DixMessage.TryParse(bytes, hashLength, out message, out drop);
        message = default;
        drop = ShimDrop.MessageTooLong;
        return false;
    }

    /// <inheritdoc/>
    public int LengthOf(in ShimMessage message) => DixMessage.LengthOf(message);

    /// <inheritdoc/>
    public void Write(in ShimMessage message, Span<byte> into) => DixMessage.Write(message, into);

    private bool TryPush(Packet packet, LinkAddress destination, LinkAddress source, ushort eid)
    {
        var length = packet.Length;
        if (length > ushort.MaxValue || !packet.TryPushHeader(EthernetHeader.Length + DixHeader.Length, out var header)) return false;
        EthernetHeader.Write(header, destination, source, etherType);
        DixHeader.Write(header[EthernetHeader.Length..], eid, (ushort)length);
        return true;
    }
}
