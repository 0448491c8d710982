using System.Buffers.Binary;

namespace Ouroboros.Layers.Udp.Dns.Wire;

/// <summary>The header of every DNS message: [id 2 | flags 2 | four counts of 2 bytes], big endian (RFC 1035 section 4.1.1).</summary>
/// <param name="Id">Repeated in the response.</param>
/// <param name="Flags">See the constants.</param>
/// <param name="First">Questions, or zones of an update.</param>
/// <param name="Second">Answers, or prerequisites of an update.</param>
/// <param name="Third">Authorities, or changes of an update.</param>
/// <param name="Fourth">Additional records.</param>
internal readonly record struct DnsHeader(ushort Id, ushort Flags, ushort First, ushort Second, ushort Third, ushort Fourth)
{
    /// <summary>Bytes.</summary>
    public const int Length = 12;

    /// <summary>A plain UDP message is no longer than this (RFC 1035 section 2.3.4).</summary>
    public const int MaxMessage = 512;

    /// <summary>It is a response.</summary>
    public const ushort Response = 0x8000;

    /// <summary>The bits of the operation.</summary>
    public const ushort OpcodeMask = 0x7800;

    /// <summary>The operation of an update: 5.</summary>
    public const ushort Update = 5 << 11;

    /// <summary>The response was cut to fit.</summary>
    public const ushort Truncated = 0x0200;

    /// <summary>The server is asked to resolve on our behalf.</summary>
    public const ushort RecursionDesired = 0x0100;

    /// <summary>What the response says.</summary>
    public DnsCode Code => (DnsCode)(Flags & 0xF);

    /// <summary>Reads it from the start of a message.</summary>
    /// <returns>false when the message is shorter.</returns>
    public static bool TryParse(ReadOnlySpan<byte> message, out DnsHeader header)
    {
        header = default;
        if (message.Length < Length) return false;
        header = new DnsHeader(
            BinaryPrimitives.ReadUInt16BigEndian(message),
            BinaryPrimitives.ReadUInt16BigEndian(message[2..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[6..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[10..]));
        return true;
    }

    /// <summary>Writes it; the destination has at least <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, Id);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], Flags);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], First);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], Second);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], Third);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], Fourth);
    }
}
