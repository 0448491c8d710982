using System.Buffers.Binary;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Unicast.Wire;

/// <summary>
/// The header of data transfer, <c>[destination 4 LE | qc | ttl | ecn | eid 8 LE]</c> (unicast-data-plane.md section 3). The reference puts these
/// 8 bytes of endpoint id whatever a layer was configured with.
/// </summary>
/// <param name="Destination">Address, 32 bits.</param>
/// <param name="Cube">The number of the QoS cube as it came; see <see cref="CubeOf"/>.</param>
/// <param name="Ttl">Hops left.</param>
/// <param name="Ecn">Congestion marks.</param>
/// <param name="Eid">Endpoint id at the destination.</param>
public readonly record struct DataTransferHeader(ulong Destination, byte Cube, byte Ttl, byte Ecn, ulong Eid)
{
    /// <summary>Bytes of a header.</summary>
    public const int Length = 15;

    /// <summary>Endpoint ids below it are of components (reference: PROG_RES_FDS).</summary>
    public const ulong FirstFlowEid = 64;

    /// <summary>Where the TTL is.</summary>
    internal const int TtlOffset = 5;

    /// <summary>Where the marks are.</summary>
    internal const int EcnOffset = 6;

    /// <summary>Reads one from the start of a packet; false when that is shorter.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out DataTransferHeader header)
    {
        if (packet.Length < Length)
        {
            header = default;
            return false;
        }
        header = new DataTransferHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(packet), packet[4], packet[TtlOffset], packet[EcnOffset], BinaryPrimitives.ReadUInt64LittleEndian(packet[7..]));
        return true;
    }

    /// <summary>Writes it over the first <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(into[7..], Eid);
        BinaryPrimitives.WriteUInt32LittleEndian(into, (uint)Destination);
        into[4] = Cube;
        into[TtlOffset] = Ttl;
        into[EcnOffset] = Ecn;
    }

    /// <summary>The cube of a number from the wire: those that mean nothing are best effort.</summary>
    public static QosCube CubeOf(byte number) => number <= (byte)QosCube.Voice ? (QosCube)number : QosCube.BestEffort;
}
