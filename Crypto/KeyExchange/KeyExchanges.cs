using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;

namespace Ouroboros.Crypto.KeyExchange;

/// <summary>Finds the implementation of a key exchange, and the key exchange that a public key is for.</summary>
public static class KeyExchanges
{
    private static readonly Dictionary<KeyExchangeAlgorithm, IKeyExchange> Known = KeyExchangeAlgorithms.All
        .Where(OpenSslKeyExchange.IsSupported)
        .Select(IKeyExchange (a) => new OpenSslKeyExchange(a))
        .Concat(OtherKeyExchanges.All)
        .DistinctBy(e => e.Algorithm)
        .ToDictionary(e => e.Algorithm);

    /// <summary>Whether this system has it; post-quantum ones need OpenSSL 3.5, or the package profile full.</summary>
    public static bool IsSupported(KeyExchangeAlgorithm algorithm) => Known.ContainsKey(algorithm);

    /// <summary>The implementation.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.NotSupported"/>, with what to install.</exception>
    public static IKeyExchange Get(KeyExchangeAlgorithm algorithm) => Known.TryGetValue(algorithm, out var found)
        ? found
        : throw new FlowException(FlowError.NotSupported, OpenSslLibrary.Explain(algorithm.Name()));

    /// <summary>
    /// What a public key on the wire is for: a SubjectPublicKeyInfo says so itself, of a hybrid KEM's raw key the length does.
    /// </summary>
    /// <param name="key">The key as received.</param>
    /// <param name="raw">The flag of the message: a hybrid KEM's raw key.</param>
    /// <returns><see cref="KeyExchangeAlgorithm.None"/>: no key of an algorithm that this system has.</returns>
    public static KeyExchangeAlgorithm Recognise(ReadOnlySpan<byte> key, bool raw)
    {
        var algorithm = raw
            ? key.Length switch
            {
                1216 or 1120 => KeyExchangeAlgorithm.X25519MlKem768,
                1624 => KeyExchangeAlgorithm.X448MlKem1024,
                _ => KeyExchangeAlgorithm.None,
            }
            : OpenSslKey.Recognise(key) is var known and not KeyExchangeAlgorithm.None ? known : OtherKeyExchanges.Recognise(key);
        return IsSupported(algorithm) ? algorithm : KeyExchangeAlgorithm.None;
    }
}
