using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Tests.Crypto.KeyExchange;

/// <summary>Keys of key exchanges in files: PEM private and public, as the reference's own tests read them; what is none.</summary>
public class StaticKeyTests
{
    private static IEnumerable<TestCaseData> Keys() =>
        Vectors.Load("kex-dhe.json").AsArray().DistinctBy(e => e!.Text("kex")).Select(e => new TestCaseData(e!["client"]).SetArgDisplayNames(e!.Text("kex")));

    [TestCaseSource(nameof(Keys))]
    public void Keys_in_PEM_are_encoded_as_they_go_on_the_wire(JsonNode known)
    {
        using var privatePem = Pem("PRIVATE KEY", known.Bytes("pkcs8"));
        using var key = StaticKeys.ReadPem(privatePem);
        Assert.That(key.PublicKey.ToArray(), Is.EqualTo(known.Bytes("spki")));
        using var publicPem = Pem("PUBLIC KEY", known.Bytes("spki"));
        Assert.That(StaticKeys.ReadPublicPem(publicPem.Span), Is.EqualTo(known.Bytes("spki")));
    }

    [Test]
    public void A_key_that_serves_no_key_exchange_is_refused_with_its_type()
    {
        using var rsa = RSA.Create(2048);
        using var pem = new SecretBuffer(Encoding.ASCII.GetBytes(rsa.ExportPkcs8PrivateKeyPem()));
        Assert.That(Assert.Throws<OpenSslException>(() => StaticKeys.ReadPem(pem))!.Message, Does.Contain("RSA"));
    }

    [TestCase("")]
    [TestCase("no PEM")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIHcHbQpzGKVyPBbBcjxR")]
    public void What_is_none_is_refused(string text)
    {
        using var pem = new SecretBuffer(Encoding.ASCII.GetBytes(text));
        Assert.Throws<OpenSslException>(() => StaticKeys.ReadPem(pem));
        Assert.Throws<OpenSslException>(() => StaticKeys.ReadDer(pem));
        Assert.Throws<OpenSslException>(() => StaticKeys.ReadRaw(pem));
        Assert.Throws<OpenSslException>(() => StaticKeys.ReadPublicPem(Encoding.ASCII.GetBytes(text)));
    }

    private static SecretBuffer Pem(string label, byte[] der) => new(Encoding.ASCII.GetBytes(PemEncoding.WriteString(label, der)));
}
