using System.Runtime.InteropServices;
using Ouroboros.Crypto.OpenSsl;

namespace Ouroboros.Crypto.Certificates;

/// <summary>
/// The certificates that peers' certificates must lead to, and those that may lie between. A chain ends in a self-signed certificate of the
/// roots: an intermediate is never trusted for itself, which the reference does with a self-signed one. Filled first, then safe from any thread.
/// </summary>
public sealed class TrustStore : IDisposable
{
    // 112 bits: RSA from 2048, no SHA-1 in chains. What OpenSSL itself asks of TLS from version 3.2 on.
    private const int SecurityLevel = 2;

    private readonly X509StoreHandle _store = LibCrypto.X509_STORE_new();
    private readonly List<Certificate> _roots = [];
    private readonly List<Certificate> _intermediates = [];

    /// <summary>Trusted roots.</summary>
    public int Roots => _roots.Count;

    /// <summary>Intermediates.</summary>
    public int Intermediates => _intermediates.Count;

    /// <summary>Trusts a root; the store owns the certificate from now on.</summary>
    public TrustStore AddRoot(Certificate root)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (LibCrypto.X509_STORE_add_cert(_store, root.Handle) != 1) throw OpenSslException.Take("trust store", "X509_STORE_add_cert");
        _roots.Add(root);
        return this;
    }

    /// <summary>Adds a certificate that may lie between a root and a peer; the store owns it from now on.</summary>
    public TrustStore AddIntermediate(Certificate intermediate)
    {
        ArgumentNullException.ThrowIfNull(intermediate);
        _intermediates.Add(intermediate);
        return this;
    }

    /// <summary>Reads the first certificate of every file of the two folders; a folder that is not there is empty (oap-and-crypto.md section 5.4).</summary>
    /// <exception cref="OpenSslException">A file that is no PEM certificate.</exception>
    /// <exception cref="IOException">A file cannot be read, or is none.</exception>
    public static TrustStore Read(string roots, string intermediates)
    {
        var store = new TrustStore();
        try
        {
            foreach (var path in Entries(roots)) store.AddRoot(Certificate.ReadFile(path));
            foreach (var path in Entries(intermediates)) store.AddIntermediate(Certificate.ReadFile(path));
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Checks the chain of a peer's certificate.</summary>
    /// <param name="certificate">The peer's.</param>
    /// <param name="now">When it has to be valid.</param>
    /// <param name="reason">OpenSSL's reason when it is not.</param>
    public bool Verify(Certificate certificate, DateTimeOffset now, out string reason)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var context = LibCrypto.X509_STORE_CTX_new();
        var untrusted = LibCrypto.OPENSSL_sk_new_null();
        try
        {
            foreach (var intermediate in _intermediates) _ = LibCrypto.OPENSSL_sk_push(untrusted, intermediate.Handle.DangerousGetHandle());
            if (LibCrypto.X509_STORE_CTX_init(context, _store, certificate.Handle, untrusted) != 1) throw OpenSslException.Take("certificate", "X509_STORE_CTX_init");
            var parameters = LibCrypto.X509_STORE_CTX_get0_param(context);
            LibCrypto.X509_VERIFY_PARAM_set_time(parameters, now.ToUnixTimeSeconds());
            LibCrypto.X509_VERIFY_PARAM_set_auth_level(parameters, SecurityLevel);
            if (LibCrypto.X509_verify_cert(context) == 1)
            {
                reason = "";
                return true;
            }
            reason = Marshal.PtrToStringUTF8(LibCrypto.X509_verify_cert_error_string(LibCrypto.X509_STORE_CTX_get_error(context))) ?? "not valid";
            LibCrypto.ERR_clear_error();
            return false;
        }
        finally
        {
            LibCrypto.X509_STORE_CTX_free(context);
            LibCrypto.OPENSSL_sk_free(untrusted);
            GC.KeepAlive(this);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _store.Dispose();
        foreach (var certificate in _roots.Concat(_intermediates)) certificate.Dispose();
    }

    private static IEnumerable<string> Entries(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal) : [];
}
