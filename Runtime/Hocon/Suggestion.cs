namespace Ouroboros.Hocon;

/// <summary>What somebody may have meant by a word that nobody knows.</summary>
internal static class Suggestion
{
    private const int LongestWord = 64;

    /// <summary>The nearest of the candidates, if it is near: at most a third of its characters differ.</summary>
    public static string? For(string word, IEnumerable<string> candidates)
    {
        if (word.Length > LongestWord) return null;
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            if (candidate.Length > LongestWord) continue;
            var distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance >= bestDistance || distance > Math.Max(1, candidate.Length / 3)) continue;
            best = candidate;
            bestDistance = distance;
        }
        return best;
    }

    /// <summary>Insertions, removals, replacements and swaps of neighbours that turn one word into the other.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
