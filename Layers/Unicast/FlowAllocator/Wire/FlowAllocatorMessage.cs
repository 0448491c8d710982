using System.Buffers.Binary;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Unicast.Wire;

/// <summary>
/// A message of the flow allocator: 61 bytes, all of them big endian, then hash and handshake of a request or the handshake of a reply
/// (unicast-data-plane.md section 8). A view: its spans are parts of the packet that it was read from.
/// </summary>
public ref struct FlowAllocatorMessage
{
    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 61;

    /// <summary>The longest message that the reference takes.</summary>
    public const int MaxLength = 2048;

    /// <summary>Not one of ours, or too old to say.</summary>
    public const uint NoOffer = 0;

    /// <summary>
    /// "OrU" and version 1: refusals at once, requests repeated until they are answered, releases told. Stands in a field that the reference sends as 0 and
    /// ignores on receipt: <c>response</c> of requests, <c>loss</c> of replies. Nothing depends on it being true.
    /// </summary>
    public const uint OfferVersion1 = 0x4F725501;

    private const int ReceiverAt = 8, SenderAt = 16, BandwidthAt = 24, ResponseAt = 32, DelayAt = 36, LossAt = 40, ErrorsAt = 44, GapAt = 48;
    private const int TimeoutAt = 52, LevelAt = 56, CodeAt = 58, AvailabilityAt = 59, OrderAt = 60;

    /// <summary>Which message.</summary>
    public FlowAllocatorCode Code { get; set; }

    /// <summary>Address of who sends it: requests, releases, and replies of ours to ours; 0 in the others.</summary>
    public ulong Source { get; set; }

    /// <summary>Endpoint id at the receiver of the message; 0 in requests.</summary>
    public ulong Receiver { get; set; }

    /// <summary>Endpoint id at the sender of the message.</summary>
    public ulong Sender { get; set; }

    /// <summary>Of a reply: 0 or more accepts, less refuses with that error number.</summary>
    public int Response { get; set; }

    /// <summary>Of an update: the level of congestion.</summary>
    public ushort Level { get; set; }

    /// <summary>What the sender offers beyond the reference.</summary>
    public uint Offer { get; set; }

    /// <summary>Of a request.</summary>
    public QosSpec Qos { get; set; }

    /// <summary>Directory hash of the name: requests.</summary>
    public ReadOnlySpan<byte> Hash { get; set; }

    /// <summary>The handshake (OAP): requests, and replies that accept.</summary>
    public ReadOnlySpan<byte> Data { get; set; }

    /// <summary>Whether the sender is one of ours; later versions are supersets.</summary>
    public readonly bool IsFromOurs => (Offer & 0xFFFFFF00) == (OfferVersion1 & 0xFFFFFF00) && (Offer & 0xFF) != 0;

    /// <summary>Bytes that <see cref="Write"/> writes.</summary>
    public readonly int Length => FixedLength + Hash.Length + Data.Length;

    /// <summary>The code of a message of at least <see cref="FixedLength"/> bytes.</summary>
    public static FlowAllocatorCode CodeOf(ReadOnlySpan<byte> bytes) => (FlowAllocatorCode)bytes[CodeAt];

    /// <summary>Reads a message.</summary>
    /// <param name="bytes">A whole message.</param>
    /// <param name="hashLength">Bytes of a hash in the layer.</param>
    /// <param name="message">The message.</param>
    /// <param name="drop">Why it is none.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, int hashLength, out FlowAllocatorMessage message, out FlowAllocatorDrop drop)
    {
        message = default;
        drop = bytes.Length < FixedLength ? FlowAllocatorDrop.TooShort : bytes.Length > MaxLength ? FlowAllocatorDrop.TooLong : FlowAllocatorDrop.None;
        if (drop != FlowAllocatorDrop.None) return false;
        message.Code = CodeOf(bytes);
        message.Source = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        message.Receiver = BinaryPrimitives.ReadUInt64BigEndian(bytes[ReceiverAt..]);
        message.Sender = BinaryPrimitives.ReadUInt64BigEndian(bytes[SenderAt..]);
        var rest = bytes[FixedLength..];
        switch (message.Code)
        {
            case FlowAllocatorCode.Request:
                if (rest.Length < hashLength)
                {
                    drop = FlowAllocatorDrop.TooShort;
                    return false;
                }
                message.Offer = BinaryPrimitives.ReadUInt32BigEndian(bytes[ResponseAt..]);
                message.Qos = ReadQos(bytes);
                message.Hash = rest[..hashLength];
                message.Data = rest[hashLength..];
                return true;
            case FlowAllocatorCode.Reply:
                message.Response = BinaryPrimitives.ReadInt32BigEndian(bytes[ResponseAt..]);
                message.Offer = BinaryPrimitives.ReadUInt32BigEndian(bytes[LossAt..]);
                message.Data = rest;
                return true;
            case FlowAllocatorCode.Update:
                message.Level = BinaryPrimitives.ReadUInt16BigEndian(bytes[LevelAt..]);
                return true;
            case FlowAllocatorCode.Release:
                message.Offer = BinaryPrimitives.ReadUInt32BigEndian(bytes[LossAt..]);
                return true;
            default:
                drop = FlowAllocatorDrop.UnknownCode;
                return false;
        }
    }

    /// <summary>Writes the message.</summary>
    /// <param name="into">At least <see cref="Length"/> bytes.</param>
    public readonly void Write(Span<byte> into)
    {
        into[..FixedLength].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(into, Source);
        BinaryPrimitives.WriteUInt64BigEndian(into[ReceiverAt..], Receiver);
        BinaryPrimitives.WriteUInt64BigEndian(into[SenderAt..], Sender);
        into[CodeAt] = (byte)Code;
        switch (Code)
        {
            case FlowAllocatorCode.Request:
                WriteQos(into);
                BinaryPrimitives.WriteUInt32BigEndian(into[ResponseAt..], Offer);
                break;
            case FlowAllocatorCode.Reply:
                BinaryPrimitives.WriteInt32BigEndian(into[ResponseAt..], Response);
                BinaryPrimitives.WriteUInt32BigEndian(into[LossAt..], Offer);
                break;
            case FlowAllocatorCode.Update:
                BinaryPrimitives.WriteUInt16BigEndian(into[LevelAt..], Level);
                break;
            case FlowAllocatorCode.Release:
                BinaryPrimitives.WriteUInt32BigEndian(into[LossAt..], Offer);
                break;
        }
        Hash.CopyTo(into[FixedLength..]);
        Data.CopyTo(into[(FixedLength + Hash.Length)..]);
    }

    /// <summary>The message as bytes of its own.</summary>
    public readonly byte[] ToArray()
    {
        var bytes = new byte[Length];
        Write(bytes);
        return bytes;
    }

    private static QosSpec ReadQos(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32BigEndian(bytes[DelayAt..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[BandwidthAt..]),
        bytes[AvailabilityAt],
        BinaryPrimitives.ReadUInt32BigEndian(bytes[LossAt..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[ErrorsAt..]),
        bytes[OrderAt] != 0,
        BinaryPrimitives.ReadUInt32BigEndian(bytes[GapAt..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[TimeoutAt..]));

    private readonly void WriteQos(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt64BigEndian(into[BandwidthAt..], Qos.Bandwidth);
        BinaryPrimitives.WriteUInt32BigEndian(into[DelayAt..], Qos.Delay);
        BinaryPrimitives.WriteUInt32BigEndian(into[LossAt..], Qos.Loss);
        BinaryPrimitives.WriteUInt32BigEndian(into[ErrorsAt..], Qos.BitErrorRate);
        BinaryPrimitives.WriteUInt32BigEndian(into[GapAt..], Qos.MaxGap);
        BinaryPrimitives.WriteUInt32BigEndian(into[TimeoutAt..], Qos.Timeout);
        into[AvailabilityAt] = Qos.Availability;
        into[OrderAt] = Qos.InOrder ? (byte)1 : (byte)0;
    }
}
