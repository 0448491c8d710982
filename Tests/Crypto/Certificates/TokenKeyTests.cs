using System.Diagnostics;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Certificates;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Signatures;

namespace Ouroboros.Tests.Crypto.Certificates;

/// <summary>Keys in a SoftHSM token; run by <c>.ci/trixie</c>, where Debian 13 has OpenSSL's provider for PKCS#11.</summary>
[Category("Token")]
public class TokenKeyTests
{
    private const string Pin = "87654321";

    [OneTimeSetUp]
    public void MakeToken()
    {
        var configuration = Environment.GetEnvironmentVariable("SOFTHSM2_CONF");
        if (string.IsNullOrEmpty(configuration) || Environment.GetEnvironmentVariable("PKCS11_PROVIDER_MODULE") is null)
        {
            if (Environment.GetEnvironmentVariable("OUROBOROS_EXPECT_POST_QUANTUM") == "1") Assert.Fail("SOFTHSM2_CONF and PKCS11_PROVIDER_MODULE are not set");
            Assert.Inconclusive("SOFTHSM2_CONF and PKCS11_PROVIDER_MODULE are not set; .ci/trixie runs this test in a Debian 13 root");
        }
        var tokens = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(configuration)!, "ouroboros-tokens"));
        File.WriteAllText(configuration!, $"directories.tokendir = {tokens.FullName}\nobjectstore.backend = file\n");
        Run("softhsm2-util", "--init-token", "--free", "--label", "ouroboros", "--pin", Pin, "--so-pin", Pin);
        Run("softhsm2-util", "--import", Vectors.Certificate("ec.oping.key.pem"), "--token", "ouroboros", "--label", "oping", "--id", "01", "--pin", Pin);
    }

    [Test]
    public void A_key_that_never_leaves_its_token_signs_for_its_certificate()
    {
        using var identity = Identity.Read(Vectors.Certificate("ec.oping.crt.pem"), $"pkcs11:token=ouroboros;object=oping;type=private?pin-value={Pin}");
        var signature = identity.Key.Sign(DigestAlgorithm.Sha384, "message"u8);
        Assert.That(identity.Certificate.Verify(DigestAlgorithm.Sha384, "message"u8, signature), Is.True);
        Assert.That(identity.Certificate.Verify(DigestAlgorithm.Sha256, "message"u8, signature), Is.False);
    }

    [Test]
    public void A_key_that_is_not_there_is_an_error_without_the_PIN()
    {
        var e = Assert.Throws<OpenSslException>(() => SigningKey.Open($"pkcs11:token=ouroboros;object=nobody;type=private?pin-value={Pin}"));
        Assert.That(e!.Message, Does.Contain("object=nobody").And.Not.Contain(Pin));
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output);
    }
}
