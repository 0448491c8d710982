using System.Buffers.Binary;

namespace Ouroboros.Layers.Ethernet.Wire;

/// <summary><c>[EID 2 | length 2]</c> behind the Ethernet header of a DIX frame (shims-ethernet.md 2.1); big-endian.</summary>
public static class DixHeader
{
    /// <summary>Bytes.</summary>
    public const int Length = 4;

    /// <summary>The EID of management frames.</summary>
    public const ushort ManagementEid = 0;

    /// <summary>What the reference's race puts where an EID should be (D1); never a flow's.</summary>
    public const ushort UnknownEid = 0xFFFF;

    /// <summary>Destination endpoint id.</summary>
    /// <param name="header">At least <see cref="Length"/> bytes.</param>
    public static ushort Eid(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt16BigEndian(header);

    /// <summary>Bytes of payload that follow; what is behind them is padding.</summary>
    /// <param name="header">At least <see cref="Length"/> bytes.</param>
    public static ushort PayloadLength(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt16BigEndian(header[2..]);

    /// <summary>Writes it.</summary>
    /// <param name="into">At least <see cref="Length"/> bytes.</param>
    /// <param name="eid">Destination endpoint id.</param>
    /// <param name="payloadLength">Bytes of payload.</param>
    public static void Write(Span<byte> into, ushort eid, ushort payloadLength) =>
        BinaryPrimitives.WriteUInt32BigEndian(into, ((uint)eid << 16) | payloadLength);
}
