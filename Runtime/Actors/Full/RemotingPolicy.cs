using Akka.Actor.Setup;
using Akka.Configuration;

namespace Ouroboros.Runtime.Actors;

/// <summary>
/// Remoting is off unless the configuration turns it on, and then it is TLS in which both sides show a certificate of the nodes' own
/// authority; no type is made from the network that is not on the list of this runtime's messages. Anything else is refused at start.
/// </summary>
internal static class RemotingPolicy
{
    /// <summary>Where Akka.Remote's transport is configured.</summary>
    internal const string Tcp = "akka.remote.dot-netty.tcp";

    /// <summary>What holds under the user's settings once remoting is on.</summary>
    public const string Defaults =
        """
        akka.remote {
          untrusted-mode = on
          # The IRMd, and what Akka.NET's own parts on other nodes talk to by path.
          trusted-selection-paths = ["/user/irmd", "/system/remote-watcher", "/system/cluster/core/daemon", "/system/cluster/heartbeatReceiver"]
          dot-netty.tcp {
            enable-ssl = true
            ssl { suppress-validation = false, require-mutual-authentication = true }
          }
        }
        """;

    /// <summary>What holds over the user's settings once remoting is on: nothing else makes objects out of bytes.</summary>
    private const string Fixed =
        """
        akka.actor {
          serializers {
            hyperion = "Ouroboros.Runtime.Actors.AllowListSerializer, Ouroboros.Runtime"
            json = "Ouroboros.Runtime.Actors.AllowListSerializer, Ouroboros.Runtime"
          }
          serialization-bindings."System.Object" = hyperion
        }
        """;

    /// <summary>Whether the configuration asks for more than one machine.</summary>
    public static bool IsOn(Config config) =>
        config.GetString("akka.actor.provider", "local") is var provider && provider is not ("local" or "") &&
        !provider.StartsWith("Akka.Actor.LocalActorRefProvider", StringComparison.Ordinal);

    /// <summary>The settings and the set-up of an actor system with remoting.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.NotPermitted"/> with the path of the setting that would let anybody join.</exception>
    public static ActorSystemSetup Apply(Config config)
    {
        config = ConfigurationFactory.ParseString(Fixed).WithFallback(config).WithFallback(ConfigurationFactory.ParseString(Defaults));
        Require(config, Tcp + ".enable-ssl", true);
        Require(config, Tcp + ".ssl.suppress-validation", false);
        Require(config, Tcp + ".ssl.require-mutual-authentication", true);
        Require(config, "akka.remote.untrusted-mode", true);
        Require(config, "akka.actor.serialization-settings.hyperion.disallow-unsafe-type", true);
        foreach (var transport in config.GetStringList("akka.remote.enabled-transports", [Tcp]))
        {
            if (transport != Tcp) throw new FlowException(FlowError.NotPermitted, $"akka.remote.enabled-transports: '{transport}' is not TLS; leave it at [{Tcp}]");
        }
        if (config.GetBoolean(Tcp + ".ssl.certificate.use-thumbprint-over-file", false))
        {
            throw new FlowException(FlowError.NotPermitted, $"{Tcp}.ssl.certificate.use-thumbprint-over-file: certificates come from files here; give {Tcp}.ssl.certificate.path");
        }
        var certificates = RemotingCertificates.Read(config);
        return ActorSystemSetup.Create(Akka.Actor.BootstrapSetup.Create().WithConfig(config), certificates);
    }

    private static void Require(Config config, string path, bool value)
    {
        if (config.GetBoolean(path, value) == value) return;
        throw new FlowException(FlowError.NotPermitted,
            $"{path}: must be {(value ? "true" : "false")}; remoting of a runtime is TLS with mutual authentication and an allow-list of types, or off");
    }
}
