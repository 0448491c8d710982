using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The configuration as a part of what a system is made from.</summary>
public sealed class BootstrapSetup : Setup.Setup
{
    private BootstrapSetup(Option<Config> config) => Config = config;

    /// <summary>The configuration.</summary>
    public Option<Config> Config { get; }

    /// <summary>Makes an empty one.</summary>
    public static BootstrapSetup Create() => new(Option<Config>.None);

    /// <summary>The same with a configuration.</summary>
    /// <param name="config">The configuration.</param>
    public BootstrapSetup WithConfig(Config config) => new(config);

    /// <summary>The same with settings for those that its configuration has not.</summary>
    /// <param name="config">The settings.</param>
    public BootstrapSetup WithConfigFallback(Config config) =>
        Config.HasValue ? new(Config.Value.SafeWithFallback(config)) : WithConfig(config);
}
