using System.Globalization;
using System.Text;

namespace Ouroboros.Samples;

/// <summary>Writes tables as the reference's tool does: fixed widths, right-aligned, longer texts not cut.</summary>
public sealed class Table(TextWriter output, params (string Title, int Width)[] columns)
{
    private readonly string _rule = "+" + string.Concat(columns.Select(c => new string('-', c.Width + 2) + "+"));

    /// <summary>Writes title, rows and rules.</summary>
    public async Task WriteAsync(IEnumerable<IReadOnlyList<object>> rows)
    {
        await output.WriteLineAsync(_rule).ConfigureAwait(false);
        await output.WriteLineAsync(Line([.. columns.Select(c => c.Title)])).ConfigureAwait(false);
        await output.WriteLineAsync(_rule).ConfigureAwait(false);
        foreach (var row in rows) await output.WriteLineAsync(Line(row)).ConfigureAwait(false);
        await output.WriteLineAsync(_rule).ConfigureAwait(false);
    }

    private string Line(IReadOnlyList<object> cells)
    {
        var line = new StringBuilder("|");
        for (var i = 0; i < columns.Length; i++)
        {
            var text = Convert.ToString(cells[i], CultureInfo.InvariantCulture) ?? "";
            line.Append(' ').Append(text.PadLeft(columns[i].Width)).Append(" |");
        }
        return line.ToString();
    }
}
