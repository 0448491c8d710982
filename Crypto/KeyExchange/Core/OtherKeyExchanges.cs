using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.KeyExchange;

/// <summary>Key exchanges beside OpenSSL's: none in this package profile.</summary>
internal static class OtherKeyExchanges
{
    public static IEnumerable<IKeyExchange> All => [];

    public static KeyExchangeAlgorithm Recognise(ReadOnlySpan<byte> publicKey) => KeyExchangeAlgorithm.None;

    public static IPrivateKey? ReadDer(ReadOnlySpan<byte> der) => null;

    public static IPrivateKey? ReadRaw(KeyExchangeAlgorithm algorithm, SecretBuffer raw) => null;
}
