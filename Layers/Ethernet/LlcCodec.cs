using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet.Wire;
using Ouroboros.Layers.Shim;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Ethernet;

/// <summary>The frames of <c>eth-llc</c>: one layer a wire, endpoint ids are SAPs.</summary>
/// <param name="hashLength">Bytes of a directory hash.</param>
public sealed class LlcCodec(int hashLength) : IShimCodec
{
    // From 64 on SAPs are beyond the reference's table (D8).
    private const uint LastOwnSap = 63;

    // Larger than this is a type, not a length.
    private const int LargestLength = 1500;

    /// <inheritdoc/>
    public uint FirstEid => LlcHeader.ManagementSap + 1;

    /// <inheritdoc/>
    public uint LastEid => LastOwnSap;

    /// <inheritdoc/>
    public uint FirstPeerEid => LlcHeader.ManagementSap + 1;

    /// <inheritdoc/>
    public uint LastPeerEid => LlcMessage.LastSap;

    /// <inheritdoc/>
    public int MaxFlows => (int)(LastEid - FirstEid + 1);

    /// <inheritdoc/>
    public TimeSpan Mpl => DixCodec.EthernetMpl;

    /// <inheritdoc/>
    public bool HasNameQueries => true;

    /// <inheritdoc/>
    public bool ReplyMayComeFromElsewhere => true;

    /// <inheritdoc/>
    public int HeaderLength => EthernetHeader.Length + LlcHeader.Length;

    /// <inheritdoc/>
    public int MaxPayload(int mtu) => Math.Min(mtu, LargestLength) - LlcHeader.Length;

    /// <inheritdoc/>
    public int MaxMessage(int mtu) => MaxPayload(mtu);

    /// <inheritdoc/>
    public LinkAddress SourceOf(ReadOnlySpan<byte> frame) => EthernetHeader.Source(frame);

    /// <inheritdoc/>
    public bool TryOpen(Packet frame, out ShimHeader header)
    {
        header = default;
        var bytes = frame.Span;
        header.Drop = ShimDrop.FrameTooShort;
        if (bytes.Length < HeaderLength) return false;
        int length = EthernetHeader.TypeOrLength(bytes);
        header.Drop = ShimDrop.OtherProtocol;
        if (length >= EthernetHeader.FirstType) return false;
        header.Drop = ShimDrop.LengthBeyondFrame;
        if (length < LlcHeader.Length || length > bytes.Length - EthernetHeader.Length) return false;
        header.Drop = ShimDrop.None;
        var llc = bytes[EthernetHeader.Length..];
        header.Source = SourceOf(bytes);
        header.Eid = LlcHeader.DestinationSap(llc);
        header.SourceEid = LlcHeader.SourceSap(llc);
        header.IsManagement = header.Eid == LlcHeader.ManagementSap;
        if (header.SourceEid < LlcHeader.ManagementSap || header.IsManagement != (header.SourceEid == LlcHeader.ManagementSap))
        {
            // Some other protocol of LLC.
            header.Drop = ShimDrop.OtherProtocol;
            return false;
        }
        frame.Truncate(EthernetHeader.Length + length);
        frame.PopHeader(HeaderLength);
        return true;
    }

    /// <inheritdoc/>
    public bool TrySeal(Packet packet, ShimRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return TryPush(packet, route.Peer, route.Own, (byte)route.PeerEid, (byte)route.OwnEid);
    }

    /// <inheritdoc/>
    public bool TrySealManagement(Packet packet, LinkAddress own, LinkAddress destination) =>
        TryPush(packet, destination, own, LlcHeader.ManagementSap, LlcHeader.ManagementSap);

    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> bytes, out ShimMessage message, out ShimDrop drop) => LlcMessage.TryParse(bytes, hashLength, out message, out drop);

    /// <inheritdoc/>
    public int LengthOf(in ShimMessage message) => LlcMessage.LengthOf(message);

    /// <inheritdoc/>
    public void Write(in ShimMessage message, Span<byte> into) => LlcMessage.Write(message, into);

    private bool TryPush(Packet packet, LinkAddress destination, LinkAddress source, byte destinationSap, byte sourceSap)
    {
        var length = LlcHeader.Length + packet.Length;
        if (length >= EthernetHeader.FirstType || !packet.TryPushHeader(HeaderLength, out var header)) return false;
        EthernetHeader.Write(header, destination, source, (ushort)length);
        LlcHeader.Write(header[EthernetHeader.Length..], destinationSap, sourceSap);
        return true;
    }
}
