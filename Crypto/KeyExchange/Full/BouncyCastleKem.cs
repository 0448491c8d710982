using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.KeyExchange;

/// <summary>ML-KEM by BouncyCastle; of hybrids, X25519 and X448 are OpenSSL's, which has them in every version.</summary>
internal sealed class BouncyCastleKem(KeyExchangeAlgorithm algorithm) : IKeyExchange
{
    private const int KemSecretLength = 32;

    private static readonly SecureRandom Random = new();

    private readonly OpenSslKeyExchange? _curve = algorithm.IsHybrid() ? new OpenSslKeyExchange(CurveOf(algorithm)) : null;

    public KeyExchangeAlgorithm Algorithm => algorithm;

    public static MLKemParameters ParametersOf(KeyExchangeAlgorithm algorithm) => algorithm switch
    {
        KeyExchangeAlgorithm.MlKem512 => MLKemParameters.ml_kem_512,
        KeyExchangeAlgorithm.MlKem768 or KeyExchangeAlgorithm.X25519MlKem768 => MLKemParameters.ml_kem_768,
        _ => MLKemParameters.ml_kem_1024,
    };

    /// <summary>Bytes of a key and of a secret of the curve in a hybrid.</summary>
    public static int CurveLength(KeyExchangeAlgorithm algorithm) => CurveOf(algorithm) == KeyExchangeAlgorithm.X25519 ? 32 : 56;

    /// <summary>What stands before a private key of the curve in PKCS#8 (RFC 8410).</summary>
    public static byte[] CurvePrivatePrefix(KeyExchangeAlgorithm algorithm) =>
        Convert.FromHexString(CurveOf(algorithm) == KeyExchangeAlgorithm.X25519 ? "302e020100300506032b656e04220420" : "3046020100300506032b656f043a0438");

    public IPrivateKey Generate()
    {
        var generator = new MLKemKeyPairGenerator();
        generator.Init(new MLKemKeyGenerationParameters(Random, ParametersOf(algorithm)));
        return new BouncyCastleKey(algorithm, (MLKemPrivateKeyParameters)generator.GenerateKeyPair().Private, _curve?.Generate());
    }

    public bool TryAgree(IPrivateKey own, ReadOnlySpan<byte> peer, [NotNullWhen(true)] out SecretBuffer? secret)
    {
        secret = null;
        return false;
    }

    public bool TryEncapsulate(ReadOnlySpan<byte> peer, [NotNullWhen(true)] out byte[]? ciphertext, [NotNullWhen(true)] out SecretBuffer? secret)
    {
        ciphertext = null;
        secret = null;
        ReadOnlySpan<byte> kemKey, curveKey = default;
        if (_curve is null)
        {
            kemKey = OtherKeyExchanges.DecodePublic(algorithm, peer);
            if (kemKey.IsEmpty) return false;
        }
        else
        {
            if (peer.Length != algorithm.RawPublicLength()) return false;
            kemKey = peer[..^CurveLength(algorithm)];
            curveKey = peer[^CurveLength(algorithm)..];
        }
        MLKemPublicKeyParameters key;
        try
        {
            key = MLKemPublicKeyParameters.FromEncoding(ParametersOf(algorithm), kemKey.ToArray());
        }
        catch (ArgumentException)
        {
            return false;
        }
        SecretBuffer? curveSecret = null;
        ReadOnlySpan<byte> curvePublic = default;
        if (_curve is not null)
        {
            using var ephemeral = _curve.Generate();
            if (!_curve.TryAgree(ephemeral, CurvePublic(curveKey), out curveSecret)) return false;
            curvePublic = ephemeral.PublicKey.Span[^CurveLength(algorithm)..].ToArray();
        }
        var encapsulator = new MLKemEncapsulator(ParametersOf(algorithm));
        encapsulator.Init(new ParametersWithRandom(key, Random));
        var encapsulated = new byte[encapsulator.EncapsulationLength];
        var shared = new byte[KemSecretLength];
        encapsulator.Encapsulate(encapsulated, 0, encapsulated.Length, shared, 0, shared.Length);
        ciphertext = [.. encapsulated, .. curvePublic];
        secret = Join(shared, curveSecret);
        return true;
    }

    public bool TryDecapsulate(IPrivateKey own, ReadOnlySpan<byte> ciphertext, [NotNullWhen(true)] out SecretBuffer? secret)
    {
        secret = null;
        if (own is not BouncyCastleKey key || key.Algorithm != algorithm || ciphertext.Length != algorithm.CiphertextLength()) return false;
        SecretBuffer? curveSecret = null;
        var kemLength = ciphertext.Length;
        if (_curve is not null)
        {
            kemLength -= CurveLength(algorithm);
            if (!_curve.TryAgree(key.Curve!, CurvePublic(ciphertext[kemLength..]), out curveSecret)) return false;
        }
        var decapsulator = new MLKemDecapsulator(ParametersOf(algorithm));
        decapsulator.Init(key.Kem);
        var shared = new byte[KemSecretLength];
        decapsulator.Decapsulate(ciphertext[..kemLength].ToArray(), 0, kemLength, shared, 0, shared.Length);
        secret = Join(shared, curveSecret);
        return true;
    }

    private static KeyExchangeAlgorithm CurveOf(KeyExchangeAlgorithm algorithm) =>
        algorithm == KeyExchangeAlgorithm.X25519MlKem768 ? KeyExchangeAlgorithm.X25519 : KeyExchangeAlgorithm.X448;

    private byte[] CurvePublic(ReadOnlySpan<byte> raw) =>
        [.. Convert.FromHexString(CurveOf(algorithm) == KeyExchangeAlgorithm.X25519 ? "302a300506032b656e032100" : "3042300506032b656f033900"), .. raw];

    /// <summary>[ML-KEM secret | curve secret] out of the managed heap; both parts are wiped.</summary>
    private static SecretBuffer Join(byte[] kem, SecretBuffer? curve)
    {
        var secret = new SecretBuffer(kem.Length + (curve?.Length ?? 0));
        kem.CopyTo(secret.Span);
        CryptographicOperations.ZeroMemory(kem);
        if (curve is null) return secret;
        using (curve) curve.Span.CopyTo(secret.Span[kem.Length..]);
        return secret;
    }
}
