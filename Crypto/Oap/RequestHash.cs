using Ouroboros.Crypto.Algorithms;

namespace Ouroboros.Crypto.Oap;

/// <summary>What binds a response to its request: the digest of the whole request (oap-and-crypto.md section 2.3).</summary>
internal static class RequestHash
{
    /// <summary>The digest that is used: the one that the request names, else SHA-384.</summary>
    public static DigestAlgorithm AlgorithmOf(DigestAlgorithm requestDigest) =>
        requestDigest == DigestAlgorithm.None ? DigestAlgorithm.Sha384 : requestDigest;

    /// <summary>Hashes a request.</summary>
    public static byte[] Of(ReadOnlySpan<byte> request, DigestAlgorithm requestDigest)
    {
        var algorithm = AlgorithmOf(requestDigest);
        Span<byte> hash = stackalloc byte[DigestAlgorithms.MaxLength];
        return hash[..algorithm.Hash(request, hash)].ToArray();
    }
}
