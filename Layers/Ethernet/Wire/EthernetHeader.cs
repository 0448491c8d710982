using System.Buffers.Binary;
using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Ethernet.Wire;

/// <summary>
/// <c>[destination 6 | source 6 | type or length 2]</c>, the first 14 bytes of every frame. A type is 0x0600 or more (DIX), a length at
/// most 0x05FF (802.3).
/// </summary>
public static class EthernetHeader
{
    /// <summary>Bytes.</summary>
    public const int Length = 14;

    /// <summary>The smallest ethertype; smaller numbers are lengths.</summary>
    public const ushort FirstType = 0x0600;

    private const int SourceOffset = 6;
    private const int TypeOffset = 12;

    /// <summary>Whom a frame is for.</summary>
    /// <param name="frame">At least <see cref="Length"/> bytes.</param>
    public static LinkAddress Destination(ReadOnlySpan<byte> frame) => LinkAddress.FromMac(frame);

    /// <summary>Whom a frame is from.</summary>
    /// <param name="frame">At least <see cref="Length"/> bytes.</param>
    public static LinkAddress Source(ReadOnlySpan<byte> frame) => LinkAddress.FromMac(frame[SourceOffset..]);

    /// <summary>Its type, or length.</summary>
    /// <param name="frame">At least <see cref="Length"/> bytes.</param>
    public static ushort TypeOrLength(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16BigEndian(frame[TypeOffset..]);

    /// <summary>Writes it.</summary>
    /// <param name="into">At least <see cref="Length"/> bytes.</param>
    /// <param name="destination">A MAC address.</param>
    /// <param name="source">A MAC address.</param>
    /// <param name="typeOrLength">The third field.</param>
    public static void Write(Span<byte> into, LinkAddress destination, LinkAddress source, ushort typeOrLength)
    {
        BinaryPrimitives.WriteUInt64BigEndian(into, (destination.MacBits << 16) | (source.MacBits >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(into[8..], (uint)source.MacBits);
        BinaryPrimitives.WriteUInt16BigEndian(into[TypeOffset..], typeOrLength);
    }
}
