namespace Ouroboros.Crypto.Algorithms;

/// <summary>Ciphers of packets; the numbers are on the wire (oap-and-crypto.md section 3.1: OpenSSL's NIDs).</summary>
public enum CipherAlgorithm
{
    /// <summary>Packets are not encrypted.</summary>
    None = 0,

    /// <summary>AES-128 in GCM.</summary>
    Aes128Gcm = 895,

    /// <summary>AES-192 in GCM.</summary>
    Aes192Gcm = 898,

    /// <summary>AES-256 in GCM.</summary>
    Aes256Gcm = 901,

    /// <summary>AES-128 in counter mode: no integrity.</summary>
    Aes128Ctr = 904,

    /// <summary>AES-192 in counter mode: no integrity.</summary>
    Aes192Ctr = 905,

    /// <summary>AES-256 in counter mode: no integrity.</summary>
    Aes256Ctr = 906,

    /// <summary>ChaCha20-Poly1305.</summary>
    ChaCha20Poly1305 = 1018,
}
