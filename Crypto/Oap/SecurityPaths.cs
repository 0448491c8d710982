namespace Ouroboros.Crypto.Oap;

/// <summary>Where one side of a name has its files, where that is not in the folder of the name; null = there.</summary>
/// <param name="Encryption">enc.conf.</param>
/// <param name="Certificate">Certificate in PEM.</param>
/// <param name="Key">Its private key: a path, or a <c>pkcs11:</c> URI.</param>
public sealed record SecurityPaths(string? Encryption = null, string? Certificate = null, string? Key = null)
{
    /// <summary>All in the folder of the name.</summary>
    public static SecurityPaths Default { get; } = new();
}
