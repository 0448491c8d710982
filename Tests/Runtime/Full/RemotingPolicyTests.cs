using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Runtime.Full;

/// <summary>Remoting of a runtime on Akka.NET is TLS with certificates on both sides, or it does not start.</summary>
public sealed class RemotingPolicyTests
{
    private const string Remote = "akka { actor.provider = remote, remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 ";

    [TestCase("} }", "akka.remote.dot-netty.tcp.ssl.certificate.path")]
    [TestCase(", enable-ssl = false } }", "akka.remote.dot-netty.tcp.enable-ssl")]
    [TestCase(", ssl.suppress-validation = true } }", "akka.remote.dot-netty.tcp.ssl.suppress-validation")]
    [TestCase(", ssl.require-mutual-authentication = false } }", "akka.remote.dot-netty.tcp.ssl.require-mutual-authentication")]
    [TestCase("}\n actor.serialization-settings.hyperion.disallow-unsafe-type = false }", "akka.actor.serialization-settings.hyperion.disallow-unsafe-type")]
    public void Remoting_that_anybody_could_join_is_refused_with_the_path_of_the_setting(string rest, string path)
    {
        var config = new RuntimeConfig
        {
            GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            ActorSystemHocon = Remote + rest,
        };
        var refused = Assert.ThrowsAsync<FlowException>(() => OuroborosRuntime.StartAsync(config));
        Assert.That(refused!.Error, Is.EqualTo(FlowError.NotPermitted));
        Assert.That(refused.Message, Does.StartWith(path));
    }
}
