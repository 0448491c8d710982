using System.Text.Json.Nodes;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;
using Ouroboros.Crypto.Signatures;

namespace Ouroboros.Tests.Crypto.Certificates;

public class SignatureTests
{
    private static IEnumerable<TestCaseData> Entries(bool postQuantum)
    {
        byte[] key = [], message = [];
        foreach (var entry in Vectors.Load("signatures.json").AsArray())
        {
            if (entry!["public_key_spki"] is not null) (key, message) = (entry.Bytes("public_key_spki"), entry.Bytes("message"));
            if (entry.Text("key_type").Contains("-DSA-") == postQuantum)
            {
                yield return new TestCaseData(entry, key, message).SetArgDisplayNames(entry.Text("key_type"), entry.Text("digest"), $"{key.Length}");
            }
        }
    }

    [TestCaseSource(nameof(Entries), [false])]
    public void Signatures_of_the_reference_verify(JsonNode entry, byte[] key, byte[] message) => Check(entry, key, message);

    [TestCaseSource(nameof(Entries), [true]), Category(PostQuantum.Category)]
    public void Post_quantum_signatures_of_the_reference_verify(JsonNode entry, byte[] key, byte[] message)
    {
        PostQuantum.Require();
        Check(entry, key, message);
    }

    [TestCase("ec.oping", "EC", 70)]
    [TestCase("rsa.oping", "RSA", 256)]
    [TestCase("ed.oping", "ED25519", 64)]
    public void Keys_in_files_sign(string name, string type, int length)
    {
        using var identity = Oap.Capture.IdentityOf(name);
        Assert.That(identity.Key.Type, Is.EqualTo(type));
        var signature = identity.Key.Sign(DigestAlgorithm.None, "message"u8);
        Assert.That(signature, Has.Length.EqualTo(length).Within(2));
        Assert.That(identity.Certificate.Verify(DigestAlgorithm.None, "message"u8, signature), Is.True);
        Assert.That(identity.Certificate.Verify(DigestAlgorithm.None, "massage"u8, signature), Is.False);
        Assert.That($"{identity.Key}", Is.EqualTo($"signing key, {type}"));
    }

    [Test]
    public void A_key_that_belongs_to_another_certificate_is_refused_with_both_named()
    {
        var e = Assert.Throws<OpenSslException>(() => Ouroboros.Crypto.Certificates.Identity.Read(
            Vectors.Certificate("ec.oping.crt.pem"), Vectors.Certificate("ec.client.key.pem")));
        Assert.That(e!.Message, Does.Contain("does not belong").And.Contain("oping"));
    }

    [Test]
    public void Combinations_that_cannot_sign_say_so()
    {
        using var edwards = SigningKey.Open(Vectors.Certificate("ed.oping.key.pem"));
        Assert.That(Assert.Throws<OpenSslException>(() => edwards.Sign(DigestAlgorithm.Sha256, [1]))!.Message, Does.Contain("ED25519").And.Contain("sha256"));
        using var rsa = SigningKey.Open(Vectors.Certificate("rsa.oping.key.pem"));
        Assert.Throws<OpenSslException>(() => rsa.Sign(DigestAlgorithm.Blake2b512, [1]));
    }

    [Test]
    public void What_is_no_key_is_refused_without_its_content_in_the_message()
    {
        using var text = new SecretBuffer("-----BEGIN PRIVATE KEY-----\nc2VjcmV0LXNlY3JldA==\n-----END PRIVATE KEY-----\n"u8);
        var e = Assert.Throws<OpenSslException>(() => SigningKey.ReadPem(text));
        Assert.That(e!.Message, Does.Not.Contain("c2Vj").And.Not.Contain("secret-"));
        using var certificate = SigningKey.ReadFile(Vectors.Certificate("ec.oping.crt.pem"));
        Assert.Throws<OpenSslException>(() => SigningKey.ReadPem(certificate));
    }

    private static void Check(JsonNode entry, byte[] key, byte[] message)
    {
        using var handle = OpenSslKey.DecodePublic(key);
        var digest = Vectors.Digest(entry.Text("digest"));
        if (entry.Text("result") != "ok")
        {
            Assert.That(Signature.TryFindDigest(OpenSslKey.TypeOf(handle!), digest, out _), Is.False, "the reference cannot sign this either");
            return;
        }
        Assert.That(Signature.TryFindDigest(OpenSslKey.TypeOf(handle!), digest, out _), Is.True);
        // The vectors leave out most of the long signatures.
        if (entry["signature"] is null) return;
        var signature = entry.Bytes("signature");
        Assert.That(Signature.Verify(handle!, digest, message, signature), Is.True);
        Assert.That(Signature.Verify(handle!, digest, [.. message, 0], signature), Is.False);
        signature[^1] ^= 1;
        Assert.That(Signature.Verify(handle!, digest, message, signature), Is.False);
        Assert.That(Signature.Verify(handle!, digest, message, []), Is.False);
    }
}
