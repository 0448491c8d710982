using System.Buffers.Binary;
using System.Globalization;

namespace Ouroboros.Layers.Unicast;

/// <summary>How addresses of a unicast layer are written: their bytes as they are on the wire, in hex, with dots (unicast-data-plane.md section 3).</summary>
public static class UnicastAddress
{
    /// <summary>E.g. <c>4a.c5.a8.b6</c> for 3064513866.</summary>
    public static string Format(ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)address);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes[0]:x2}.{bytes[1]:x2}.{bytes[2]:x2}.{bytes[3]:x2}");
    }

    /// <summary>Reads what <see cref="Format"/> writes, or a number.</summary>
    public static bool TryParse(string text, out ulong address)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out address)) return true;
        var parts = text.Split('.');
        if (parts.Length != UnicastConfig.OnlyAddressSize) return false;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length != 2 || !byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b)) return false;
            address |= (ulong)b << (8 * i);
        }
        return true;
    }
}
