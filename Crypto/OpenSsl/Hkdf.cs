using System.Runtime.CompilerServices;
using System.Text;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>HKDF (RFC 5869), extract and expand, over every digest of <see cref="DigestAlgorithm"/>.</summary>
public static class Hkdf
{
    // Fetched once: a fetch takes longer than the derivation.
    private static readonly nint Kdf = OpenSslLibrary.Version is null ? 0 : LibCrypto.EVP_KDF_fetch(0, "HKDF", null);

    /// <summary>Derives a key.</summary>
    /// <param name="digest">Digest of the HMAC.</param>
    /// <param name="secret">Input keying material.</param>
    /// <param name="salt">Salt, or empty.</param>
    /// <param name="info">Context, or empty.</param>
    /// <param name="destination">The key; its length is the length derived.</param>
    /// <exception cref="OpenSslException">OpenSSL 3 is not there, lacks the digest, or refuses the lengths.</exception>
    public static unsafe void Derive(DigestAlgorithm digest, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> destination)
    {
        if (Kdf == 0) throw new OpenSslException("HKDF needs OpenSSL 3, which was not found; install libssl3");
        var name = digest.OpenSslName();
        Span<byte> text = stackalloc byte[16];
        var length = Encoding.ASCII.GetBytes(name, text);
        var context = LibCrypto.EVP_KDF_CTX_new(Kdf);
        if (context == 0) throw OpenSslException.Take("HKDF", "EVP_KDF_CTX_new");
        try
        {
            fixed (byte* digestKey = "digest\0"u8, keyKey = "key\0"u8, saltKey = "salt\0"u8, infoKey = "info\0"u8)
            fixed (byte* d = text, k = secret, s = salt, i = info, o = destination)
            {
                byte nothing;
                var parameters = stackalloc OsslParam[5];
                Unsafe.InitBlock(parameters, 0, (uint)(5 * sizeof(OsslParam)));
                parameters[0] = OsslParam.Text(digestKey, d, length);
                parameters[1] = OsslParam.Octets(keyKey, k is null ? &nothing : k, secret.Length);
                var next = 2;
                if (!salt.IsEmpty) parameters[next++] = OsslParam.Octets(saltKey, s, salt.Length);
                if (!info.IsEmpty) parameters[next] = OsslParam.Octets(infoKey, i, info.Length);
                if (LibCrypto.EVP_KDF_derive(context, o, (nuint)destination.Length, parameters) != 1)
                {
                    throw OpenSslException.Take($"HKDF-{name}", "EVP_KDF_derive");
                }
            }
        }
        finally
        {
            LibCrypto.EVP_KDF_CTX_free(context);
        }
    }

    /// <summary>As <see cref="Derive(DigestAlgorithm, ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte})"/>, into a new secret.</summary>
    public static SecretBuffer Derive(DigestAlgorithm digest, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, int length)
    {
        var key = new SecretBuffer(length);
        try
        {
            Derive(digest, secret, salt, info, key.Span);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
