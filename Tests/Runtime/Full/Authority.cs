using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ouroboros.Tests.Runtime.Full;

/// <summary>An authority that signs certificates of nodes, and the files that these are kept in.</summary>
internal sealed class Authority : IDisposable
{
    private readonly X509Certificate2 _root;
    private readonly string _folder = Directory.CreateTempSubdirectory("ouroboros-authority").FullName;

    public Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(30));
        Pem = Path.Combine(_folder, "authority.pem");
        File.WriteAllText(Pem, _root.ExportCertificatePem());
    }

    /// <summary>Path of the authority's certificate.</summary>
    public string Pem { get; }

    /// <summary>A certificate that ends some days from now.</summary>
    public X509Certificate2 Issue(string name, int days = 7)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(_root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(days), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Path of a new certificate with its key, in a PKCS#12 file without password.</summary>
    public string IssueFile(string name, int days = 7, bool withKey = true)
    {
        using var certificate = Issue(name, days);
        var path = Path.Combine(_folder, $"{name}.p12");
        if (withKey) File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12));
        else File.WriteAllBytes(path, new X509Certificate2Collection(X509CertificateLoader.LoadCertificate(certificate.RawData)).Export(X509ContentType.Pkcs12)!);
        return path;
    }

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, true);
    }
}
