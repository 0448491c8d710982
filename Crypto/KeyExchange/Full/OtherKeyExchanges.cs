using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.KeyExchange;

/// <summary>Key exchanges beside OpenSSL's: ML-KEM and the hybrids by BouncyCastle, for an OpenSSL that is older than 3.5.</summary>
internal static class OtherKeyExchanges
{
    public static IEnumerable<IKeyExchange> All => KeyExchangeAlgorithms.All.Where(a => a.IsKem()).Select(a => new BouncyCastleKem(a));

    public static KeyExchangeAlgorithm Recognise(ReadOnlySpan<byte> publicKey) =>
        SpkiForm.TryRead(publicKey, out var algorithm, out _) && algorithm.IsKem() ? algorithm : KeyExchangeAlgorithm.None;

    /// <summary>A public ML-KEM key as it goes on the wire.</summary>
    public static byte[] EncodePublic(KeyExchangeAlgorithm algorithm, byte[] key)
    {
        var spki = SpkiForm.Begin(algorithm, out var keyAt) ?? throw new ArgumentException($"{algorithm.Name()} is no ML-KEM", nameof(algorithm));
        key.CopyTo(spki, keyAt);
        return spki;
    }

    /// <summary>The key inside of a public ML-KEM key as it goes on the wire; empty if it is none of this algorithm.</summary>
    public static ReadOnlySpan<byte> DecodePublic(KeyExchangeAlgorithm algorithm, ReadOnlySpan<byte> publicKey) =>
        SpkiForm.TryRead(publicKey, out var found, out var key) && found == algorithm ? key : default;

    /// <summary>A private ML-KEM key in PKCS#8; null = none.</summary>
    public static IPrivateKey? ReadDer(ReadOnlySpan<byte> der)
    {
        var bytes = der.ToArray();
        try
        {
            if (PrivateKeyFactory.CreateKey(bytes) is not MLKemPrivateKeyParameters key) return null;
            foreach (var algorithm in KeyExchangeAlgorithms.All.Where(a => a.IsKem() && !a.IsHybrid()))
            {
                if (BouncyCastleKem.ParametersOf(algorithm) == key.Parameters) return new BouncyCastleKey(algorithm, key, null);
            }
            return null;
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidOperationException or GeneralSecurityException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>A hybrid's private key: [ML-KEM key | X25519 or X448 key].</summary>
    public static IPrivateKey ReadRaw(KeyExchangeAlgorithm algorithm, SecretBuffer raw)
    {
        var curveLength = BouncyCastleKem.CurveLength(algorithm);
        var kem = raw.Span[..^curveLength].ToArray();
        try
        {
            using var pkcs8 = new SecretBuffer([.. BouncyCastleKem.CurvePrivatePrefix(algorithm), .. raw.Span[^curveLength..]]);
            return new BouncyCastleKey(algorithm, MLKemPrivateKeyParameters.FromEncoding(BouncyCastleKem.ParametersOf(algorithm), kem), StaticKeys.ReadDer(pkcs8));
        }
        catch (ArgumentException e)
        {
            throw new OpenSslException($"no {algorithm.Name()} key: {e.Message}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(kem);
        }
    }
}
