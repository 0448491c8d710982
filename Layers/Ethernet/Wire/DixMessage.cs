using System.Buffers.Binary;
using Ouroboros.Layers.Shim;

namespace Ouroboros.Layers.Ethernet.Wire;

/// <summary>
/// Management message of DIX frames: <c>[seid 2 | deid 2 | QoS 28 | response 4 | in_order 1 | code 1 | availability 1 | tail]</c>
/// (shims-ethernet.md 3.1). seid is that of the sender, deid that of the receiver.
/// </summary>
public static class DixMessage
{
    /// <summary>Bytes without the tail.</summary>
    public const int FixedLength = 39;

    private const int SenderOffset = 0;
    private const int ReceiverOffset = 2;
    private const int CodeOffset = 37;
    private const int AvailabilityOffset = 38;

    /// <summary>Parses a message.</summary>
    /// <param name="bytes">The payload of a management frame.</param>
    /// <param name="hashLength">Bytes of a directory hash in this layer.</param>
    /// <param name="message">The message.</param>
    /// <param name="drop">Why it is none.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, int hashLength, out ShimMessage message, out ShimDrop drop)
    {
        message = default;
        drop = ShimDrop.MessageTooShort;
        if (bytes.Length < FixedLength) return false;
        drop = ShimDrop.UnknownCode;
        if (!EthernetMessage.TryKindOf(bytes[CodeOffset], out var kind)) return false;
        message.Kind = kind;
        var sender = BinaryPrimitives.ReadUInt16BigEndian(bytes[SenderOffset..]);
        var receiver = BinaryPrimitives.ReadUInt16BigEndian(bytes[ReceiverOffset..]);
        (message.Requester, message.Responder) = kind is ShimMessageKind.FlowReply ? (receiver, sender) : (sender, receiver);
        if (!EthernetMessage.TryRead(bytes, FixedLength, hashLength, bytes[AvailabilityOffset], ref message, out drop)) return false;
        // Nobody could be answered, or told, at these.
        if (kind is not (ShimMessageKind.FlowRequest or ShimMessageKind.Dealloc) || sender is not (0 or DixHeader.UnknownEid)) return true;
        drop = ShimDrop.BadField;
        return false;
    }

    /// <summary>Bytes that <see cref="Write"/> writes.</summary>
    public static int LengthOf(in ShimMessage message) => EthernetMessage.LengthOf(message, FixedLength);

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="into"><see cref="LengthOf"/> bytes.</param>
    public static void Write(in ShimMessage message, Span<byte> into)
    {
        into[..FixedLength].Clear();
        var (sender, receiver) = message.Kind is ShimMessageKind.FlowReply ? (message.Responder, message.Requester) : (message.Requester, message.Responder);
        BinaryPrimitives.WriteUInt16BigEndian(into[SenderOffset..], (ushort)sender);
        BinaryPrimitives.WriteUInt16BigEndian(into[ReceiverOffset..], (ushort)receiver);
        into[CodeOffset] = EthernetMessage.CodeOf(message.Kind);
        if (message.Kind is ShimMessageKind.FlowRequest) into[AvailabilityOffset] = message.Qos.Availability;
        EthernetMessage.Write(message, FixedLength, into);
    }
}
