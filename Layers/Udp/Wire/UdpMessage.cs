using System.Buffers.Binary;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Udp.Wire;

/// <summary>
/// The fixed part of a management datagram, 47 bytes, big endian: [eid 4 = 0 | s_eid 4 | d_eid 4 | response 4 | bandwidth 8 | delay 4 | loss 4 | ber 4 |
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
    public const int Length = 47;

    /// <summary>Bytes of a name in a request: MD5.</summary>
    public const int HashLength = 16;

    /// <summary>A management datagram may have no more: the reference writes what is longer past the end of its buffer (U4).</summary>
    public const int MaxDatagram = 2048;

    /// <summary>Reads the fixed part of a management datagram, and sees to it that the hash of a request is there as well.</summary>
    /// <returns>false when the datagram is too short or no management.</returns>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out UdpMessage message)
    {
        message = default;
        if (datagram.Length < Length || BinaryPrimitives.ReadUInt32BigEndian(datagram) != UdpHeader.Management) return false;
        message = new UdpMessage(
            (UdpCode)datagram[44],
            BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]),
            BinaryPrimitives.ReadInt32BigEndian(datagram[12..]),
            new QosSpec(
                BinaryPrimitives.ReadUInt32BigEndian(datagram[24..]),
                BinaryPrimitives.ReadUInt64BigEndian(datagram[16..]),
                datagram[45],
                BinaryPrimitives.ReadUInt32BigEndian(datagram[28..]),
                BinaryPrimitives.ReadUInt32BigEndian(datagram[32..]),
                datagram[46] != 0,
                BinaryPrimitives.ReadUInt32BigEndian(datagram[36..]),
                BinaryPrimitives.ReadUInt32BigEndian(datagram[40..])));
        return message.Code != UdpCode.FlowRequest || datagram.Length >= Length + HashLength;
    }

    /// <summary>Writes the fixed part; the destination has at least <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> datagram)
    {
        BinaryPrimitives.WriteUInt32BigEndian(datagram, UdpHeader.Management);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[4..], SourceEid);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[8..], DestinationEid);
        BinaryPrimitives.WriteInt32BigEndian(datagram[12..], Response);
        BinaryPrimitives.WriteUInt64BigEndian(datagram[16..], Qos.Bandwidth);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[24..], Qos.Delay);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[28..], Qos.Loss);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[32..], Qos.BitErrorRate);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[36..], Qos.MaxGap);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[40..], Qos.Timeout);
        datagram[44] = (byte)Code;
        datagram[45] = Qos.Availability;
        datagram[46] = Qos.InOrder ? (byte)1 : (byte)0;
    }
}
