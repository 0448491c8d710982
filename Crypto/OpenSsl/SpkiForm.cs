using Ouroboros.Crypto.Algorithms;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>
/// The SubjectPublicKeyInfos whose bytes can be told beforehand but for the key at their end (oap-and-crypto.md section 4.1). OpenSSL's decoders and encoders take
/// longer than the key exchange itself, so these go around them; every other form still goes through them.
/// </summary>
internal static class SpkiForm
{
    // RFC 8410 (X25519, X448), RFC 5480 (curves, uncompressed point), FIPS 203 with the object identifiers of NIST (ML-KEM).
    private static readonly (KeyExchangeAlgorithm Algorithm, byte[] Prefix, int KeyLength)[] Forms =
    [
        (KeyExchangeAlgorithm.X25519, Convert.FromHexString("302a300506032b656e032100"), 32),
        (KeyExchangeAlgorithm.X448, Convert.FromHexString("3042300506032b656f033900"), 56),
        (KeyExchangeAlgorithm.P256, Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d030107034200"), 65),
        (KeyExchangeAlgorithm.P384, Convert.FromHexString("3076301006072a8648ce3d020106052b81040022036200"), 97),
        (KeyExchangeAlgorithm.P521, Convert.FromHexString("30819b301006072a8648ce3d020106052b8104002303818600"), 133),
        (KeyExchangeAlgorithm.MlKem512, Convert.FromHexString("30820332300b06096086480165030404010382032100"), 800),
        (KeyExchangeAlgorithm.MlKem768, Convert.FromHexString("308204b2300b0609608648016503040402038204a100"), 1184),
        (KeyExchangeAlgorithm.MlKem1024, Convert.FromHexString("30820632300b06096086480165030404030382062100"), 1568),
    ];

    /// <summary>The algorithm that a key is for and where its bytes are, if it has one of the forms.</summary>
    public static bool TryRead(ReadOnlySpan<byte> spki, out KeyExchangeAlgorithm algorithm, out ReadOnlySpan<byte> key)
    {
        foreach (var (candidate, prefix, length) in Forms)
        {
            if (spki.Length != prefix.Length + length || !spki.StartsWith(prefix)) continue;
            // A curve's point can be written in other ways of the same length.
            if (IsCurve(candidate) && spki[prefix.Length] != 4) break;
            algorithm = candidate;
            key = spki[prefix.Length..];
            return true;
        }
        algorithm = KeyExchangeAlgorithm.None;
        key = default;
        return false;
    }

    /// <summary>Room for the key of an algorithm behind its prefix; null when it has none of the forms.</summary>
    public static byte[]? Begin(KeyExchangeAlgorithm algorithm, out int keyAt)
    {
        foreach (var (candidate, prefix, length) in Forms)
        {
            if (candidate != algorithm) continue;
            var spki = new byte[prefix.Length + length];
            prefix.CopyTo(spki, 0);
            keyAt = prefix.Length;
            return spki;
        }
        keyAt = 0;
        return null;
    }

    /// <summary>Whether the key is a point of a curve with a name.</summary>
    public static bool IsCurve(KeyExchangeAlgorithm algorithm) =>
        algorithm is KeyExchangeAlgorithm.P256 or KeyExchangeAlgorithm.P384 or KeyExchangeAlgorithm.P521;
}
