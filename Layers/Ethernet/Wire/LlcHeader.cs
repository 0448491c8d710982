namespace Ouroboros.Layers.Ethernet.Wire;

/// <summary>
/// <c>[DSAP 1 | SSAP 1 | control 1]</c> behind the 802.3 length (shims-ethernet.md 2.2). SAPs stand here with their bits reversed, so that
/// those below 128 leave the group and the command bit clear; in messages they stand plain.
/// </summary>
public static class LlcHeader
{
    /// <summary>Bytes; the 802.3 length counts them.</summary>
    public const int Length = 3;

    /// <summary>The SAP of management frames.</summary>
    public const byte ManagementSap = 1;

    /// <summary>Unnumbered information; not looked at on receipt.</summary>
    public const byte Control = 0x03;

    /// <summary>Destination SAP, plain.</summary>
    /// <param name="header">At least <see cref="Length"/> bytes.</param>
    public static byte DestinationSap(ReadOnlySpan<byte> header) => Reverse(header[0]);

    /// <summary>Source SAP, plain.</summary>
    /// <param name="header">At least <see cref="Length"/> bytes.</param>
    public static byte SourceSap(ReadOnlySpan<byte> header) => Reverse(header[1]);

    /// <summary>Writes it.</summary>
    /// <param name="into">At least <see cref="Length"/> bytes.</param>
    /// <param name="destination">Destination SAP, plain.</param>
    /// <param name="source">Source SAP, plain.</param>
    public static void Write(Span<byte> into, byte destination, byte source)
    {
        into[2] = Control;
        into[1] = Reverse(source);
        into[0] = Reverse(destination);
    }

    /// <summary>Bit 7 becomes bit 0, and so on.</summary>
    public static byte Reverse(byte value)
    {
        int b = value;
        b = ((b & 0xF0) >> 4) | ((b & 0x0F) << 4);
        b = ((b & 0xCC) >> 2) | ((b & 0x33) << 2);
        return (byte)(((b & 0xAA) >> 1) | ((b & 0x55) << 1));
    }
}
