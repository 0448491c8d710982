namespace Ouroboros.Crypto.Hashing;

/// <summary>How a layer's directory turns a name into a key; the numbers are the reference's.</summary>
public enum DirectoryHash
{
    /// <summary>SHA3-224, 28 bytes.</summary>
    Sha3_224 = 0,

    /// <summary>SHA3-256, 32 bytes; the default, and always that of a broadcast layer.</summary>
    Sha3_256 = 1,

    /// <summary>SHA3-384, 48 bytes.</summary>
    Sha3_384 = 2,

    /// <summary>SHA3-512, 64 bytes.</summary>
    Sha3_512 = 3,

    /// <summary>CRC-32 (IEEE 802.3), 4 bytes; internal to the reference.</summary>
    Crc32 = 4,

    /// <summary>MD5, 16 bytes; always that of UDP layers.</summary>
    Md5 = 5,
}
