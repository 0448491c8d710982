namespace Ouroboros.Tests.Benchmarks;

/// <summary>Figures of one run, kept to be put side by side at its end.</summary>
internal sealed class FigureTable
{
    private readonly Dictionary<(string What, string Who), List<double>> _figures = [];
    private readonly List<string> _whats = [];
    private readonly List<string> _whos = [];

    /// <summary>Keeps a figure; several of one place are shown by their median.</summary>
    public void Add(string what, string who, double figure)
    {
        if (!_whats.Contains(what)) _whats.Add(what);
        if (!_whos.Contains(who)) _whos.Add(who);
        if (!_figures.TryGetValue((what, who), out var list)) _figures[(what, who)] = list = [];
        list.Add(figure);
    }

    /// <summary>The median of what was kept; null when nothing was.</summary>
    public double? Median(string what, string who)
    {
        if (!_figures.TryGetValue((what, who), out var list)) return null;
        var sorted = list.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    /// <summary>Writes a table in Markdown: a row for each figure, a column for each of whom it is.</summary>
    public void Print()
    {
        Console.WriteLine($"\n| median | {string.Join(" | ", _whos)} |\n|---|{string.Concat(_whos.Select(_ => "---|"))}");
        foreach (var what in _whats) Console.WriteLine($"| {what} | {string.Join(" | ", _whos.Select(who => Median(what, who) is { } figure ? Text(figure) : ""))} |");
    }

    /// <summary>Writes how one stands to another.</summary>
    public void PrintRatio(string what, string who, string other, string bar)
    {
        if (Median(what, who) is { } a && Median(what, other) is { } b && b > 0) Console.WriteLine($"{what}, {who} / {other}: {a / b:F2} (bar: {bar})");
    }

    private static string Text(double figure) => figure >= 1000 ? figure.ToString("N0", null) : figure.ToString(figure >= 1 ? "F1" : "F4", null);
}
