using System.Buffers.Binary;

namespace Ouroboros.Layers.Udp.Wire;

/// <summary>What stands in front of every datagram: [EID of the receiver, 4 bytes, big endian]; the packet of the layer above follows, or nothing.</summary>
public static class UdpHeader
{
    /// <summary>Bytes.</summary>
    public const int Length = 4;

    /// <summary>The EID of management; never that of a flow.</summary>
    public const uint Management = 0;

    /// <summary>Largest EID that we choose: the reference keeps it in a signed number.</summary>
    public const uint MaxEid = 0x7FFFFFFF;

    /// <summary>Reads it.</summary>
    /// <returns>false when the datagram is shorter.</returns>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out uint eid)
    {
        eid = 0;
        if (datagram.Length < Length) return false;
        eid = BinaryPrimitives.ReadUInt32BigEndian(datagram);
        return true;
    }

    /// <summary>Writes it; the destination has at least <see cref="Length"/> bytes.</summary>
    public static void Write(Span<byte> datagram, uint eid) => BinaryPrimitives.WriteUInt32BigEndian(datagram, eid);
}
