using System.Diagnostics.CodeAnalysis;

namespace Akka.Configuration;

/// <summary>Configurations that may be null.</summary>
public static class ConfigExtensions
{
    /// <summary>The configuration with a fallback, or the fallback alone when there is none.</summary>
    /// <param name="config">The configuration, or null.</param>
    /// <param name="fallback">Counts where the other has no setting.</param>
    public static Config SafeWithFallback(this Config? config, Config fallback) =>
        config is null ? fallback : ReferenceEquals(config, fallback) ? config : config.WithFallback(fallback);

    /// <summary>Whether there are no settings.</summary>
    /// <param name="config">The configuration, or null.</param>
    public static bool IsNullOrEmpty([NotNullWhen(false)] this Config? config) => config is null || config.IsEmpty;
}
