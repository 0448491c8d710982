using System.Buffers.Binary;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Udp.Wire;

/// <summary>
/// The fixed part of a management message, 43 bytes behind the header with EID 0, big endian: [s_eid 4 | d_eid 4 | response 4 | bandwidth 8 | delay 4 | loss 4 | ber 4 |
/// max_gap 4 | timeout 4 | code 1 | availability 1 | in_order 1], followed by the MD5 of the name (requests only) and the piggyback
/// (shims-udp-local.md 4.2).
/// </summary>
/// <param name="Code">What it is; also numbers that have no name.</param>
/// <param name="SourceEid">The requester's EID, in the request and in the reply.</param>
/// <param name="DestinationEid">The responder's EID in the reply; 0 in a request.</param>
/// <param name="Response">0, or a negative error.</param>
/// <param name="Qos">What is asked for; all zero in a reply.</param>
public readonly record struct UdpMessage(UdpCode Code, uint SourceEid, uint DestinationEid, int Response, QosSpec Qos)
{
    /// <summary>Bytes of the fixed part.</summary>
    public const int Length = 43;

    /// <summary>Bytes of a name in a request: MD5.</summary>
    public const int HashLength = 16;

    /// <summary>Most bytes, piggyback included: the reference writes a datagram of more than 2048 past the end of its buffer (U4).</summary>
    public const int MaxLength = 2048 - UdpHeader.Length;

    /// <summary>Reads the fixed part of a management message, and sees to it that the hash of a request is there as well.</summary>
    /// <returns>false when the message is too short.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out UdpMessage message)
    {
        message = default;
        if (bytes.Length < Length) return false;
        message = new UdpMessage(
            (UdpCode)bytes[40],
            BinaryPrimitives.ReadUInt32BigEndian(bytes),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[8..]),
            new QosSpec(
                BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]),
                BinaryPrimitives.ReadUInt64BigEndian(bytes[12..]),
                bytes[41],
                BinaryPrimitives.ReadUInt32BigEndian(bytes[24..]),
                BinaryPrimitives.ReadUInt32BigEndian(bytes[28..]),
                bytes[42] != 0,
                BinaryPrimitives.ReadUInt32BigEndian(bytes[32..]),
                BinaryPrimitives.ReadUInt32BigEndian(bytes[36..])));
        return message.Code != UdpCode.FlowRequest || bytes.Length >= Length + HashLength;
    }

    /// <summary>Writes the fixed part; the destination has at least <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, SourceEid);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], DestinationEid);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], Response);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[12..], Qos.Bandwidth);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[20..], Qos.Delay);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[24..], Qos.Loss);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[28..], Qos.BitErrorRate);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[32..], Qos.MaxGap);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[36..], Qos.Timeout);
        bytes[40] = (byte)Code;
        bytes[41] = Qos.Availability;
        bytes[42] = Qos.InOrder ? (byte)1 : (byte)0;
    }
}
