using System.Formats.Asn1;
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

    [TestCaseSource(typeof(BadKeys), nameof(BadKeys.Cases))]
    public void A_key_of_small_order_or_none_of_the_group_is_refused(KeyExchangeAlgorithm algorithm, byte[] key)
    {
        var exchange = KeyExchanges.Get(algorithm);
        using var own = exchange.Generate();
        Assert.That(exchange.TryAgree(own, key, out var secret), Is.False);
        Assert.That(secret, Is.Null);
    }

    [Test]
    public void A_compressed_point_is_taken([Values(KeyExchangeAlgorithm.P256, KeyExchangeAlgorithm.P384, KeyExchangeAlgorithm.P521)] KeyExchangeAlgorithm algorithm)
    {
        // The reference's decoder takes it, too (oap-and-crypto.md section 4.1).
        var exchange = KeyExchanges.Get(algorithm);
        using var own = exchange.Generate();
        using var peer = exchange.Generate();
        var reader = new AsnReader(peer.PublicKey, AsnEncodingRules.DER).ReadSequence();
        var identifier = reader.ReadEncodedValue();
        var point = reader.ReadBitString(out _);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(identifier.Span);
            writer.WriteBitString([(byte)(2 | (point[^1] & 1)), .. point[1..(1 + (point.Length / 2))]]);
        }
        Assert.That(KeyExchanges.Recognise(writer.Encode(), raw: false), Is.EqualTo(algorithm));
        Assert.That(exchange.TryAgree(own, writer.Encode(), out var one), Is.True);
        Assert.That(exchange.TryAgree(peer, own.PublicKey.Span, out var other), Is.True);
        Assert.That(one!.Span.ToArray(), Is.EqualTo(other!.Span.ToArray()));
        one.Dispose();
        other.Dispose();
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
}
