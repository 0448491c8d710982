using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Signatures;

namespace Ouroboros.Crypto.Certificates;

/// <summary>What one side proves who it is with: a certificate and the key that belongs to it.</summary>
public sealed class Identity : IDisposable
{
    /// <summary>Puts them together; owns both from now on.</summary>
    /// <exception cref="OpenSslException">The key does not belong to the certificate.</exception>
    public Identity(Certificate certificate, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(key);
        Certificate = certificate;
        Key = key;
        if (Fits()) return;
        var message = $"the private key ({key.Type}) does not belong to the {certificate}";
        Dispose();
        throw new OpenSslException(message);
    }

    /// <summary>The certificate, which goes with each message.</summary>
    public Certificate Certificate { get; }

    /// <summary>The key, which signs each message.</summary>
    public SigningKey Key { get; }

    /// <summary>Reads a certificate in PEM, and a key in PEM or in a token (<c>pkcs11:</c>).</summary>
    /// <exception cref="OpenSslException">One of them cannot be used, or they do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Identity Read(string certificatePath, string keyLocation)
    {
        var certificate = Certificate.ReadFile(certificatePath);
        try
        {
            return new Identity(certificate, SigningKey.Open(keyLocation));
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Key.Dispose();
        Certificate.Dispose();
    }

    private bool Fits()
    {
        if (LibCrypto.EVP_PKEY_eq(Certificate.Key, Key.Handle) == 1) return true;
        LibCrypto.ERR_clear_error();
        if (Key.Type != Certificate.KeyType) return false;
        // A key in a token cannot always be compared: what it signs can.
        var probe = "ouroboros: does this key belong to this certificate?"u8;
        try
        {
            return Certificate.Verify(DigestAlgorithm.None, probe, Key.Sign(DigestAlgorithm.None, probe));
        }
        catch (OpenSslException)
        {
            return false;
        }
    }
}
