using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Signatures;

namespace Ouroboros.Crypto.Certificates;

/// <summary>An X.509 certificate with its key. Immutable, safe from any thread.</summary>
public sealed class Certificate : IDisposable
{
    private readonly EvpKeyHandle _key;

    private Certificate(X509Handle handle, EvpKeyHandle key, byte[] der)
    {
        Handle = handle;
        _key = key;
        Der = der;
        CommonName = FindCommonName(handle);
    }

    /// <summary>Its encoding.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The first CN attribute of its subject; null when there is none.</summary>
    public string? CommonName { get; }

    /// <summary>OpenSSL's name of the type of its key.</summary>
    public string KeyType => OpenSslKey.TypeOf(_key);

    internal X509Handle Handle { get; }

    internal EvpKeyHandle Key => _key;

    /// <summary>Decodes a certificate that a peer sent; exactly one, nothing behind it, with a key of an algorithm that this system has.</summary>
    public static unsafe bool TryDecode(ReadOnlySpan<byte> der, [NotNullWhen(true)] out Certificate? certificate)
    {
        certificate = null;
        if (der.IsEmpty) return false;
        fixed (byte* start = der)
        {
            var next = start;
            var handle = LibCrypto.d2i_X509(0, &next, der.Length);
            if (!handle.IsInvalid && next == start + der.Length)
            {
                var key = LibCrypto.X509_get_pubkey(handle);
                if (!key.IsInvalid)
                {
                    certificate = new Certificate(handle, key, der.ToArray());
                    return true;
                }
                key.Dispose();
            }
            handle.Dispose();
            LibCrypto.ERR_clear_error();
            return false;
        }
    }

    /// <summary>Reads the first certificate of a PEM file.</summary>
    /// <exception cref="OpenSslException">There is none, or its key is of an algorithm that this system lacks.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static unsafe Certificate ReadFile(string path)
    {
        var pem = File.ReadAllBytes(path);
        fixed (byte* p = pem)
        {
            using var bio = new MemoryBio(p, pem.Length);
            byte none = 0;
            using var handle = LibCrypto.PEM_read_bio_X509(bio.Handle, 0, 0, &none);
            if (handle.IsInvalid) throw OpenSslException.Take(path, "PEM_read_bio_X509");
            var length = LibCrypto.i2d_X509(handle, null);
            if (length <= 0) throw OpenSslException.Take(path, "i2d_X509");
            var der = new byte[length];
            fixed (byte* start = der)
            {
                var next = start;
                _ = LibCrypto.i2d_X509(handle, &next);
            }
            return TryDecode(der, out var certificate)
                ? certificate
                : throw new OpenSslException($"{path}: the certificate's key is of an algorithm that this OpenSSL ({OpenSslLibrary.Version?.ToString(2)}) lacks");
        }
    }

    /// <summary>Whether a name is the certificate's CN, or one of the DNS names in its SubjectAltName; exactly, case counts.</summary>
    public bool IsFor(string name)
    {
        if (CommonName == name) return true;
        try
        {
            using var parsed = X509CertificateLoader.LoadCertificate(Der.Span);
            return parsed.Extensions.OfType<X509SubjectAlternativeNameExtension>().Any(e => e.EnumerateDnsNames().Contains(name, StringComparer.Ordinal));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Checks a signature by the certificate's key; false whatever is wrong with it.</summary>
    /// <param name="digest">The digest that the message names.</param>
    /// <param name="data">What was signed.</param>
    /// <param name="signature">The signature.</param>
    public bool Verify(DigestAlgorithm digest, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => Signature.Verify(_key, digest, data, signature);

    /// <inheritdoc/>
    public void Dispose()
    {
        _key.Dispose();
        Handle.Dispose();
    }

    /// <summary>Its common name and type of key.</summary>
    public override string ToString() => $"certificate of {CommonName ?? "(no CN)"}, {KeyType}";

    private static unsafe string? FindCommonName(X509Handle handle)
    {
        var subject = LibCrypto.X509_get_subject_name(handle);
        var index = LibCrypto.X509_NAME_get_index_by_NID(subject, LibCrypto.CommonName, -1);
        if (index < 0) return null;
        byte* text = null;
        var length = LibCrypto.ASN1_STRING_to_UTF8(&text, LibCrypto.X509_NAME_ENTRY_get_data(LibCrypto.X509_NAME_get_entry(subject, index)));
        if (length < 0)
        {
            LibCrypto.ERR_clear_error();
            return null;
        }
        var name = Encoding.UTF8.GetString(text, length);
        LibCrypto.CRYPTO_free(text, "", 0);
        return name;
    }
}
