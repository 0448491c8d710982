using System.Buffers.Binary;

namespace Ouroboros.Layers.Unicast.Routing.Wire;

/// <summary>
/// A link-state announcement, one in each packet of a management flow (routing-and-broadcast.md A2), or its withdrawal, which only this
/// implementation knows: a reference node drops it, as every packet that is not 24 bytes long, and lets the link age out.
/// </summary>
/// <param name="Link">The link, as its source sees it.</param>
/// <param name="Sequence">The higher one is the newer one.</param>
/// <param name="Withdrawn">The source no longer has the link.</param>
public readonly record struct Lsa(LinkKey Link, ulong Sequence, bool Withdrawn = false)
{
    /// <summary>Bytes of an announcement: <c>[destination 8 | source 8 | sequence 8]</c>, big-endian.</summary>
    public const int AnnouncementSize = 24;

    /// <summary>Bytes of a withdrawal: <c>[0x57 | destination 4 | source 4 | sequence 8]</c>, big-endian.</summary>
    public const int WithdrawalSize = 17;

    private const byte WithdrawalMark = 0x57;

    /// <summary>Makes an announcement.</summary>
    public Lsa(ulong source, ulong destination, ulong sequence)
        : this(new LinkKey(source, destination), sequence)
    {
    }

    /// <summary>Bytes of the message.</summary>
    public int Size => Withdrawn ? WithdrawalSize : AnnouncementSize;

    /// <summary>Whether it can be written: a withdrawal has room for addresses of 32 bits, which is what layers have today.</summary>
    public bool CanBeWritten => !Withdrawn || (Link.Source <= uint.MaxValue && Link.Destination <= uint.MaxValue);

    /// <summary>Reads a message; anything that is not one of the two forms is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out Lsa lsa)
    {
        if (message.Length == AnnouncementSize)
        {
            lsa = new Lsa(
                BinaryPrimitives.ReadUInt64BigEndian(message[8..]), BinaryPrimitives.ReadUInt64BigEndian(message),
                BinaryPrimitives.ReadUInt64BigEndian(message[16..]));
            return true;
        }
        if (message.Length == WithdrawalSize && message[0] == WithdrawalMark)
        {
            var link = new LinkKey(BinaryPrimitives.ReadUInt32BigEndian(message[5..]), BinaryPrimitives.ReadUInt32BigEndian(message[1..]));
            lsa = new Lsa(link, BinaryPrimitives.ReadUInt64BigEndian(message[9..]), Withdrawn: true);
            return true;
        }
        lsa = default;
        return false;
    }

    /// <summary>Writes the message.</summary>
    /// <returns>Its bytes: <see cref="Size"/>.</returns>
    public int Write(Span<byte> into)
    {
        if (Withdrawn)
        {
            into[0] = WithdrawalMark;
            BinaryPrimitives.WriteUInt32BigEndian(into[1..], checked((uint)Link.Destination));
            BinaryPrimitives.WriteUInt32BigEndian(into[5..], checked((uint)Link.Source));
            BinaryPrimitives.WriteUInt64BigEndian(into[9..], Sequence);
            return WithdrawalSize;
        }
        BinaryPrimitives.WriteUInt64BigEndian(into, Link.Destination);
        BinaryPrimitives.WriteUInt64BigEndian(into[8..], Link.Source);
        BinaryPrimitives.WriteUInt64BigEndian(into[16..], Sequence);
        return AnnouncementSize;
    }
}
