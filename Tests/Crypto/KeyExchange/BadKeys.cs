using System.Formats.Asn1;
using System.Numerics;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;

namespace Ouroboros.Tests.Crypto.KeyExchange;

/// <summary>Public keys that are well-formed and must not be agreed with: small order, off the curve, outside of the field.</summary>
internal static class BadKeys
{
    private const string X25519Prefix = "302a300506032b656e032100";
    private const string X448Prefix = "3042300506032b656f033900";

    // The points of small order of Curve25519 and its twist (RFC 7748 section 6.1; the list is D. J. Bernstein's).
    private static readonly string[] SmallOn25519 =
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        // The last three with the bit that is not looked at.
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ];

    // 0, 1, and p - 1, p, p + 1 with p = 2^448 - 2^224 - 1, little endian.
    private static readonly string[] SmallOn448 =
    [
        new('0', 112),
        "01" + new string('0', 110),
        "fe" + new string('f', 54) + "fe" + new string('f', 54),
        "ff" + new string('f', 54) + "fe" + new string('f', 54),
        new string('0', 56) + new string('f', 56),
    ];

    /// <summary>All of them: algorithm, what is wrong, the SubjectPublicKeyInfo.</summary>
    public static IEnumerable<(KeyExchangeAlgorithm Algorithm, string What, byte[] Key)> All()
    {
        foreach (var point in SmallOn25519) yield return (KeyExchangeAlgorithm.X25519, $"small order {point[..4]}..{point[^2..]}", Convert.FromHexString(X25519Prefix + point));
        foreach (var point in SmallOn448) yield return (KeyExchangeAlgorithm.X448, $"small order {point[..4]}..{point[^4..]}", Convert.FromHexString(X448Prefix + point));
        foreach (var curve in new[] { KeyExchangeAlgorithm.P256, KeyExchangeAlgorithm.P384, KeyExchangeAlgorithm.P521 })
        {
            foreach (var (what, key) in OnCurve(curve)) yield return (curve, what, key);
        }
        foreach (var field in new[] { KeyExchangeAlgorithm.Ffdhe2048, KeyExchangeAlgorithm.Ffdhe3072, KeyExchangeAlgorithm.Ffdhe4096 })
        {
            foreach (var (what, key) in InField(field)) yield return (field, what, key);
        }
    }

    /// <summary>Those, as cases of a test.</summary>
    public static IEnumerable<TestCaseData> Cases() => All().Select(k => new TestCaseData(k.Algorithm, k.Key).SetArgDisplayNames(k.Algorithm.Name(), k.What));

    private static IEnumerable<(string What, byte[] Key)> OnCurve(KeyExchangeAlgorithm algorithm)
    {
        using var good = KeyExchanges.Get(algorithm).Generate();
        var coordinate = algorithm switch { KeyExchangeAlgorithm.P256 => 32, KeyExchangeAlgorithm.P384 => 48, _ => 66 };
        byte[] With(Action<byte[]> change)
        {
            var key = good.PublicKey.ToArray();
            change(key);
            return key;
        }
        int X(byte[] key) => key.Length - (2 * coordinate);
        yield return ("off the curve", With(k => k[^1] ^= 1));
        yield return ("x changed", With(k => k[X(k) + coordinate - 1] ^= 1));
        yield return ("0, 0", With(k => k.AsSpan(X(k)).Clear()));
        yield return ("coordinates beyond the field", With(k => k.AsSpan(X(k)).Fill(0xff)));
        yield return ("a hybrid form with the wrong y", With(k => k[X(k) - 1] = (byte)(6 | (~k[^1] & 1))));
        yield return ("an unknown form", With(k => k[X(k) - 1] = 5));
        // The point at infinity is one byte, 0.
        yield return ("infinity", Envelope(good.PublicKey.Span, [0]));
        // About half of all numbers are no x of a point: one of these is none.
        yield return ("compressed, beyond the field", Envelope(good.PublicKey.Span, [2, .. Enumerable.Repeat((byte)0xff, coordinate)]));
    }

    private static IEnumerable<(string What, byte[] Key)> InField(KeyExchangeAlgorithm algorithm)
    {
        using var good = KeyExchanges.Get(algorithm).Generate();
        var p = new AsnReader(good.PublicKey, AsnEncodingRules.DER).ReadSequence().ReadSequence() is var identifier && identifier.ReadObjectIdentifier().Length > 0
            ? identifier.ReadSequence().ReadInteger()
            : BigInteger.Zero;
        foreach (var (what, y) in new[] { ("0", BigInteger.Zero), ("1", BigInteger.One), ("p - 1", p - 1), ("p", p), ("p + 1", p + 1), ("-1", BigInteger.MinusOne) })
        {
            var value = new AsnWriter(AsnEncodingRules.DER);
            value.WriteInteger(y);
            yield return ($"y = {what}", Envelope(good.PublicKey.Span, value.Encode()));
        }
    }

    /// <summary>A SubjectPublicKeyInfo with the same algorithm and another key.</summary>
    private static byte[] Envelope(ReadOnlySpan<byte> spki, byte[] key)
    {
        var reader = new AsnReader(spki.ToArray(), AsnEncodingRules.DER).ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(reader.ReadEncodedValue().Span);
            writer.WriteBitString(key);
        }
        return writer.Encode();
    }
}
