namespace Ouroboros.Crypto.Algorithms;

/// <summary>Key exchanges; the numbers are the reference's own and never on the wire (oap-and-crypto.md section 3.3).</summary>
public enum KeyExchangeAlgorithm
{
    /// <summary>No key exchange: no encryption.</summary>
    None = 0,

    /// <summary>ECDH on NIST P-256.</summary>
    P256 = 415,

    /// <summary>ECDH on NIST P-384.</summary>
    P384 = 715,

    /// <summary>ECDH on NIST P-521.</summary>
    P521 = 716,

    /// <summary>X25519 (RFC 7748).</summary>
    X25519 = 1034,

    /// <summary>X448 (RFC 7748).</summary>
    X448 = 1035,

    /// <summary>Diffie-Hellman in ffdhe2048 (RFC 7919).</summary>
    Ffdhe2048 = 1126,

    /// <summary>Diffie-Hellman in ffdhe3072 (RFC 7919).</summary>
    Ffdhe3072 = 1127,

    /// <summary>Diffie-Hellman in ffdhe4096 (RFC 7919).</summary>
    Ffdhe4096 = 1128,

    /// <summary>ML-KEM-512 (FIPS 203).</summary>
    MlKem512 = 1454,

    /// <summary>ML-KEM-768 (FIPS 203).</summary>
    MlKem768 = 1455,

    /// <summary>ML-KEM-1024 (FIPS 203).</summary>
    MlKem1024 = 1456,

    /// <summary>ML-KEM-768 and X25519 together.</summary>
    X25519MlKem768 = 2053,

    /// <summary>ML-KEM-1024 and X448 together.</summary>
    X448MlKem1024 = 2054,
}
