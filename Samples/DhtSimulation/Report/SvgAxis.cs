using System.Globalization;

namespace Ouroboros.Samples.DhtSimulation.Report;

/// <summary>An axis: where a value lies on it, and which are labelled.</summary>
internal sealed record SvgAxis(string Title, Func<double, double> Scale, IReadOnlyList<(double Value, string Label)> Ticks)
{
    /// <summary>From 0 to a round number at or above <paramref name="max"/>.</summary>
    public static SvgAxis Linear(string title, double max, string unit = "")
    {
        var step = NiceStep(max);
        var top = Math.Max(step, Math.Ceiling((max / step) - 1e-9) * step);
        var ticks = new List<(double, string)>();
        for (var value = 0.0; value <= top + (step / 2); value += step) ticks.Add((value, Number(value) + unit));
        return new SvgAxis(title, v => v / top, ticks);
    }

    /// <summary>Powers of ten between the two, and a little beyond.</summary>
    public static SvgAxis Logarithmic(string title, double min, double max)
    {
        var (low, high) = (Math.Log10(min), Math.Log10(max));
        var ticks = new List<(double, string)>();
        for (var power = Math.Ceiling(low - 1e-9); power <= high + 1e-9; power++)
        {
            var value = Math.Pow(10, power);
            ticks.Add((value, value.ToString("N0", CultureInfo.InvariantCulture)));
        }
        var span = Math.Max(high - low, 1e-9);
        return new SvgAxis(title, v => (Math.Log10(v) - low) / span, ticks);
    }

    /// <summary>Shares close to 1, stretched by how much they lack: each step up is a tenth of the failures.</summary>
    public static SvgAxis Nines(string title) =>
        new(title, v => -Math.Log10(Math.Max(1 - v, 1e-5)) / 5, [(0, "0 %"), (0.9, "90 %"), (0.99, "99 %"), (0.999, "99.9 %"), (0.9999, "99.99 %"), (1, "100 %")]);

    private static double NiceStep(double max)
    {
        var rough = Math.Max(max, 1e-9) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var scaled = rough / power;
        return power * (scaled <= 1 ? 1 : scaled <= 2 ? 2 : scaled <= 5 ? 5 : 10);
    }

    private static string Number(double value) => Math.Round(value, 6).ToString("#,0.##", CultureInfo.InvariantCulture);
}
