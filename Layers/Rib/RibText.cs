using System.Globalization;
using System.Text;

namespace Ouroboros.Layers.Rib;

/// <summary>Texts as the reference's RIB has them (tools-and-rib.md 8 and 9).</summary>
public static class RibText
{
    /// <summary>A date, 25 characters: <c>2026-11-20 23:26:20 (UTC)</c>.</summary>
    public static string Date(DateTimeOffset date) => date.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss '(UTC)'", CultureInfo.InvariantCulture);

    /// <summary>Adds a line: label padded to a width, value right-aligned in another.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="label">E.g. <c>Sender left window edge:</c>.</param>
    /// <param name="labelWidth">Columns of the label.</param>
    /// <param name="value">Anything; numbers without separators.</param>
    /// <param name="valueWidth">Columns of the value.</param>
    public static StringBuilder Line(this StringBuilder text, string label, int labelWidth, IFormattable value, int valueWidth)
    {
        ArgumentNullException.ThrowIfNull(value);
        return text.Line(label, labelWidth, value.ToString(null, CultureInfo.InvariantCulture), valueWidth);
    }

    /// <summary>Adds a line: label padded to a width, value right-aligned in another.</summary>
    public static StringBuilder Line(this StringBuilder text, string label, int labelWidth, string value, int valueWidth)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(value);
        return text.Append(label.PadRight(labelWidth)).Append(value.PadLeft(valueWidth)).Append('\n');
    }
}
