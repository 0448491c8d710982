namespace Ouroboros.Samples.Irm;

/// <summary>
/// The words of a command line from left to right. Keywords may be shortened to any beginning; of several that begin alike the first in
/// the table is meant, so the order of a table is part of the command's meaning.
/// </summary>
internal sealed class Words(IReadOnlyList<string> words)
{
    private int _next;

    /// <summary>How many are left.</summary>
    public int Left => words.Count - _next;

    /// <summary>The next one; null at the end.</summary>
    public string? Next() => _next < words.Count ? words[_next++] : null;

    /// <summary>All that are left.</summary>
    public IReadOnlyList<string> Rest()
    {
        var rest = words.Skip(_next).ToList();
        _next = words.Count;
        return rest;
    }

    /// <summary>Whether a word stands for a keyword.</summary>
    public static bool Means(string word, string keyword) => word.Length > 0 && keyword.StartsWith(word, StringComparison.Ordinal);

    /// <summary>The first keyword that a word stands for; null when it stands for none.</summary>
    public static string? Find(string word, IEnumerable<string> keywords) => keywords.FirstOrDefault(k => Means(word, k));
}
