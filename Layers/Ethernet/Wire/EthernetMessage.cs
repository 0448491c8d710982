using System.Buffers.Binary;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;

namespace Ouroboros.Layers.Ethernet.Wire;

/// <summary>
/// What the management messages of DIX and LLC have in common: QoS and response at the same offsets, and what stands behind the fixed part
/// (shims-ethernet.md 3). Multi-byte fields are big-endian; unused fields are 0, except where our offer stands.
/// </summary>
internal static class EthernetMessage
{
    private const int LossOffset = 4;
    private const int BandwidthOffset = 8;
    private const int BerOffset = 16;
    private const int MaxGapOffset = 20;
    private const int DelayOffset = 24;
    private const int TimeoutOffset = 28;
    private const int ResponseOffset = 32;
    private const int InOrderOffset = 36;

    private const byte CodeRequest = 0;
    private const byte CodeReply = 1;
    private const byte CodeQuery = 2;
    private const byte CodeQueryReply = 3;

    /// <summary>Ours; the reference drops codes that it does not know. Far from its own, so that it can have more.</summary>
    private const byte CodeDealloc = 0x44;

    /// <summary>The number of a kind.</summary>
    public static byte CodeOf(ShimMessageKind kind) => kind switch
    {
        ShimMessageKind.FlowRequest => CodeRequest,
        ShimMessageKind.FlowReply => CodeReply,
        ShimMessageKind.NameQuery => CodeQuery,
        ShimMessageKind.NameReply => CodeQueryReply,
        _ => CodeDealloc,
    };

    /// <summary>The kind with a number.</summary>
    public static bool TryKindOf(byte code, out ShimMessageKind kind)
    {
        kind = code switch
        {
            CodeRequest => ShimMessageKind.FlowRequest,
            CodeReply => ShimMessageKind.FlowReply,
            CodeQuery => ShimMessageKind.NameQuery,
            CodeQueryReply => ShimMessageKind.NameReply,
            _ => ShimMessageKind.Dealloc,
        };
        return code is <= CodeQueryReply or CodeDealloc;
    }

    /// <summary>Reads all but ids, code and availability.</summary>
    /// <param name="bytes">The message, at least its fixed part long.</param>
    /// <param name="fixedLength">Bytes of the fixed part.</param>
    /// <param name="hashLength">Bytes of a directory hash.</param>
    /// <param name="availability">From where the variant has it.</param>
    /// <param name="message">With its kind; the rest is filled in.</param>
    /// <param name="drop">Why it is none.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int fixedLength, int hashLength, byte availability, ref ShimMessage message, out ShimDrop drop)
    {
        drop = ShimDrop.None;
        var response = BinaryPrimitives.ReadUInt32BigEndian(bytes[ResponseOffset..]);
        var tail = bytes[fixedLength..];
        if (message.Kind is ShimMessageKind.FlowReply)
        {
            message.Response = (int)response;
            message.Offer = BinaryPrimitives.ReadUInt32BigEndian(bytes[LossOffset..]);
            message.Data = tail;
            return true;
        }
        message.Offer = response;
        if (message.Kind is ShimMessageKind.Dealloc) return true;
        if (tail.Length < hashLength)
        {
            drop = ShimDrop.MessageTooShort;
            return false;
        }
        message.Hash = tail[..hashLength];
        if (message.Kind is not ShimMessageKind.FlowRequest) return true;
        message.Data = tail[hashLength..];
        message.Qos = new QosSpec(
            BinaryPrimitives.ReadUInt32BigEndian(bytes[DelayOffset..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[BandwidthOffset..]),
            availability,
            BinaryPrimitives.ReadUInt32BigEndian(bytes[LossOffset..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[BerOffset..]),
            bytes[InOrderOffset] != 0,
            BinaryPrimitives.ReadUInt32BigEndian(bytes[MaxGapOffset..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[TimeoutOffset..]));
        return true;
    }

    /// <summary>Writes all but ids, code and availability, over bytes that are 0.</summary>
    /// <param name="message">The message.</param>
    /// <param name="fixedLength">Bytes of the fixed part.</param>
    /// <param name="into">As long as <see cref="LengthOf"/>.</param>
    public static void Write(in ShimMessage message, int fixedLength, Span<byte> into)
    {
        var tail = into[fixedLength..];
        if (message.Kind is ShimMessageKind.FlowReply)
        {
            BinaryPrimitives.WriteInt32BigEndian(into[ResponseOffset..], message.Response);
            BinaryPrimitives.WriteUInt32BigEndian(into[LossOffset..], message.Offer);
            if (message.Response == 0) message.Data.CopyTo(tail);
            return;
        }
        BinaryPrimitives.WriteUInt32BigEndian(into[ResponseOffset..], message.Offer);
        if (message.Kind is ShimMessageKind.Dealloc) return;
        message.Hash.CopyTo(tail);
        if (message.Kind is not ShimMessageKind.FlowRequest) return;
        message.Data.CopyTo(tail[message.Hash.Length..]);
        BinaryPrimitives.WriteUInt32BigEndian(into[LossOffset..], message.Qos.Loss);
        BinaryPrimitives.WriteUInt64BigEndian(into[BandwidthOffset..], message.Qos.Bandwidth);
        BinaryPrimitives.WriteUInt32BigEndian(into[BerOffset..], message.Qos.BitErrorRate);
        BinaryPrimitives.WriteUInt32BigEndian(into[MaxGapOffset..], message.Qos.MaxGap);
        BinaryPrimitives.WriteUInt32BigEndian(into[DelayOffset..], message.Qos.Delay);
        BinaryPrimitives.WriteUInt32BigEndian(into[TimeoutOffset..], message.Qos.Timeout);
        into[InOrderOffset] = message.Qos.InOrder ? (byte)1 : (byte)0;
    }

    /// <summary>Bytes of a message.</summary>
    public static int LengthOf(in ShimMessage message, int fixedLength) => fixedLength + message.Kind switch
    {
        ShimMessageKind.FlowRequest => message.Hash.Length + message.Data.Length,
        ShimMessageKind.FlowReply => message.Response == 0 ? message.Data.Length : 0,
        ShimMessageKind.Dealloc => 0,
        _ => message.Hash.Length,
    };
}
