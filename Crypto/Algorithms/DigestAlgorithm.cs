namespace Ouroboros.Crypto.Algorithms;

/// <summary>Digests of key derivation and signatures; the numbers are on the wire (oap-and-crypto.md section 3.2: OpenSSL's NIDs).</summary>
public enum DigestAlgorithm
{
    /// <summary>None, or the default of where it is used.</summary>
    None = 0,

    /// <summary>SHA-256, 32 bytes.</summary>
    Sha256 = 672,

    /// <summary>SHA-384, 48 bytes.</summary>
    Sha384 = 673,

    /// <summary>SHA-512, 64 bytes.</summary>
    Sha512 = 674,

    /// <summary>BLAKE2b-512, 64 bytes.</summary>
    Blake2b512 = 1056,

    /// <summary>BLAKE2s-256, 32 bytes.</summary>
    Blake2s256 = 1057,

    /// <summary>SHA3-256, 32 bytes. The reference's header says 1096; 1097 is what is on the wire.</summary>
    Sha3_256 = 1097,

    /// <summary>SHA3-384, 48 bytes.</summary>
    Sha3_384 = 1098,

    /// <summary>SHA3-512, 64 bytes.</summary>
    Sha3_512 = 1099,
}
