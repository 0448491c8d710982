using System.Text;

namespace Ouroboros.Samples.Oecho.Wire;

/// <summary>An oecho message: one packet of text, ended by a zero byte or by its end. Source: tools-and-rib.md 5.</summary>
public static class OechoMessage
{
    /// <summary>What the client sends.</summary>
    public const string Greeting = "Client says hi!";

    /// <summary>Most bytes of a message that are shown (reference: its buffer).</summary>
    public const int MaxShown = 256;

    /// <summary>The text with its zero byte, as a client sends it.</summary>
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
