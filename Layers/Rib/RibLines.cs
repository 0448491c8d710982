using System.Globalization;
using System.Text;

namespace Ouroboros.Layers.Rib;

/// <summary>A text of lines in two columns, as most files of the reference's RIB are (tools-and-rib.md 9), with others between them.</summary>
/// <param name="labelWidth">Columns of the labels, which are padded.</param>
/// <param name="valueWidth">Columns of the values, which are right-aligned.</param>
public sealed class RibLines(int labelWidth, int valueWidth)
{
    private readonly StringBuilder _text = new(1200);

    /// <summary>Adds a line with a number, without separators.</summary>
    /// <param name="label">E.g. <c>Sender left window edge:</c>.</param>
    /// <param name="value">The number.</param>
    public RibLines Add(string label, IFormattable value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Add(label, value.ToString(null, CultureInfo.InvariantCulture));
    }

    /// <summary>Adds a line.</summary>
    public RibLines Add(string label, string value)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(value);
        _text.Append(label.PadRight(labelWidth)).Append(value.PadLeft(valueWidth)).Append('\n');
        return this;
    }

    /// <summary>Adds what has no columns, with its newline.</summary>
    public RibLines AddText(FormattableString text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text.Append(text.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>All of it.</summary>
    public override string ToString() => _text.ToString();
}
