using System.Text;

namespace Ouroboros.Layers.Udp.Dns.Wire;

/// <summary>Domain names as DNS carries them: labels behind their lengths, ended by an empty one, perhaps by a pointer (RFC 1035 section 4.1.4).</summary>
internal static class DnsName
{
    /// <summary>The zone that has no name.</summary>
    public const string Root = ".";

    private const int MaxLabel = 63;
    private const int MaxName = 255;
    private const int PointerMark = 0xC0;

    // A name of 255 bytes has at most 127 labels; more pointers than that only go round in circles.
    private const int MaxPointers = 127;

    /// <summary>Whether this is the name of a zone or host, with or without a full stop at its end.</summary>
    public static bool IsValid(string name) => TryWrite(name, stackalloc byte[MaxName], out _);

    /// <summary>Joins a label and the zone that it is in.</summary>
    public static string Join(string label, string zone) => zone == Root ? label : $"{label}.{zone.TrimEnd('.')}";

    /// <summary>Writes a name.</summary>
    /// <param name="name">ASCII; <c>.</c> is the root.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>false when it is no name, or does not fit.</returns>
    public static bool TryWrite(string name, Span<byte> destination, out int length)
    {
        length = 0;
        if (name.Length == 0) return false;
        if (name.EndsWith('.')) name = name[..^1];
        foreach (var label in name.Length == 0 ? [] : name.Split('.'))
        {
            if (label.Length is 0 or > MaxLabel || label.Any(c => c is <= ' ' or > '~') || length + 1 + label.Length >= Math.Min(destination.Length, MaxName)) return false;
            destination[length++] = (byte)label.Length;
            length += Encoding.ASCII.GetBytes(label, destination[length..]);
        }
        if (length >= destination.Length) return false;
        destination[length++] = 0;
        return true;
    }

    /// <summary>Reads a name, lower case and without a full stop at its end; the root is <c>.</c>.</summary>
    /// <param name="message">The whole message, for pointers lead to anywhere in it.</param>
    /// <param name="offset">Where the name begins; moved to what follows it.</param>
    /// <param name="name">The name.</param>
    /// <returns>false when it runs out of the message, in circles, or is too long.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int offset, out string name)
    {
        name = "";
        var text = new StringBuilder();
        var at = offset;
        var pointers = 0;
        while (true)
        {
            if ((uint)at >= (uint)message.Length) return false;
            int length = message[at++];
            if (length == 0) break;
            if ((length & PointerMark) == PointerMark)
            {
                if ((uint)at >= (uint)message.Length || ++pointers > MaxPointers) return false;
                if (pointers == 1) offset = at + 1;
                at = ((length & ~PointerMark) << 8) | message[at];
                continue;
            }
            if (length > MaxLabel || at + length > message.Length || text.Length + length + 1 > MaxName) return false;
            foreach (var b in message.Slice(at, length)) text.Append((char)(b is >= (byte)'A' and <= (byte)'Z' ? b | 0x20 : b));
            text.Append('.');
            at += length;
        }
        if (pointers == 0) offset = at;
        name = text.Length == 0 ? Root : text.ToString(0, text.Length - 1);
        return true;
    }

    /// <summary>Whether two names are the same: case and a full stop at the end do not count.</summary>
    public static bool Same(string a, string b) =>
        (a == Root ? a : a.TrimEnd('.')).Equals(b == Root ? b : b.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
