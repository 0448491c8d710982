using Ouroboros.Layers.Shim;

namespace Ouroboros.Layers.Ethernet.Wire;

/// <summary>Says in words what is in a frame, for traces; takes any bytes.</summary>
public static class FramePrinter
{
    /// <summary>Describes a frame.</summary>
    /// <param name="frame">From the destination address on.</param>
    /// <param name="hashLength">Bytes of a directory hash in the layer.</param>
    public static string Describe(ReadOnlySpan<byte> frame, int hashLength)
    {
        if (frame.Length < EthernetHeader.Length + DixHeader.Length) return $"runt of {frame.Length} bytes";
        var type = EthernetHeader.TypeOrLength(frame);
        var rest = frame[EthernetHeader.Length..];
        var ends = $"{EthernetHeader.Source(frame)} > {EthernetHeader.Destination(frame)}";
        if (type >= EthernetHeader.FirstType)
        {
            var eid = DixHeader.Eid(rest);
            int length = DixHeader.PayloadLength(rest);
            var payload = rest[DixHeader.Length..];
            if (length > payload.Length) return $"{ends} 0x{type:X4} EID {eid}, length {length} beyond the frame";
            payload = payload[..length];
            if (eid != DixHeader.ManagementEid) return $"{ends} 0x{type:X4} EID {eid}, {length} bytes";
            return $"{ends} 0x{type:X4} {(DixMessage.TryParse(payload, hashLength, out var dix, out var why) ? Describe(dix) : $"no message: {why}")}";
        }
        if (type < LlcHeader.Length || type > rest.Length) return $"{ends} 802.3 length {type} beyond the frame";
        var (to, from) = (LlcHeader.DestinationSap(rest), LlcHeader.SourceSap(rest));
        var body = rest[LlcHeader.Length..type];
        if (to != LlcHeader.ManagementSap) return $"{ends} SAP {from} > {to}, {body.Length} bytes";
        return $"{ends} LLC {(LlcMessage.TryParse(body, hashLength, out var llc, out var reason) ? Describe(llc) : $"no message: {reason}")}";
    }

    private static string Describe(in ShimMessage message)
    {
        var offer = ShimOffer.IsOffer(message.Offer) && message.Kind is not ShimMessageKind.Dealloc ? ", offer" : "";
        return message.Kind switch
        {
            ShimMessageKind.FlowRequest => $"FLOW_REQ from {message.Requester} for {Short(message.Hash)}, {message.Qos}, {message.Data.Length} bytes of OAP{offer}",
            ShimMessageKind.FlowReply => $"FLOW_REPLY to {message.Requester} from {message.Responder}, response {message.Response}, {message.Data.Length} bytes of OAP{offer}",
            ShimMessageKind.NameQuery => $"NAME_QUERY_REQ for {Short(message.Hash)}{offer}",
            ShimMessageKind.NameReply => $"NAME_QUERY_REPLY for {Short(message.Hash)}{offer}",
            _ => $"DEALLOC from {message.Requester} to {message.Responder}",
        };
    }

    private static string Short(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash[..Math.Min(4, hash.Length)]) + "..";
}
