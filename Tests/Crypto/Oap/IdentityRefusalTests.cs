using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Certificates;
using Ouroboros.Crypto.Oap;

namespace Ouroboros.Tests.Crypto.Oap;

/// <summary>Certificates and signatures that are no good, inside of whole handshakes: the server refuses a client with -1009, the client a server with -1008.</summary>
public class IdentityRefusalTests
{
    private static readonly DateTimeOffset Today = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private string _folder = "";
    private ECDsa _rootKey = null!;
    private X509Certificate2 _root = null!;
    private TrustStore _trust = null!;

    private static long Now => (Today - DateTimeOffset.UnixEpoch).Ticks * 100;

    [OneTimeSetUp]
    public void MakeAuthority()
    {
        _folder = Directory.CreateTempSubdirectory("ouroboros-identity-").FullName;
        _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _root = Authority("CN=root", _rootKey);
        _trust = new TrustStore();
        _trust.AddRoot(Decode(_root));
    }

    [OneTimeTearDown]
    public void RemoveAuthority()
    {
        _trust.Dispose();
        _root.Dispose();
        _rootKey.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<TestCaseData> Certificates()
    {
        yield return new TestCaseData("good", OapFailure.None);
        yield return new TestCaseData("expired", OapFailure.CertificateUntrusted);
        yield return new TestCaseData("not yet valid", OapFailure.CertificateUntrusted);
        yield return new TestCaseData("self-signed", OapFailure.CertificateUntrusted);
        yield return new TestCaseData("of an unknown authority", OapFailure.CertificateUntrusted);
        yield return new TestCaseData("of an authority with the same name", OapFailure.CertificateUntrusted);
        yield return new TestCaseData("of a leaf", OapFailure.CertificateUntrusted);
        yield return new TestCaseData("for another name", OapFailure.WrongName);
    }

    [TestCaseSource(nameof(Certificates))]
    public void A_server_s_certificate(string what, OapFailure expected)
    {
        var clientSide = new OapSide { Trust = _trust };
        using var client = OapClient.Begin(clientSide, "oping", Now);
        using var identity = Make(what);
        using var served = new OapServer().Serve(new OapSide { Identity = identity }, "oping", client.Request.Span, Now);
        Assert.That(served.Error, Is.EqualTo(FlowError.None));
        using var completed = client.Complete(served.Response.Span, Now);
        Assert.That(completed.Failure, Is.EqualTo(expected), completed.Detail);
        Assert.That(completed.Error, Is.EqualTo(expected == OapFailure.None ? FlowError.None : FlowError.CryptoFailed));
        Assert.That(completed.Peer, Is.EqualTo(expected == OapFailure.None ? "oping" : null));
    }

    [TestCaseSource(nameof(Certificates))]
    public void A_client_s_certificate(string what, OapFailure expected)
    {
        // A client may have any name: the application sees which.
        if (expected == OapFailure.WrongName) expected = OapFailure.None;
        using var identity = Make(what);
        using var client = OapClient.Begin(new OapSide { Identity = identity }, "oping", Now);
        using var served = new OapServer().Serve(new OapSide { Trust = _trust }, "oping", client.Request.Span, Now);
        Assert.That(served.Failure, Is.EqualTo(expected), served.Detail);
        Assert.That(served.Error, Is.EqualTo(expected == OapFailure.None ? FlowError.None : FlowError.AuthenticationFailed));
        Assert.That(served.Response.IsEmpty, Is.EqualTo(expected != OapFailure.None), "a refused client gets no bytes");
    }

    [Test]
    public void A_stolen_certificate_does_not_help_without_its_key_and_neither_does_a_signature_of_another_message()
    {
        using var identity = Make("good");
        using var other = Make("for another name");
        var signed = new OapSide { Identity = identity };
        using var client = OapClient.Begin(new OapSide { Trust = _trust }, "oping", Now);
        using var served = new OapServer().Serve(signed, "oping", client.Request.Span, Now);
        using var again = new OapServer().Serve(signed, "oping", client.Request.Span, Now + 1);
        // Both are signed with the same key; a signature belongs to one of them.
        var length = 36 + identity.Certificate.Der.Length + 48;
        byte[] mixed = [.. served.Response.Span[..length], .. again.Response.Span[length..]];
        Assert.That(client.Complete(mixed, Now).Failure, Is.EqualTo(OapFailure.SignatureInvalid));
        byte[] unsigned = served.Response[..length].ToArray();
        Assert.That(client.Complete(unsigned, Now).Failure, Is.EqualTo(OapFailure.SignatureInvalid), "no signature behind a certificate");
        byte[] wrongKey = [.. unsigned, .. other.Key.Sign(DigestAlgorithm.None, unsigned)];
        Assert.That(client.Complete(wrongKey, Now).Failure, Is.EqualTo(OapFailure.SignatureInvalid));
        Assert.That(client.Complete(served.Response.Span, Now).Failure, Is.EqualTo(OapFailure.None));
    }

    [Test]
    public void Certificate_and_signature_taken_off_are_noticed_where_authentication_is_required()
    {
        using var identity = Make("good");
        var strict = new OapSide { Trust = _trust, RequireAuthentication = true };
        using var client = OapClient.Begin(strict, "oping", Now);
        using var served = new OapServer().Serve(new OapSide { Identity = identity }, "oping", client.Request.Span, Now);
        var certificate = identity.Certificate.Der.Length;
        byte[] stripped = [.. served.Response.Span[..36], .. served.Response.Span.Slice(36 + certificate, 48)];
        stripped.AsSpan(30, 2).Clear();
        using var completed = client.Complete(stripped, Now);
        Assert.That((completed.Error, completed.Failure), Is.EqualTo((FlowError.CryptoFailed, OapFailure.NotAuthenticated)));

        using var signing = OapClient.Begin(new OapSide { Identity = identity }, "oping", Now);
        var request = signing.Request.Span[..36].ToArray();
        request.AsSpan(30, 2).Clear();
        using var refused = new OapServer().Serve(strict, "oping", request, Now);
        Assert.That((refused.Error, refused.Failure), Is.EqualTo((FlowError.AuthenticationFailed, OapFailure.NotAuthenticated)));
    }

    [Test]
    public void A_client_without_any_roots_trusts_nobody()
    {
        using var client = OapClient.Begin(OapSide.Plain, "oping", Now);
        using var identity = Make("good");
        using var served = new OapServer().Serve(new OapSide { Identity = identity }, "oping", client.Request.Span, Now);
        Assert.That(client.Complete(served.Response.Span, Now).Failure, Is.EqualTo(OapFailure.CertificateUntrusted));
    }

    private static X509Certificate2 Authority(string subject, ECDsa key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Today.AddYears(-10), Today.AddYears(10));
    }

    private static Certificate Decode(X509Certificate2 certificate) =>
        Certificate.TryDecode(certificate.RawData, out var decoded) ? decoded : throw new InvalidOperationException();

    private Identity Make(string what)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var strangeKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(what == "for another name" ? "CN=other" : "CN=oping", key, HashAlgorithmName.SHA256);
        var (from, until) = what switch
        {
            "expired" => (Today.AddYears(-2), Today.AddSeconds(-1)),
            "not yet valid" => (Today.AddSeconds(1), Today.AddYears(2)),
            _ => (Today.AddDays(-1), Today.AddDays(1)),
        };
        X509Certificate2 Sign(string issuer, ECDsa issuerKey) =>
            request.Create(new X500DistinguishedName(issuer), X509SignatureGenerator.CreateForECDsa(issuerKey), from, until, [1, 2, 3]);
        using var made = what switch
        {
            "self-signed" => request.CreateSelfSigned(from, until),
            "of an unknown authority" => Sign("CN=stranger", strangeKey),
            "of an authority with the same name" => Sign("CN=root", strangeKey),
            "of a leaf" => Sign("CN=leaf", leafKey),
            _ => Sign("CN=root", _rootKey),
        };
        if (what == "of a leaf")
        {
            // An honest certificate that somebody signs others with; it is installed here, too.
            var leaf = new CertificateRequest("CN=leaf", leafKey, HashAlgorithmName.SHA256);
            using var honest = leaf.Create(_root.SubjectName, X509SignatureGenerator.CreateForECDsa(_rootKey), from, until, [4]);
            _trust.AddIntermediate(Decode(honest));
        }
        var (certificatePath, keyPath) = (Path.Combine(_folder, "crt.pem"), Path.Combine(_folder, "key.pem"));
        File.WriteAllText(certificatePath, made.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return Identity.Read(certificatePath, keyPath);
    }
}
