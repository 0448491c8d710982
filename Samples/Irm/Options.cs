namespace Ouroboros.Samples.Irm;

/// <summary>Pairs of keyword and value, in any order, and flags; a keyword that is given again replaces the earlier value, unless all are asked for.</summary>
internal sealed class Options
{
    private readonly List<(string Keyword, string Value)> _given = [];

    private Options()
    {
    }

    /// <summary>Every pair in the order given; flags have an empty value.</summary>
    public IReadOnlyList<(string Keyword, string Value)> Given => _given;

    /// <summary>Reads what is left of a command line.</summary>
    /// <param name="words">The words.</param>
    /// <param name="keywords">Keywords that take a value, in table order.</param>
    /// <param name="flags">Keywords that take none; they come after the others.</param>
    /// <param name="usage">Usage of the command.</param>
    /// <param name="unknown">What to say about a word that is none of them.</param>
    public static Options Parse(Words words, IReadOnlyList<string> keywords, IReadOnlyList<string> flags, string usage, Func<string, UsageException> unknown)
    {
        var options = new Options();
        while (words.Next() is { } word)
        {
            if (Words.Find(word, keywords) is { } keyword)
            {
                options._given.Add((keyword, words.Next() ?? throw new UsageException($"\"{word}\" needs a value.", usage)));
            }
            else if (Words.Find(word, flags) is { } flag)
            {
                options._given.Add((flag, ""));
            }
            else
            {
                throw unknown(word);
            }
        }
        return options;
    }

    /// <summary>The value of a keyword; null when it was not given.</summary>
    public string? this[string keyword] => _given.LastOrDefault(g => g.Keyword == keyword).Value;

    /// <summary>Whether a keyword or flag was given.</summary>
    public bool Has(string keyword) => _given.Any(g => g.Keyword == keyword);

    /// <summary>A value that there has to be.</summary>
    public string Required(string keyword, string usage) => this[keyword] ?? throw new UsageException($"\"{keyword}\" is missing.", usage);
}
