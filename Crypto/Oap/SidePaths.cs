using Ouroboros.Crypto.Signatures;

namespace Ouroboros.Crypto.Oap;

/// <summary>Where one side of a name has its files, where that is not in the folder of the name; null = there.</summary>
/// <param name="Encryption">enc.conf.</param>
/// <param name="Certificate">Certificate in PEM.</param>
/// <param name="Key">Its private key: a path, or a <c>pkcs11:</c> URI.</param>
/// <param name="KemKey">Server: its static KEM key; client: the server's static public KEM key. PEM for ML-KEM, raw for hybrids.</param>
public sealed record SidePaths(string? Encryption = null, string? Certificate = null, string? Key = null, string? KemKey = null)
{
    /// <summary>All in the folder of the name.</summary>
    public static SidePaths Default { get; } = new();

    /// <summary>The paths, without the PIN of a token.</summary>
    public override string ToString() => $"enc.conf {Encryption}, certificate {Certificate}, key {SigningKey.Shown(Key)}, KEM key {KemKey}";
}
