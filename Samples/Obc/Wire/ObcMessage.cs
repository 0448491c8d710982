using System.Text;

namespace Ouroboros.Samples.Obc.Wire;

/// <summary>An obc message: one packet of text with its terminating zero byte. Source: tools-and-rib.md 6.</summary>
public static class ObcMessage
{
    /// <summary>What is sent unless something else is given.</summary>
    public const string Default = "Ouroboros multicast rocks!";

    /// <summary>Most bytes of a message that are shown (reference: its buffer).</summary>
    public const int MaxShown = 256;

    /// <summary>The text with its zero byte.</summary>
    public static byte[] Encode(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    /// <summary>The text up to the first zero byte or the end, fit to be printed: control characters are replaced by question marks.</summary>
    public static string Decode(ReadOnlySpan<byte> packet)
    {
        var text = packet[..Math.Min(packet.Length, MaxShown)];
        var end = text.IndexOf((byte)0);
        if (end >= 0) text = text[..end];
        return string.Concat(Encoding.UTF8.GetString(text).Select(c => char.IsControl(c) ? '?' : c));
    }
}
