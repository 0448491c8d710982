using System.Globalization;
using System.Security;
using System.Text;

namespace Ouroboros.Samples.DhtSimulation.Report;

/// <summary>Draws line charts side by side into one SVG: axes, grid, lines with dots, labels at the ends of lines.</summary>
internal sealed class SvgPlot(string title, string subtitle)
{
    private const int PanelWidth = 470;
    private const int PanelHeight = 300;
    private const int Left = 70;
    private const int Top = 110;
    private const int GapX = 130;
    private const int GapY = 120;
    private const int Columns = 2;

    private readonly List<SvgPanel> _panels = [];

    /// <summary>Adds a chart to the right of the last, or below.</summary>
    public void Add(SvgPanel panel) => _panels.Add(panel);

    /// <summary>The drawing.</summary>
    public string Render()
    {
        var rows = (_panels.Count + Columns - 1) / Columns;
        var width = Left + (Columns * (PanelWidth + GapX));
        var height = Top + (rows * (PanelHeight + GapY));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="Inter, 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif">
            <rect width="100%" height="100%" fill="#fbfaf7"/>
            <text x="{Left - 40}" y="46" font-size="24" font-weight="600" fill="#1d2433">{Escape(title)}</text>
            <text x="{Left - 40}" y="70" font-size="13" fill="#667085">{Escape(subtitle)}</text>

            """);
        for (var i = 0; i < _panels.Count; i++)
        {
            var x = Left + (i % Columns * (PanelWidth + GapX));
            var y = Top + 36 + (i / Columns * (PanelHeight + GapY));
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({x} {y})\">\n");
            Draw(svg, _panels[i]);
            svg.Append("</g>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, SvgPanel panel)
    {
        Text(svg, 0, -18, panel.Title, 15, "#1d2433", "start", "600");
        foreach (var (value, label) in panel.Y.Ticks)
        {
            var y = Y(panel, value);
            Line(svg, 0, y, PanelWidth, y, "#e4e2dc");
            Text(svg, -10, y + 4, label, 12, "#667085", "end");
        }
        foreach (var (value, label) in panel.X.Ticks)
        {
            var x = X(panel, value);
            Line(svg, x, PanelHeight, x, PanelHeight + 5, "#98a2b3");
            Text(svg, x, PanelHeight + 21, label, 12, "#667085", "middle");
        }
        Line(svg, 0, PanelHeight, PanelWidth, PanelHeight, "#98a2b3");
        Text(svg, PanelWidth / 2.0, PanelHeight + 44, panel.X.Title, 12, "#475467", "middle");
        if (panel.Bar is { } bar)
        {
            var y = Y(panel, bar.Value);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"0\" y1=\"{y:F1}\" x2=\"{PanelWidth}\" y2=\"{y:F1}\" stroke=\"#b42318\" stroke-width=\"1.3\" stroke-dasharray=\"5 4\"/>\n");
            // To the left, where lines are seldom near their bars: what is shown gets worse to the right.
            Text(svg, 4, y - 6, bar.Label, 11, "#b42318", "start");
        }
        var taken = new List<double>();
        foreach (var line in panel.Lines) Draw(svg, panel, line, taken);
    }

    private static void Draw(StringBuilder svg, SvgPanel panel, SvgLine line, List<double> taken)
    {
        var points = line.Points.Select(p => (X: X(panel, p.X), Y: Y(panel, p.Y), p.Low, p.High)).ToList();
        if (line.Points.Any(p => p.High > p.Low))
        {
            var upper = points.Select(p => (p.X, Y: Y(panel, p.High)));
            var lower = points.Select(p => (p.X, Y: Y(panel, p.Low))).Reverse();
            var area = string.Join(' ', upper.Concat(lower).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:F1},{p.Y:F1}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polygon points=\"{area}\" fill=\"{line.Colour}\" opacity=\"0.12\"/>\n");
        }
        var path = string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:F1},{p.Y:F1}")));
        svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{line.Colour}\" stroke-width=\"2.4\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>\n");
        foreach (var p in points)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{p.X:F1}\" cy=\"{p.Y:F1}\" r=\"3.6\" fill=\"#fbfaf7\" stroke=\"{line.Colour}\" stroke-width=\"2.2\"/>\n");
        }
        if (points.Count == 0) return;
        // A label that would lie on another moves out of its way.
        var at = points[^1].Y + 4;
        while (taken.FirstOrDefault(t => Math.Abs(t - at) < 14, double.NaN) is var other && !double.IsNaN(other)) at = other + (at >= other ? 14.5 : -14.5);
        taken.Add(at);
        Text(svg, points[^1].X + 10, at, line.Name, 12, line.Colour, "start", "600");
    }

    private static double X(SvgPanel panel, double value) => panel.X.Scale(value) * PanelWidth;

    private static double Y(SvgPanel panel, double value) => PanelHeight - (Math.Clamp(panel.Y.Scale(value), 0, 1) * PanelHeight);

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2, string colour) =>
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\" stroke=\"{colour}\"/>\n");

    private static void Text(StringBuilder svg, double x, double y, string text, int size, string colour, string anchor, string weight = "400") =>
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{x:F1}\" y=\"{y:F1}\" font-size=\"{size}\" fill=\"{colour}\" text-anchor=\"{anchor}\" font-weight=\"{weight}\">{Escape(text)}</text>\n");

    private static string Escape(string text) => SecurityElement.Escape(text) ?? "";
}
