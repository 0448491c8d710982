using System.Diagnostics.CodeAnalysis;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.KeyExchange;

/// <summary>
/// One way of agreeing on a secret with keys in the encodings of the wire (oap-and-crypto.md section 4.1). Safe from any thread. What comes
/// from a peer is refused with false, never with an exception; it is the caller's own keys that are expected to be good.
/// </summary>
public interface IKeyExchange
{
    /// <summary>Which one.</summary>
    KeyExchangeAlgorithm Algorithm { get; }

    /// <summary>Makes an ephemeral key.</summary>
    IPrivateKey Generate();

    /// <summary>Agrees with a peer's public key: Diffie-Hellman only.</summary>
    /// <param name="own">Own key, of the same algorithm.</param>
    /// <param name="peer">The peer's public key as received.</param>
    /// <param name="secret">The raw secret, section 4.1; the caller owns it.</param>
    /// <returns>False: not a valid public key of this algorithm, or one that leads to a secret anyone can know; or a KEM.</returns>
    bool TryAgree(IPrivateKey own, ReadOnlySpan<byte> peer, [NotNullWhen(true)] out SecretBuffer? secret);

    /// <summary>Makes a secret that only the holder of the private key can find out: KEM only.</summary>
    /// <param name="peer">The peer's public key as received.</param>
    /// <param name="ciphertext">What the holder needs.</param>
    /// <param name="secret">The secret; the caller owns it.</param>
    bool TryEncapsulate(ReadOnlySpan<byte> peer, [NotNullWhen(true)] out byte[]? ciphertext, [NotNullWhen(true)] out SecretBuffer? secret);

    /// <summary>Finds out the secret in a ciphertext: KEM only. A damaged one of the right length gives another secret, not an error.</summary>
    bool TryDecapsulate(IPrivateKey own, ReadOnlySpan<byte> ciphertext, [NotNullWhen(true)] out SecretBuffer? secret);
}
