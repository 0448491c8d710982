namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>Counts of small whole numbers, and what can be said of them.</summary>
public sealed class Distribution
{
    private int[] _counts = new int[64];

    /// <summary>Samples.</summary>
    public int Count { get; private set; }

    /// <summary>The largest sample.</summary>
    public int Max { get; private set; }

    /// <summary>Mean of the samples.</summary>
    public double Mean => Count == 0 ? 0 : _counts.Select((n, value) => (double)n * value).Sum() / Count;

    /// <summary>All samples of several.</summary>
    public static Distribution Of(IEnumerable<Distribution> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var all = new Distribution();
        foreach (var part in parts)
        {
            if (all._counts.Length < part._counts.Length) Array.Resize(ref all._counts, part._counts.Length);
            for (var value = 0; value < part._counts.Length; value++) all._counts[value] += part._counts[value];
            all.Count += part.Count;
            all.Max = Math.Max(all.Max, part.Max);
        }
        return all;
    }

    /// <summary>Adds a sample, at least 0.</summary>
    public void Add(long sample)
    {
        var value = (int)Math.Clamp(sample, 0, 1 << 20);
        if (value >= _counts.Length) Array.Resize(ref _counts, Math.Max(value + 1, _counts.Length * 2));
        _counts[value]++;
        Count++;
        Max = Math.Max(Max, value);
    }

    /// <summary>The least value that a share of the samples does not exceed.</summary>
    public int Percentile(double share)
    {
        var left = Math.Max(1, (long)Math.Ceiling(Count * share));
        for (var value = 0; value < _counts.Length; value++)
        {
            left -= _counts[value];
            if (left <= 0) return value;
        }
        return 0;
    }

    /// <summary>Samples of a value.</summary>
    public int At(int value) => value < _counts.Length ? _counts[value] : 0;
}
