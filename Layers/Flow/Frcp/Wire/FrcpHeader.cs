using System.Buffers.Binary;

namespace Ouroboros.Layers.Flow.Frcp.Wire;

/// <summary>The 12 bytes before every non-empty packet of an ordered flow: [flags 1 | window 3 | seqno 4 | ackno 4], big endian.</summary>
/// <param name="Flags">What is valid.</param>
/// <param name="Window">Low 24 bits of the first sequence number that the sender of this does not take.</param>
/// <param name="Sequence">Number of the packet, or of the next one when there is no payload.</param>
/// <param name="Acknowledgement">Next sequence number that the sender of this expects.</param>
internal readonly record struct FrcpHeader(FrcpFlags Flags, uint Window, uint Sequence, uint Acknowledgement)
{
    public const int Length = 12;

    public bool Has(FrcpFlags flag) => (Flags & flag) != 0;

    /// <summary>False when there are fewer than 12 bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out FrcpHeader header)
    {
        if (packet.Length < Length)
        {
            header = default;
            return false;
        }
        var first = BinaryPrimitives.ReadUInt32BigEndian(packet);
        header = new FrcpHeader(
            (FrcpFlags)(first >> 24), first & 0xFFFFFF, BinaryPrimitives.ReadUInt32BigEndian(packet[4..]), BinaryPrimitives.ReadUInt32BigEndian(packet[8..]));
        return true;
    }

    /// <summary>Writes 12 bytes.</summary>
    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, ((uint)Flags << 24) | (Window & 0xFFFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(to[8..], Acknowledgement);
    }
}
