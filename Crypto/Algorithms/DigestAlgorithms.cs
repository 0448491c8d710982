using System.Security.Cryptography;
using Ouroboros.Crypto.OpenSsl;

namespace Ouroboros.Crypto.Algorithms;

/// <summary>What there is to know of each <see cref="DigestAlgorithm"/>.</summary>
public static class DigestAlgorithms
{
    /// <summary>Bytes of the longest digest.</summary>
    public const int MaxLength = 64;

    private static readonly (DigestAlgorithm Algorithm, string Name, string OpenSsl, int Length)[] Table =
    [
        (DigestAlgorithm.None, "none", "", 0),
        (DigestAlgorithm.Blake2s256, "blake2s256", "BLAKE2S-256", 32),
        (DigestAlgorithm.Sha256, "sha256", "SHA2-256", 32),
        (DigestAlgorithm.Sha3_256, "sha3-256", "SHA3-256", 32),
        (DigestAlgorithm.Sha384, "sha384", "SHA2-384", 48),
        (DigestAlgorithm.Sha3_384, "sha3-384", "SHA3-384", 48),
        (DigestAlgorithm.Blake2b512, "blake2b512", "BLAKE2B-512", 64),
        (DigestAlgorithm.Sha512, "sha512", "SHA2-512", 64),
        (DigestAlgorithm.Sha3_512, "sha3-512", "SHA3-512", 64),
    ];

    /// <summary>Every digest but <see cref="DigestAlgorithm.None"/>, the weakest first.</summary>
    public static IEnumerable<DigestAlgorithm> All => Table.Skip(1).Select(row => row.Algorithm);

    /// <summary>Strength order of the negotiation; 0 for none, -1 for a number that is no digest.</summary>
    public static int Rank(this DigestAlgorithm algorithm)
    {
        // A loop: a lambda would allocate, and rotation of keys comes by here.
        for (var rank = 0; rank < Table.Length; rank++)
        {
            if (Table[rank].Algorithm == algorithm) return rank;
        }
        return -1;
    }

    /// <summary>Name in configurations.</summary>
    public static string Name(this DigestAlgorithm algorithm) => Table[Known(algorithm)].Name;

    /// <summary>Bytes of the digest.</summary>
    public static int Length(this DigestAlgorithm algorithm) => Table[Known(algorithm)].Length;

    /// <summary>Finds a digest by its name in configurations; case counts, there are no aliases.</summary>
    public static bool TryParse(string name, out DigestAlgorithm algorithm)
    {
        var index = Array.FindIndex(Table, row => row.Name == name);
        algorithm = index < 0 ? DigestAlgorithm.None : Table[index].Algorithm;
        return index >= 0;
    }

    /// <summary>Computes a digest.</summary>
    /// <returns>Bytes written to <paramref name="destination"/>, which holds at least <see cref="MaxLength"/>.</returns>
    /// <exception cref="OpenSslException">This system's cryptography lacks the algorithm.</exception>
    public static int Hash(this DigestAlgorithm algorithm, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        switch (algorithm)
        {
            case DigestAlgorithm.Sha256: return SHA256.HashData(data, destination);
            case DigestAlgorithm.Sha384: return SHA384.HashData(data, destination);
            case DigestAlgorithm.Sha512: return SHA512.HashData(data, destination);
            case DigestAlgorithm.Sha3_256 when SHA3_256.IsSupported: return SHA3_256.HashData(data, destination);
            case DigestAlgorithm.Sha3_384 when SHA3_384.IsSupported: return SHA3_384.HashData(data, destination);
            case DigestAlgorithm.Sha3_512 when SHA3_512.IsSupported: return SHA3_512.HashData(data, destination);
            default:
                var (_, name, openSsl, length) = Table[Known(algorithm)];
                var digest = LibCrypto.Digest(openSsl, data, length) ?? throw new OpenSslException(OpenSslLibrary.Version is null
                    ? $"{name} needs OpenSSL 3; install libssl3 or choose another digest"
                    : $"this system's OpenSSL has no {name}; choose another digest");
                digest.CopyTo(destination);
                return length;
        }
    }

    internal static string OpenSslName(this DigestAlgorithm algorithm) => Table[Known(algorithm)].OpenSsl;

    private static int Known(DigestAlgorithm algorithm)
    {
        var rank = algorithm.Rank();
        return rank >= 0 ? rank : throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "no digest has this number");
    }
}
