namespace Ouroboros.Samples.Irm;

/// <summary>The command line cannot be carried out as it stands: what is wrong, and how it should look.</summary>
internal sealed class UsageException(string? problem, string? usage) : Exception(problem)
{
    /// <summary>What is wrong; null when only the usage is to be shown.</summary>
    public string? Problem { get; } = problem;

    /// <summary>How it should look; null when the problem says enough.</summary>
    public string? Usage { get; } = usage;

    /// <summary>A word that means nothing here.</summary>
    public static UsageException Unknown(string word, string command) => new($"\"{word}\" is unknown, try \"{command}\".", null);
}
