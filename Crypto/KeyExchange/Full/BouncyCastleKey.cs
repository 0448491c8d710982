using Org.BouncyCastle.Crypto.Parameters;
using Ouroboros.Crypto.Algorithms;

namespace Ouroboros.Crypto.KeyExchange;

/// <summary>
/// A private key of ML-KEM, with that of its curve for a hybrid. The first lives in BouncyCastle's managed arrays, which nobody can wipe: where
/// that matters, use OpenSSL 3.5.
/// </summary>
internal sealed class BouncyCastleKey(KeyExchangeAlgorithm algorithm, MLKemPrivateKeyParameters kem, IPrivateKey? curve) : IPrivateKey
{
    private readonly byte[] _public = curve is null
        ? OtherKeyExchanges.EncodePublic(algorithm, kem.GetPublicKeyEncoded())
        : [.. kem.GetPublicKeyEncoded(), .. curve.PublicKey.Span[^BouncyCastleKem.CurveLength(algorithm)..]];

    public KeyExchangeAlgorithm Algorithm => algorithm;

    public ReadOnlyMemory<byte> PublicKey => _public;

    public MLKemPrivateKeyParameters Kem => kem;

    public IPrivateKey? Curve => curve;

    public void Dispose() => curve?.Dispose();

    public override string ToString() => algorithm.Name();
}
