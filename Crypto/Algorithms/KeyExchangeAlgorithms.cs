namespace Ouroboros.Crypto.Algorithms;

/// <summary>What there is to know of each <see cref="KeyExchangeAlgorithm"/>.</summary>
public static class KeyExchangeAlgorithms
{
    // OpenSsl: name of the key type; Group: name of its group, as OpenSSL reports it. Public and Ciphertext: bytes of raw encodings, KEMs only.
    private static readonly Row[] Table =
    [
        new(KeyExchangeAlgorithm.None, "none", ""),
        new(KeyExchangeAlgorithm.Ffdhe2048, "ffdhe2048", "DH", "ffdhe2048"),
        new(KeyExchangeAlgorithm.P256, "prime256v1", "EC", "prime256v1"),
        new(KeyExchangeAlgorithm.X25519, "X25519", "X25519"),
        new(KeyExchangeAlgorithm.Ffdhe3072, "ffdhe3072", "DH", "ffdhe3072"),
        new(KeyExchangeAlgorithm.P384, "secp384r1", "EC", "secp384r1"),
        new(KeyExchangeAlgorithm.Ffdhe4096, "ffdhe4096", "DH", "ffdhe4096"),
        new(KeyExchangeAlgorithm.X448, "X448", "X448"),
        new(KeyExchangeAlgorithm.P521, "secp521r1", "EC", "secp521r1"),
        new(KeyExchangeAlgorithm.MlKem512, "ML-KEM-512", "ML-KEM-512", Public: 800, Private: 1632, Ciphertext: 768, Secret: 32),
        new(KeyExchangeAlgorithm.MlKem768, "ML-KEM-768", "ML-KEM-768", Public: 1184, Private: 2400, Ciphertext: 1088, Secret: 32),
        new(KeyExchangeAlgorithm.MlKem1024, "ML-KEM-1024", "ML-KEM-1024", Public: 1568, Private: 3168, Ciphertext: 1568, Secret: 32),
        new(KeyExchangeAlgorithm.X25519MlKem768, "X25519MLKEM768", "X25519MLKEM768", Public: 1216, Private: 2432, Ciphertext: 1120, Secret: 64),
        new(KeyExchangeAlgorithm.X448MlKem1024, "X448MLKEM1024", "X448MLKEM1024", Public: 1624, Private: 3224, Ciphertext: 1624, Secret: 88),
    ];

    /// <summary>Every key exchange but <see cref="KeyExchangeAlgorithm.None"/>, the weakest first.</summary>
    public static IEnumerable<KeyExchangeAlgorithm> All => Table.Skip(1).Select(row => row.Algorithm);

    /// <summary>Strength order of the negotiation; 0 for none, -1 for a number that is no key exchange.</summary>
    public static int Rank(this KeyExchangeAlgorithm algorithm)
    {
        // A loop: a lambda would allocate, and rotation of keys comes by here.
        for (var rank = 0; rank < Table.Length; rank++)
        {
            if (Table[rank].Algorithm == algorithm) return rank;
        }
        return -1;
    }

    /// <summary>Name in configurations.</summary>
    public static string Name(this KeyExchangeAlgorithm algorithm) => Known(algorithm).Name;

    /// <summary>Whether it is a KEM, alone or as part of a hybrid.</summary>
    public static bool IsKem(this KeyExchangeAlgorithm algorithm) => Known(algorithm).Public != 0;

    /// <summary>Whether it is a KEM together with Diffie-Hellman; its keys go as raw bytes.</summary>
    public static bool IsHybrid(this KeyExchangeAlgorithm algorithm) => algorithm is KeyExchangeAlgorithm.X25519MlKem768 or KeyExchangeAlgorithm.X448MlKem1024;

    /// <summary>Bytes of a KEM's ciphertext; 0 for others.</summary>
    public static int CiphertextLength(this KeyExchangeAlgorithm algorithm) => Known(algorithm).Ciphertext;

    /// <summary>Bytes of a KEM's public key without encoding; 0 for others.</summary>
    public static int RawPublicLength(this KeyExchangeAlgorithm algorithm) => Known(algorithm).Public;

    /// <summary>Bytes of a KEM's private key without encoding; 0 for others.</summary>
    public static int RawPrivateLength(this KeyExchangeAlgorithm algorithm) => Known(algorithm).Private;

    /// <summary>Bytes of the secret that a KEM agrees on; 0 for others.</summary>
    public static int SecretLength(this KeyExchangeAlgorithm algorithm) => Known(algorithm).Secret;

    /// <summary>Finds a key exchange by its name in configurations; case counts, there are no aliases.</summary>
    public static bool TryParse(string name, out KeyExchangeAlgorithm algorithm)
    {
        var index = Array.FindIndex(Table, row => row.Name == name);
        algorithm = index < 0 ? KeyExchangeAlgorithm.None : Table[index].Algorithm;
        return index >= 0;
    }

    internal static string KeyType(this KeyExchangeAlgorithm algorithm) => Known(algorithm).OpenSsl;

    internal static string? Group(this KeyExchangeAlgorithm algorithm) => Known(algorithm).GroupName;

    /// <summary>The key exchange that a key of this type and group is for; <see cref="KeyExchangeAlgorithm.None"/> = none of ours.</summary>
    internal static KeyExchangeAlgorithm Of(string? keyType, string? group)
    {
        foreach (var row in Table.AsSpan(1))
        {
            if (row.OpenSsl == keyType && row.GroupName == group) return row.Algorithm;
        }
        return KeyExchangeAlgorithm.None;
    }

    private static Row Known(KeyExchangeAlgorithm algorithm)
    {
        var rank = algorithm.Rank();
        return rank >= 0 ? Table[rank] : throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "no key exchange has this number");
    }

    private sealed record Row(
        KeyExchangeAlgorithm Algorithm,
        string Name,
        string OpenSsl,
        string? GroupName = null,
        int Public = 0,
        int Private = 0,
        int Ciphertext = 0,
        int Secret = 0);
}
