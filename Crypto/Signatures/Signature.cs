using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;

namespace Ouroboros.Crypto.Signatures;

/// <summary>Which signature each type of key makes, and under which digest (oap-and-crypto.md section 2.5).</summary>
internal static class Signature
{
    private const int SaltAsLongAsDigest = -1;
    private const int SaltOfAnyLength = -2;

    /// <summary>Whether keys of a type sign, and whether they can with this digest.</summary>
    /// <param name="keyType">OpenSSL's name of the type.</param>
    /// <param name="digest">The digest of the message; <see cref="DigestAlgorithm.None"/> = the default of the type.</param>
    /// <param name="name">OpenSSL's name of the digest to use; null for a type that brings its own.</param>
    public static bool TryFindDigest(string keyType, DigestAlgorithm digest, out string? name)
    {
        name = null;
        var blake = digest is DigestAlgorithm.Blake2b512 or DigestAlgorithm.Blake2s256;
        switch (keyType)
        {
            case "EC":
            case "RSA" or "RSA-PSS" when !blake:
                name = (digest == DigestAlgorithm.None ? DigestAlgorithm.Sha256 : digest).OpenSslName();
                return true;
            case "ED25519" or "ED448":
                return digest == DigestAlgorithm.None;
            default:
                return keyType.StartsWith("ML-DSA-", StringComparison.Ordinal) || keyType.StartsWith("SLH-DSA-", StringComparison.Ordinal);
        }
    }

    /// <summary>Signs.</summary>
    /// <exception cref="OpenSslException">Type and digest do not go together, or the key cannot sign.</exception>
    public static unsafe byte[] Sign(EvpKeyHandle key, DigestAlgorithm digest, ReadOnlySpan<byte> data)
    {
        var type = OpenSslKey.TypeOf(key);
        if (!TryFindDigest(type, digest, out var name)) throw new OpenSslException($"{type}: does not sign with digest {digest.Name()}; choose another digest or key");
        var context = LibCrypto.EVP_MD_CTX_new();
        try
        {
            if (LibCrypto.EVP_DigestSignInit_ex(context, out var keyContext, name, 0, null, key, 0) != 1) throw OpenSslException.Take(type, "EVP_DigestSignInit");
            if (type == "RSA-PSS" && LibCrypto.EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, SaltAsLongAsDigest) != 1)
            {
                throw OpenSslException.Take(type, "EVP_PKEY_CTX_set_rsa_pss_saltlen");
            }
            fixed (byte* d = data)
            {
                nuint length = 0;
                if (LibCrypto.EVP_DigestSign(context, null, &length, d, (nuint)data.Length) != 1) throw OpenSslException.Take(type, "EVP_DigestSign");
                var signature = new byte[length];
                fixed (byte* s = signature)
                {
                    if (LibCrypto.EVP_DigestSign(context, s, &length, d, (nuint)data.Length) != 1) throw OpenSslException.Take(type, "EVP_DigestSign");
                }
                return (int)length == signature.Length ? signature : signature[..(int)length];
            }
        }
        finally
        {
            LibCrypto.EVP_MD_CTX_free(context);
        }
    }

    /// <summary>Checks a signature; false whatever is wrong with it.</summary>
    public static unsafe bool Verify(EvpKeyHandle key, DigestAlgorithm digest, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var type = OpenSslKey.TypeOf(key);
        if (signature.IsEmpty || !TryFindDigest(type, digest, out var name)) return false;
        var context = LibCrypto.EVP_MD_CTX_new();
        try
        {
            fixed (byte* d = data, s = signature)
            {
                if (LibCrypto.EVP_DigestVerifyInit_ex(context, out var keyContext, name, 0, null, key, 0) == 1
                    && AllowAnySalt(type, keyContext)
                    && LibCrypto.EVP_DigestVerify(context, s, (nuint)signature.Length, d, (nuint)data.Length) == 1)
                {
                    return true;
                }
            }
            LibCrypto.ERR_clear_error();
            return false;
        }
        finally
        {
            LibCrypto.EVP_MD_CTX_free(context);
        }
    }

    /// <summary>A key whose parameters say how long a salt has to be keeps to that, and does not let itself be told.</summary>
    private static bool AllowAnySalt(string type, nint keyContext)
    {
        if (type == "RSA-PSS" && LibCrypto.EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, SaltOfAnyLength) != 1) LibCrypto.ERR_clear_error();
        return true;
    }
}
