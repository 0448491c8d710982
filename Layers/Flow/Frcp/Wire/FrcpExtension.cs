using System.Buffers.Binary;

namespace Ouroboros.Layers.Flow.Frcp.Wire;

/// <summary>
/// What two ends of this implementation tell each other behind the header of a packet without payload, where the reference looks at
/// nothing (frcp.md section 3): [magic 4][type 1, length 1, value]... Unknown types are skipped.
/// </summary>
internal ref struct FrcpExtension
{
    /// <summary>Most ranges that one packet carries.</summary>
    public const int MaxRanges = 8;

    /// <summary>Largest extension, bytes.</summary>
    public const int MaxLength = MagicLength + OfferLength + 2 + (MaxRanges * RangeLength);

    private const uint Magic = 0x4F375258; // "O7RX"
    private const int MagicLength = 4;
    private const byte OfferType = 1;
    private const byte SackType = 2;
    private const int OfferLength = 2 + 6;
    private const int RangeLength = 8;

    private ReadOnlySpan<byte> _ranges;

    /// <summary>Whether <see cref="Offer"/> and <see cref="MaxMessage"/> are there.</summary>
    public bool HasOffer;

    /// <summary>What the sender offers.</summary>
    public FrcpFeatures Offer;

    /// <summary>The sender has seen our offer.</summary>
    public bool OfferSeen;

    /// <summary>Largest message that the sender puts together, bytes.</summary>
    public uint MaxMessage;

    /// <summary>Number of ranges.</summary>
    public readonly int RangeCount => _ranges.Length / RangeLength;

    /// <summary>One of them; its ends are whatever the peer wrote.</summary>
    public readonly SackRange Range(int index)
    {
        var at = _ranges[(index * RangeLength)..];
        return new SackRange(BinaryPrimitives.ReadUInt32BigEndian(at), BinaryPrimitives.ReadUInt32BigEndian(at[4..]));
    }

    /// <summary>Reads what lies behind a header. False when that is no extension; then nothing of it counts.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out FrcpExtension extension)
    {
        extension = default;
        if (bytes.Length < MagicLength || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Magic) return false;
        bytes = bytes[MagicLength..];
        while (bytes.Length >= 2)
        {
            var (type, length) = (bytes[0], bytes[1]);
            if (bytes.Length < 2 + length) return false;
            var value = bytes.Slice(2, length);
            if (type == OfferType && length >= 6)
            {
                extension.HasOffer = true;
                extension.Offer = (FrcpFeatures)value[0];
                extension.OfferSeen = value[1] != 0;
                extension.MaxMessage = BinaryPrimitives.ReadUInt32BigEndian(value[2..]);
            }
            else if (type == SackType)
            {
                if (length % RangeLength != 0 || length / RangeLength > MaxRanges) return false;
                extension._ranges = value;
            }
            bytes = bytes[(2 + length)..];
        }
        return bytes.IsEmpty;
    }

    /// <summary>Writes an extension.</summary>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="offer">null = none.</param>
    /// <param name="seen">Whether the peer's offer has been seen.</param>
    /// <param name="maxMessage">See <see cref="MaxMessage"/>.</param>
    /// <param name="ranges">At most <see cref="MaxRanges"/>.</param>
    /// <returns>Bytes written; 0 when there is nothing to say.</returns>
    public static int Write(Span<byte> to, FrcpFeatures? offer, bool seen, uint maxMessage, ReadOnlySpan<SackRange> ranges)
    {
        if (offer is null && ranges.IsEmpty) return 0;
        BinaryPrimitives.WriteUInt32BigEndian(to, Magic);
        var length = MagicLength;
        if (offer is { } features)
        {
            to[length] = OfferType;
            to[length + 1] = OfferLength - 2;
            to[length + 2] = (byte)features;
            to[length + 3] = seen ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt32BigEndian(to[(length + 4)..], maxMessage);
            length += OfferLength;
        }
        if (!ranges.IsEmpty)
        {
            to[length] = SackType;
            to[length + 1] = (byte)(ranges.Length * RangeLength);
            length += 2;
            foreach (var range in ranges)
            {
                BinaryPrimitives.WriteUInt32BigEndian(to[length..], range.Start);
                BinaryPrimitives.WriteUInt32BigEndian(to[(length + 4)..], range.End);
                length += RangeLength;
            }
        }
        return length;
    }
}
