namespace Ouroboros.Hocon;

/// <summary>How documents are read and how large they may grow. The defaults suit configuration files; raise a limit only for a trusted source.</summary>
public sealed record HoconOptions
{
    /// <summary>The defaults.</summary>
    public static HoconOptions Default { get; } = new();

    /// <summary>Name of a text that does not come from a file, for origins and errors.</summary>
    public string SourceName { get; init; } = "<string>";

    /// <summary>Directory that relative includes of a text are relative to; an included or parsed file has its own. Null: such an include is an error.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>What a substitution that is not in the document falls back to. Null result: not set. Default: the process environment.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Reads an included file by its path; null when there is no such file. Default: the file system, strict UTF-8.</summary>
    public Func<string, string?>? ReadFile { get; init; }

    /// <summary>Characters of a document, its includes counted each time they are included.</summary>
    public int MaxCharacters { get; init; } = 4 * 1024 * 1024;

    /// <summary>Levels of nested objects and arrays, before and after substitution. 1 to 1000.</summary>
    public int MaxDepth
    {
        get;
        init => field = value is >= 1 and <= 1000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "MaxDepth is 1 to 1000.");
    } = 128;

    /// <summary>Levels of files that include files.</summary>
    public int MaxIncludeDepth { get; init; } = 32;

    /// <summary>Include statements of a document, those of its included files too.</summary>
    public int MaxIncludes { get; init; } = 1000;

    /// <summary>Levels of values and substitutions that wait for one another while a document is resolved.</summary>
    public int MaxResolutionDepth { get; init; } = 1000;

    /// <summary>Values looked at, merged or made while a document is resolved; bounds documents that multiply themselves by substitution.</summary>
    public int MaxResolutionSteps { get; init; } = 1_000_000;
}
