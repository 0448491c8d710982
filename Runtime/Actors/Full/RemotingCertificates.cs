using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;

namespace Ouroboros.Runtime.Actors;

/// <summary>
/// Who may join: this node's certificate with its key, and the authority that signs the certificates of all nodes. Whoever has a certificate
/// of that authority manages every node, so no other authority counts, above all not those that browsers trust.
/// </summary>
internal static class RemotingCertificates
{
    private const string Ssl = RemotingPolicy.Tcp + ".ssl";

    /// <summary>What the transport is to use.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.NotPermitted"/> with the path of the setting.</exception>
    public static DotNettySslSetup Read(Config config)
    {
        var certificate = Load(config, Ssl + ".certificate.path", "this node's certificate and key, a PKCS#12 file",
            path => X509CertificateLoader.LoadPkcs12FromFile(path, config.GetString(Ssl + ".certificate.password", null)));
        if (!certificate.HasPrivateKey)
        {
            throw new FlowException(FlowError.NotPermitted, $"{Ssl}.certificate.path: there is no private key in it; remoting has to prove who it is");
        }
        var authority = Load(config, Ssl + ".authority", "the certificate of the authority that signs those of all nodes, a PEM file", path =>
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            return authorities.Count > 0 ? authorities : throw new CryptographicException("there is no certificate in it");
        });
        return new DotNettySslSetup(certificate, suppressValidation: false, requireMutualAuthentication: true, (presented, _, peer, _, log) => IsOurs(authority, presented, peer, log));
    }

    private static bool IsOurs(X509Certificate2Collection authority, X509Certificate2? presented, string peer, ILoggingAdapter log)
    {
        if (presented is null)
        {
            log.Warning("{0} showed no certificate and is refused", peer);
            return false;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (chain.Build(presented)) return true;
        log.Warning("{0} showed a certificate for {1} that is not good and is refused: {2}",
            peer, presented.Subject, string.Join(", ", chain.ChainStatus.Select(s => s.Status)));
        return false;
    }

    private static T Load<T>(Config config, string key, string what, Func<string, T> load)
    {
        var path = config.GetString(key, null);
        if (string.IsNullOrWhiteSpace(path)) throw new FlowException(FlowError.NotPermitted, $"{key}: remoting needs {what}; give its path");
        try
        {
            return load(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FlowException(FlowError.NotPermitted, $"{key}: '{path}' cannot be used as {what}: {e.Message}", e);
        }
    }
}
