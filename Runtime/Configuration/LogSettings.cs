using Serilog.Events;

namespace Ouroboros.Runtime.Configuration;

/// <summary>What is logged and where to, under <c>ouroboros.log</c> in HOCON; see <see cref="Hosting.SerilogSetup"/>.</summary>
public sealed record LogSettings
{
    /// <summary>The least level that is written.</summary>
    public LogEventLevel Level { get; init; } = LogEventLevel.Information;

    /// <summary>Whether to write to the standard error stream; the standard output is left to the program's results.</summary>
    public bool Console { get; init; } = true;

    /// <summary>File to append to; null = none.</summary>
    public string? File { get; init; }

    /// <summary>Levels of single components, by the beginning of their <c>SourceContext</c>.</summary>
    public IReadOnlyDictionary<string, LogEventLevel> Sources { get; init; } = new Dictionary<string, LogEventLevel>();
}
