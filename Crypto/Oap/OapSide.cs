using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Certificates;
using Ouroboros.Crypto.KeyExchange;

namespace Ouroboros.Crypto.Oap;

/// <summary>
/// The security configuration of one side of one name. Immutable; the keys and certificates in it belong to whoever made it and outlive every
/// handshake that uses them.
/// </summary>
public sealed record OapSide
{
    /// <summary>No encryption, no identity, anybody is welcome: what a name without security files has.</summary>
    public static OapSide Plain { get; } = new();

    /// <summary>Encryption; null = none asked for. A server without takes what a client proposes.</summary>
    public EncryptionOptions? Encryption { get; init; }

    /// <summary>What this side proves who it is with; null = it does not.</summary>
    public Identity? Identity { get; init; }

    /// <summary>What the peer's certificate has to lead to; null = no certificate is accepted.</summary>
    public TrustStore? Trust { get; init; }

    /// <summary>Refuse a peer that does not authenticate itself. The reference has no such setting, and a name's peers may be such.</summary>
    public bool RequireAuthentication { get; init; }

    /// <summary>Refuse a handshake that ends without encryption: for a server that has none configured of its own but must not be talked to in clear.</summary>
    public bool RequireEncryption { get; init; }

    /// <summary>Accept ciphers in counter mode, whose packets anybody can change unseen.</summary>
    public bool AllowCounterMode { get; init; }

    /// <summary>Server: the static KEM key that clients may encapsulate to.</summary>
    public IPrivateKey? StaticKey { get; init; }

    /// <summary>Client: the server's static KEM key as it goes on the wire; needed when <see cref="EncryptionOptions.ClientEncapsulates"/>.</summary>
    public ReadOnlyMemory<byte> ServerKey { get; init; }

    /// <summary>Where ephemeral keys come from; a test puts recorded ones here.</summary>
    internal Func<KeyExchangeAlgorithm, IPrivateKey> Ephemeral { get; init; } = static algorithm => KeyExchanges.Get(algorithm).Generate();

    /// <summary>
    /// The digest that own messages name. Ed25519 and Ed448 bring their own, and a peer fails to check them if the message names one.
    /// </summary>
    internal DigestAlgorithm OwnDigest => Identity is { Key.TakesNoDigest: true } ? DigestAlgorithm.None : Encryption?.Digest ?? DigestAlgorithm.None;

    /// <summary>Checks what this system and configuration can do, before the first handshake.</summary>
    /// <returns>null, or what is wrong and what to do.</returns>
    public string? Validate()
    {
        if (Encryption is null) return RequireEncryption || StaticKey is null ? null : "a static KEM key needs encryption to be configured";
        if (!KeyExchanges.IsSupported(Encryption.KeyExchange)) return OpenSsl.OpenSslLibrary.Explain(Encryption.KeyExchange.Name());
        if (Encryption.Cipher == CipherAlgorithm.None) return "a key exchange without cipher is refused by every peer; configure a cipher";
        if (!Encryption.Cipher.IsAuthenticated() && !AllowCounterMode)
        {
            return $"{Encryption.Cipher.Name()} lets anybody change packets unseen; use aes-256-gcm or chacha20-poly1305, or allow counter mode";
        }
        return null;
    }

    /// <summary>Its options, no keys.</summary>
    public override string ToString() => $"{Encryption?.ToString() ?? "no encryption"}, {Identity?.Certificate.ToString() ?? "no certificate"}";
}
