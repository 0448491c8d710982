using System.Text.Json.Nodes;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.OpenSsl;

namespace Ouroboros.Tests.Crypto.KeyExchange;

public class DiffieHellmanTests
{
    private static readonly KeyExchangeAlgorithm[] Algorithms = [.. KeyExchangeAlgorithms.All.Where(a => !a.IsKem())];

    private static IEnumerable<TestCaseData> Pairs()
    {
        var index = 0;
        foreach (var entry in Vectors.Load("kex-dhe.json").AsArray()) yield return new TestCaseData(entry).SetArgDisplayNames($"{index++}", entry!.Text("kex"));
    }

    [TestCaseSource(nameof(Pairs))]
    public void Keys_secrets_and_session_keys_are_the_reference_s(JsonNode entry)
    {
        var algorithm = Vectors.KeyExchange(entry.Text("kex"));
        using var client = Vectors.PrivateKey(entry["client"]!.Text("pkcs8"));
        using var server = Vectors.PrivateKey(entry["server"]!.Text("pkcs8"));
        var exchange = KeyExchanges.Get(algorithm);
        var clientPublic = entry["client"]!.Bytes("spki");
        var serverPublic = entry["server"]!.Bytes("spki");

        Assert.That(client.PublicKey.ToArray(), Is.EqualTo(clientPublic));
        Assert.That(KeyExchanges.Recognise(clientPublic, raw: false), Is.EqualTo(algorithm));
        Assert.That(exchange.TryAgree(client, serverPublic, out var one), Is.True);
        Assert.That(exchange.TryAgree(server, clientPublic, out var other), Is.True);
        Assert.That(one!.Span.ToArray(), Is.EqualTo(entry.Bytes("shared_secret")));
        Assert.That(other!.Span.ToArray(), Is.EqualTo(entry.Bytes("shared_secret")));
        foreach (var (kdf, key) in entry["keys"]!.AsObject())
        {
            using var derived = Hkdf.Derive(Vectors.Digest(kdf), one.Span, entry.Bytes("salt"), "o7s-ossl-dhe"u8, 32);
            Assert.That(Convert.ToHexStringLower(derived.Span), Is.EqualTo(key!.GetValue<string>()), kdf);
        }
        one.Dispose();
        other.Dispose();
    }

    [TestCaseSource(nameof(Algorithms))]
    public void Two_fresh_keys_agree(KeyExchangeAlgorithm algorithm)
    {
        var exchange = KeyExchanges.Get(algorithm);
        using var one = exchange.Generate();
        using var other = exchange.Generate();
        Assert.That(KeyExchanges.Recognise(one.PublicKey.Span, raw: false), Is.EqualTo(algorithm));
        Assert.That(one.PublicKey.ToArray(), Is.Not.EqualTo(other.PublicKey.ToArray()));
        Assert.That(exchange.TryAgree(one, other.PublicKey.Span, out var a), Is.True);
        Assert.That(exchange.TryAgree(other, one.PublicKey.Span, out var b), Is.True);
        Assert.That(a!.Span.ToArray(), Is.EqualTo(b!.Span.ToArray()));
        a.Dispose();
        b.Dispose();
    }

    [TestCaseSource(nameof(Algorithms))]
    public void A_key_of_every_other_algorithm_is_refused(KeyExchangeAlgorithm algorithm)
    {
        var exchange = KeyExchanges.Get(algorithm);
        using var own = exchange.Generate();
        foreach (var other in Algorithms.Where(a => a != algorithm))
        {
            using var wrong = KeyExchanges.Get(other).Generate();
            Assert.That(exchange.TryAgree(own, wrong.PublicKey.Span, out _), Is.False, other.Name());
            Assert.That(exchange.TryAgree(wrong, own.PublicKey.Span, out _), Is.False, other.Name());
        }
    }

    [TestCaseSource(nameof(Algorithms))]
    public void Truncations_and_trailing_bytes_are_refused(KeyExchangeAlgorithm algorithm)
    {
        var exchange = KeyExchanges.Get(algorithm);
        using var own = exchange.Generate();
        using var peer = exchange.Generate();
        var key = peer.PublicKey.ToArray();
        for (var length = 0; length < key.Length; length++) Assert.That(exchange.TryAgree(own, key.AsSpan(0, length), out _), Is.False, $"{length} bytes");
        Assert.That(exchange.TryAgree(own, [.. key, 0], out _), Is.False);
    }

    // The points of small order of Curve25519 and its twist (RFC 7748 section 6.1; the list is D. J. Bernstein's).
    [TestCase("0000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("0100000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [TestCase("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [TestCase("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [TestCase("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [TestCase("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void A_point_of_small_order_is_refused_on_X25519(string point)
    {
        var exchange = KeyExchanges.Get(KeyExchangeAlgorithm.X25519);
        using var own = exchange.Generate();
        Assert.That(exchange.TryAgree(own, Convert.FromHexString("302a300506032b656e032100" + point), out _), Is.False);
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_point_of_small_order_is_refused_on_X448(int u)
    {
        var exchange = KeyExchanges.Get(KeyExchangeAlgorithm.X448);
        using var own = exchange.Generate();
        var key = Convert.FromHexString("3042300506032b656f033900" + new string('0', 112));
        key[12] = (byte)u;
        Assert.That(exchange.TryAgree(own, key, out _), Is.False);
    }

    [TestCase(0)]
    [TestCase(1)]
    public void An_element_of_small_order_is_refused_in_a_finite_field(int y)
    {
        var exchange = KeyExchanges.Get(KeyExchangeAlgorithm.Ffdhe2048);
        using var own = exchange.Generate();
        Assert.That(exchange.TryAgree(own, WithPublicValue(own.PublicKey.Span, [(byte)y]), out _), Is.False);
    }

    [Test]
    public void A_point_off_the_curve_is_refused([Values(KeyExchangeAlgorithm.P256, KeyExchangeAlgorithm.P384, KeyExchangeAlgorithm.P521)] KeyExchangeAlgorithm algorithm)
    {
        var exchange = KeyExchanges.Get(algorithm);
        using var own = exchange.Generate();
        var key = exchange.Generate().PublicKey.ToArray();
        key[^1] ^= 1;
        Assert.That(exchange.TryAgree(own, key, out _), Is.False);
    }

    [Test]
    public void Names_are_exact()
    {
        Assert.That(KeyExchangeAlgorithms.TryParse("P-256", out _), Is.False);
        Assert.That(KeyExchangeAlgorithms.TryParse("x25519", out _), Is.False);
        Assert.That(KeyExchangeAlgorithms.TryParse("", out _), Is.False);
        Assert.That(KeyExchangeAlgorithms.TryParse("X25519", out _), Is.True);
    }

    [Test]
    public void A_post_quantum_exchange_that_is_not_there_says_what_to_install()
    {
        if (KeyExchanges.IsSupported(KeyExchangeAlgorithm.MlKem768)) Assert.Pass("OpenSSL or BouncyCastle has them");
        var e = Assert.Throws<FlowException>(() => KeyExchanges.Get(KeyExchangeAlgorithm.MlKem768));
        Assert.That(e!.Error, Is.EqualTo(FlowError.NotSupported));
        Assert.That(e.Message, Does.Contain("ML-KEM-768").And.Contain("3.5").And.Contain("this system has 3."));
    }

    /// <summary>A SubjectPublicKeyInfo of the same group with another public value, an INTEGER in a BIT STRING.</summary>
    private static byte[] WithPublicValue(ReadOnlySpan<byte> spki, byte[] value)
    {
        // SEQUENCE (4) { AlgorithmIdentifier: SEQUENCE (4) ... , BIT STRING }
        var algorithm = spki.Slice(4, 4 + (spki[6] << 8) + spki[7]).ToArray();
        byte[] bits = [0x03, (byte)(value.Length + 3), 0x00, 0x02, (byte)value.Length, .. value];
        var length = algorithm.Length + bits.Length;
        return [0x30, 0x82, (byte)(length >> 8), (byte)length, .. algorithm, .. bits];
    }
}
