using System.Security.Cryptography;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.Oap;

/// <summary>The session key of a flow from what the key exchange gave (oap-and-crypto.md section 4.2).</summary>
internal static class SessionKey
{
    /// <summary>Bytes.</summary>
    public const int Length = 32;

    /// <summary>From a Diffie-Hellman secret and both public keys as they went over the wire.</summary>
    public static SecretBuffer FromAgreement(DigestAlgorithm kdf, SecretBuffer secret, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var (low, high) = one.SequenceCompareTo(other) <= 0 ? (one.ToArray(), other.ToArray()) : (other.ToArray(), one.ToArray());
        return Derive(kdf, secret, [.. low, .. high], "o7s-ossl-dhe"u8);
    }

    /// <summary>From a KEM's secret and the public key that was encapsulated to, as it goes over the wire.</summary>
    public static SecretBuffer FromEncapsulation(DigestAlgorithm kdf, SecretBuffer secret, ReadOnlySpan<byte> publicKey) =>
        Derive(kdf, secret, publicKey, "o7s-ossl-encap"u8);

    private static SecretBuffer Derive(DigestAlgorithm kdf, SecretBuffer secret, ReadOnlySpan<byte> salted, ReadOnlySpan<byte> info)
    {
        Span<byte> salt = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(salted, salt);
        return Hkdf.Derive(kdf == DigestAlgorithm.None ? DigestAlgorithm.Sha256 : kdf, secret.Span, salt, info, Length);
    }
}
