using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Runtime.Full;

/// <summary>Remoting of a runtime on Akka.NET is TLS with certificates of one authority on both sides, or it does not start.</summary>
public sealed class RemotingPolicyTests : RemotingTest
{
    private const string Tcp = "akka.remote.dot-netty.tcp";

    private Authority _authority = null!;

    [SetUp]
    public void MakeAuthority() => _authority = NewAuthority("nodes");

    private async Task Refused(string hocon, string path)
    {
        OuroborosRuntime? started = null;
        var refused = Assert.ThrowsAsync<FlowException>(async () => started = await OuroborosRuntime.StartAsync(ConfigOf("node", hocon)));
        if (started is not null) await started.DisposeAsync();
        Assert.That(refused!.Error, Is.EqualTo(FlowError.NotPermitted));
        Assert.That(refused.Message, Does.StartWith(path + ": "));
    }

    [TestCase(Tcp + ".enable-ssl", "false")]
    [TestCase(Tcp + ".ssl.suppress-validation", "true")]
    [TestCase(Tcp + ".ssl.require-mutual-authentication", "false")]
    [TestCase(Tcp + ".ssl.certificate.use-thumbprint-over-file", "true")]
    [TestCase(Tcp + ".ssl.certificate.path", "\"\"")]
    [TestCase(Tcp + ".ssl.certificate.path", "/nowhere/node.p12")]
    [TestCase(Tcp + ".ssl.authority", "\"\"")]
    [TestCase(Tcp + ".ssl.authority", "/nowhere/authority.pem")]
    [TestCase("akka.remote.untrusted-mode", "off")]
    [TestCase("akka.remote.enabled-transports", "[\"akka.remote.dot-netty.tcp\", \"akka.remote.mine\"]")]
    [TestCase("akka.actor.serialization-settings.hyperion.disallow-unsafe-type", "false")]
    public Task Remoting_that_anybody_could_join_is_refused_with_the_path_of_the_setting(string path, string value) =>
        Refused(Remote(_authority.IssueFile("node"), _authority.Pem, $"{path} = {value}"), path);

    [Test]
    public Task A_certificate_without_its_key_is_refused() =>
        Refused(Remote(_authority.IssueFile("node", withKey: false), _authority.Pem), Tcp + ".ssl.certificate.path");

    [Test]
    public Task A_certificate_whose_password_is_wrong_is_refused() =>
        Refused(Remote(_authority.IssueFile("node"), _authority.Pem, Tcp + ".ssl.certificate.password = wrong"), Tcp + ".ssl.certificate.path");

    [Test]
    public Task An_authority_that_is_no_certificate_is_refused()
    {
        var path = _authority.IssueFile("node");
        return Refused(Remote(path, path), Tcp + ".ssl.authority");
    }

    [Test]
    public async Task Other_serializers_for_what_is_not_on_the_list_are_not_to_be_had()
    {
        var node = await StartAsync("node", Remote(_authority.IssueFile("node"), _authority.Pem,
            """
            akka.actor.serializers.json = "Akka.Serialization.NewtonSoftJsonSerializer, Akka"
            akka.actor.serialization-bindings."System.Object" = json
            """));
        var serialization = ((Akka.Actor.ExtendedActorSystem)node.System).Serialization;
        Assert.That(serialization.FindSerializerForType(typeof(RuntimeConfig)), Is.InstanceOf<Ouroboros.Runtime.Actors.AllowListSerializer>());
    }

    [TestCase("akka.actor.provider = local")]
    [TestCase("akka.actor.provider = \"Akka.Actor.LocalActorRefProvider\"")]
    [TestCase("akka.actor.provider = \"Akka.Actor.LocalActorRefProvider, Akka\"")]
    public async Task Without_remoting_nothing_of_this_is_asked(string hocon) => await StartAsync("node", hocon);
}
