using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ouroboros.Samples.Oping.Wire;

/// <summary>
/// The head of an oping message, <c>[type 4 | id 4 | seconds 8 | nanoseconds 8 | zeros]</c>: one packet of the flow, 64 to 1500 bytes.
/// Type and id are big-endian; the time is the client's monotonic clock in the client's byte order, and nobody else's business: a server
/// sends back whatever follows the type. Source: tools-and-rib.md 2.1.
/// </summary>
/// <param name="Type">Request or reply; may be a number that is neither.</param>
/// <param name="Id">Sequence number from 0.</param>
/// <param name="Seconds">When the request was made.</param>
/// <param name="Nanoseconds">The part below a second.</param>
public readonly record struct OpingMessage(OpingMessageType Type, uint Id, long Seconds, long Nanoseconds)
{
    /// <summary>Bytes that a server needs: type and id.</summary>
    public const int MinLength = 8;

    /// <summary>Bytes of all fields; padding follows.</summary>
    public const int HeadLength = 24;

    /// <summary>Smallest message that a client sends, and the default.</summary>
    public const int MinSize = 64;

    /// <summary>Largest message that a client sends.</summary>
    public const int MaxSize = 1500;

    private const int IdOffset = 4;
    private const int SecondsOffset = 8;
    private const int NanosecondsOffset = 16;

    /// <summary>Reads the head; the time of a message too short to hold one is 0.</summary>
    /// <returns>false when there are fewer than <see cref="MinLength"/> bytes.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out OpingMessage message)
    {
        if (packet.Length < MinLength)
        {
            message = default;
            return false;
        }
        var timed = packet.Length >= HeadLength;
        message = new OpingMessage(
            (OpingMessageType)BinaryPrimitives.ReadUInt32BigEndian(packet),
            BinaryPrimitives.ReadUInt32BigEndian(packet[IdOffset..]),
            timed ? MemoryMarshal.Read<long>(packet[SecondsOffset..]) : 0,
            timed ? MemoryMarshal.Read<long>(packet[NanosecondsOffset..]) : 0);
        return true;
    }

    /// <summary>Writes the head and zeros up to the end of <paramref name="packet"/>, which has at least <see cref="HeadLength"/> bytes.</summary>
    public void Write(Span<byte> packet)
    {
        WriteType(packet, Type);
        BinaryPrimitives.WriteUInt32BigEndian(packet[IdOffset..], Id);
        MemoryMarshal.Write(packet[SecondsOffset..], Seconds);
        MemoryMarshal.Write(packet[NanosecondsOffset..], Nanoseconds);
        packet[HeadLength..].Clear();
    }

    /// <summary>Changes the type of a message in place: all that a server does to a request.</summary>
    public static void WriteType(Span<byte> packet, OpingMessageType type) => BinaryPrimitives.WriteUInt32BigEndian(packet, (uint)type);
}
