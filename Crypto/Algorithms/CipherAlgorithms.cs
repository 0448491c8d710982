namespace Ouroboros.Crypto.Algorithms;

/// <summary>What there is to know of each <see cref="CipherAlgorithm"/>.</summary>
public static class CipherAlgorithms
{
    private static readonly (CipherAlgorithm Algorithm, string Name, string OpenSsl, int Key)[] Table =
    [
        (CipherAlgorithm.None, "none", "", 0),
        (CipherAlgorithm.Aes128Ctr, "aes-128-ctr", "AES-128-CTR", 16),
        (CipherAlgorithm.Aes192Ctr, "aes-192-ctr", "AES-192-CTR", 24),
        (CipherAlgorithm.Aes256Ctr, "aes-256-ctr", "AES-256-CTR", 32),
        (CipherAlgorithm.Aes128Gcm, "aes-128-gcm", "AES-128-GCM", 16),
        (CipherAlgorithm.Aes192Gcm, "aes-192-gcm", "AES-192-GCM", 24),
        (CipherAlgorithm.Aes256Gcm, "aes-256-gcm", "AES-256-GCM", 32),
        (CipherAlgorithm.ChaCha20Poly1305, "chacha20-poly1305", "ChaCha20-Poly1305", 32),
    ];

    /// <summary>Every cipher but <see cref="CipherAlgorithm.None"/>, the weakest first.</summary>
    public static IEnumerable<CipherAlgorithm> All => Table.Skip(1).Select(row => row.Algorithm);

    /// <summary>Strength order of the negotiation; 0 for none, -1 for a number that is no cipher.</summary>
    public static int Rank(this CipherAlgorithm algorithm)
    {
        // A loop: a lambda would allocate, and rotation of keys comes by here.
        for (var rank = 0; rank < Table.Length; rank++)
        {
            if (Table[rank].Algorithm == algorithm) return rank;
        }
        return -1;
    }

    /// <summary>Name in configurations.</summary>
    public static string Name(this CipherAlgorithm algorithm) => Table[Known(algorithm)].Name;

    /// <summary>Bytes of the session key that are used, from its start.</summary>
    public static int KeyLength(this CipherAlgorithm algorithm) => Table[Known(algorithm)].Key;

    /// <summary>Whether packets are authenticated.</summary>
    public static bool IsAuthenticated(this CipherAlgorithm algorithm) => Known(algorithm) >= 4;

    /// <summary>Bytes of the IV in front of the packet.</summary>
    public static int IvLength(this CipherAlgorithm algorithm) => Known(algorithm) switch { 0 => 0, < 4 => 16, _ => 12 };

    /// <summary>Bytes of the tag behind the packet.</summary>
    public static int TagLength(this CipherAlgorithm algorithm) => Known(algorithm) >= 4 ? 16 : 0;

    /// <summary>Finds a cipher by its name in configurations; case counts, there are no aliases.</summary>
    public static bool TryParse(string name, out CipherAlgorithm algorithm)
    {
        var index = Array.FindIndex(Table, row => row.Name == name);
        algorithm = index < 0 ? CipherAlgorithm.None : Table[index].Algorithm;
        return index >= 0;
    }

    internal static string OpenSslName(this CipherAlgorithm algorithm) => Table[Known(algorithm)].OpenSsl;

    private static int Known(CipherAlgorithm algorithm)
    {
        var rank = algorithm.Rank();
        return rank >= 0 ? rank : throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "no cipher has this number");
    }
}
