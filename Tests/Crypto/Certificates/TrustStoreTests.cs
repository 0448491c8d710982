using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ouroboros.Crypto.Certificates;

namespace Ouroboros.Tests.Crypto.Certificates;

public class TrustStoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [TestCase("ec.oping")]
    [TestCase("rsa.oping")]
    [TestCase("ed.oping")]
    public void A_chain_over_an_intermediate_is_trusted(string name) => Assert.That(Verify(name, Now), Is.EqualTo(""));

    [TestCase("ml.oping"), TestCase("ml44.oping"), TestCase("slh.oping"), Category(PostQuantum.Category)]
    public void A_post_quantum_chain_is_trusted(string name)
    {
        PostQuantum.Require();
        Assert.That(Verify(name, Now), Is.EqualTo(""));
    }

    [Test]
    public void An_unknown_authority_is_refused() => Assert.That(Verify("rogue.oping", Now), Does.Contain("unable to get local issuer"));

    [Test]
    public void An_expired_certificate_is_refused() => Assert.That(Verify("ec.oping", Now.AddYears(30)), Does.Contain("expired"));

    [Test]
    public void A_certificate_of_the_future_is_refused() => Assert.That(Verify("ec.oping", Now.AddYears(-3)), Does.Contain("not yet valid"));

    [Test]
    public void A_self_signed_certificate_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=oping", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        Assert.That(Certificate.TryDecode(made.RawData, out var certificate), Is.True);
        using (certificate) Assert.That(Oap.Capture.Trust.Verify(certificate!, Now, out var reason), Is.False, reason);
    }

    [Test]
    public void A_self_signed_intermediate_is_not_trusted_for_itself()
    {
        using var store = new TrustStore();
        store.AddIntermediate(Certificate.ReadFile(Vectors.Certificate("ec.ca.crt.pem"))).AddIntermediate(Certificate.ReadFile(Vectors.Certificate("ec.im.crt.pem")));
        using var leaf = Certificate.ReadFile(Vectors.Certificate("ec.oping.crt.pem"));
        Assert.That(store.Verify(leaf, Now, out _), Is.False);
    }

    [Test]
    public void An_intermediate_among_the_roots_is_not_enough()
    {
        using var store = new TrustStore();
        store.AddRoot(Certificate.ReadFile(Vectors.Certificate("ec.im.crt.pem")));
        using var leaf = Certificate.ReadFile(Vectors.Certificate("ec.oping.crt.pem"));
        Assert.That(store.Verify(leaf, Now, out _), Is.False, "a chain ends in a self-signed certificate");
    }

    [Test]
    public void A_leaf_cannot_sign_for_others()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var victimKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=root", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = rootRequest.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        var leafRequest = new CertificateRequest("CN=leaf", leafKey, HashAlgorithmName.SHA256);
        leafRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var leaf = leafRequest.Create(root, Now.AddDays(-1), Now.AddDays(1), [1]);
        using var leafWithKey = leaf.CopyWithPrivateKey(leafKey);
        using var victim = new CertificateRequest("CN=oping", victimKey, HashAlgorithmName.SHA256)
            .Create(leafWithKey.SubjectName, X509SignatureGenerator.CreateForECDsa(leafKey), Now.AddDays(-1), Now.AddDays(1), [2]);
        using var store = new TrustStore();
        store.AddRoot(Decode(root.RawData)).AddIntermediate(Decode(leaf.RawData));
        using var honest = Decode(leaf.RawData);
        using var forged = Decode(victim.RawData);
        Assert.That(store.Verify(honest, Now, out var reason), Is.True, reason);
        Assert.That(store.Verify(forged, Now, out _), Is.False);
    }

    [TestCase("CN=oping", "oping", true)]
    [TestCase("CN=oping", "Oping", false)]
    [TestCase("CN=oping", "opin", false)]
    [TestCase("O=\"CN=victim\"", "victim", false)]
    [TestCase("CN=a,O=x", "a", true)]
    [TestCase("O=x", "x", false)]
    public void The_name_is_the_CN_attribute_exactly(string subject, string name, bool expected)
    {
        using var certificate = Make(subject, null);
        Assert.That(certificate.IsFor(name), Is.EqualTo(expected));
    }

    [TestCase("oping.example", true)]
    [TestCase("OPING.example", false)]
    [TestCase("other", true)]
    [TestCase("another", false)]
    public void A_DNS_name_of_the_SubjectAltName_counts_too(string name, bool expected)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("oping.example");
        names.AddDnsName("other");
        using var certificate = Make("CN=oping", names.Build());
        Assert.That(certificate.IsFor(name), Is.EqualTo(expected));
    }

    [Test]
    public void Damaged_and_truncated_certificates_are_refused_without_throwing()
    {
        using var good = Certificate.ReadFile(Vectors.Certificate("ec.oping.crt.pem"));
        var der = good.Der.ToArray();
        for (var length = 0; length < der.Length; length++) Assert.That(Certificate.TryDecode(der.AsSpan(0, length), out _), Is.False);
        Assert.That(Certificate.TryDecode([.. der, 0], out _), Is.False);
        for (var at = 0; at < der.Length; at++)
        {
            var damaged = der.ToArray();
            damaged[at] ^= 0x55;
            if (!Certificate.TryDecode(damaged, out var certificate)) continue;
            using (certificate) Assert.That(Oap.Capture.Trust.Verify(certificate, Now, out _), Is.False, $"byte {at}");
        }
    }

    [Test]
    public void A_folder_with_anything_else_than_certificates_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("ouroboros-crypto-").FullName;
        try
        {
            Assert.That(TrustStore.Read(folder, Path.Combine(folder, "none")).Roots, Is.Zero);
            File.Copy(Vectors.Certificate("ec.ca.crt.pem"), Path.Combine(folder, "a"));
            using (var store = TrustStore.Read(folder, Path.Combine(folder, "none"))) Assert.That(store.Roots, Is.EqualTo(1));
            File.WriteAllText(Path.Combine(folder, "b"), "no certificate");
            Assert.Throws<Ouroboros.Crypto.OpenSsl.OpenSslException>(() => TrustStore.Read(folder, "/nowhere"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Verify(string name, DateTimeOffset now)
    {
        using var certificate = Certificate.ReadFile(Vectors.Certificate($"{name}.crt.pem"));
        return Oap.Capture.Trust.Verify(certificate, now, out var reason) ? "" : reason;
    }

    private static Certificate Make(string subject, X509Extension? extension)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (extension is not null) request.CertificateExtensions.Add(extension);
        using var made = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        return Decode(made.RawData);
    }

    private static Certificate Decode(byte[] der) => Certificate.TryDecode(der, out var certificate) ? certificate : throw new InvalidOperationException();
}
