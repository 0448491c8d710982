using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Serialization.Hyperion;
using Hyperion;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Actors;

/// <summary>
/// Remoting is off unless the configuration turns it on, and then it is TLS with certificates checked on both sides; Hyperion takes no type
/// that is not on the list of this runtime's messages. Anything else is refused at start.
/// </summary>
internal static class RemotingPolicy
{
    /// <summary>What holds under the user's settings once remoting is on.</summary>
    public const string Defaults =
        """
        akka {
          actor {
            serializers.hyperion = "Akka.Serialization.HyperionSerializer, Akka.Serialization.Hyperion"
            serialization-bindings { "Ouroboros.Runtime.Irmd.Protocol.IrmProtocol+Command, Ouroboros.Runtime" = hyperion }
            serialization-settings.hyperion.disallow-unsafe-type = true
          }
          remote {
            untrusted-mode = on
            trusted-selection-paths = ["/user/irmd"]
            dot-netty.tcp {
              enable-ssl = true
              ssl { suppress-validation = false, require-mutual-authentication = true }
            }
          }
        }
        """;

    private const string Tcp = "akka.remote.dot-netty.tcp";

    /// <summary>Whether the configuration asks for more than one machine.</summary>
    public static bool IsOn(Config config) => config.GetString("akka.actor.provider", "local") is not ("local" or "");

    /// <summary>Refuses remoting that anybody could join.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.NotPermitted"/> with the path of the setting.</exception>
    public static void Check(Config config)
    {
        Require(config, Tcp + ".enable-ssl", true);
        Require(config, Tcp + ".ssl.suppress-validation", false);
        Require(config, Tcp + ".ssl.require-mutual-authentication", true);
        Require(config, "akka.actor.serialization-settings.hyperion.disallow-unsafe-type", true);
        if (!config.HasPath(Tcp + ".ssl.certificate.path") && !config.GetBoolean(Tcp + ".ssl.certificate.use-thumbprint-over-file", false))
        {
            throw new FlowException(FlowError.NotPermitted, $"{Tcp}.ssl.certificate.path: remoting needs a certificate; give its path and password");
        }
    }

    /// <summary>The types that Hyperion may make from bytes: the IRMd's commands, their parts and their results.</summary>
    public static Setup AllowList()
    {
        var filter = TypeFilterBuilder.Create();
        foreach (var type in typeof(IrmProtocol).GetNestedTypes().Where(t => t != typeof(IrmProtocol.Attached))) filter.Include(type);
        foreach (var type in new[]
        {
            typeof(Credentials), typeof(IpcpInfo), typeof(NameInfo), typeof(SecurityPaths), typeof(FlowInfo), typeof(ProcessInfo),
            typeof(ProgramCommand), typeof(Layers.Ipcp.LayerInfo), typeof(Layers.Flow.QosSpec), typeof(Layers.Local.LocalConfig),
        })
        {
            filter.Include(type);
        }
        return HyperionSerializerSetup.Empty.WithDisallowUnsafeType(true).WithTypeFilter(filter.Build());
    }

    private static void Require(Config config, string path, bool value)
    {
        if (config.GetBoolean(path, value) == value) return;
        throw new FlowException(FlowError.NotPermitted, $"{path}: must be {(value ? "true" : "false")}; remoting of a runtime is TLS with mutual authentication and an allow-list of types, or off");
    }
}
