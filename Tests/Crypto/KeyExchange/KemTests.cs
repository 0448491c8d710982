using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.OpenSsl;

namespace Ouroboros.Tests.Crypto.KeyExchange;

[Category(PostQuantum.Category)]
public class KemTests
{
    private static readonly KeyExchangeAlgorithm[] Algorithms = [.. KeyExchangeAlgorithms.All.Where(a => a.IsKem())];

    [SetUp]
    public void NeedsThem()
    {
        // OpenSSL's where it has them, else BouncyCastle's in the profile full.
        if (!KeyExchanges.IsSupported(KeyExchangeAlgorithm.MlKem768)) PostQuantum.Require();
    }

    private static IEnumerable<TestCaseData> Entries() =>
        Vectors.Load("kex-kem.json").AsArray().Select(e => new TestCaseData(e).SetArgDisplayNames(e!.Text("kex")));

    [TestCaseSource(nameof(Entries))]
    public void Ciphertexts_of_the_reference_give_its_session_keys(JsonNode entry)
    {
        var algorithm = Vectors.KeyExchange(entry.Text("kex"));
        var hybrid = entry["hybrid"]!.GetValue<bool>();
        using var key = hybrid ? Vectors.RawPrivateKey(entry.Text("private_key_raw")) : Vectors.PrivateKey(entry.Text("pkcs8"));
        var publicKey = entry.Bytes(hybrid ? "public_key_raw" : "public_key_spki");
        Assert.That(key.PublicKey.ToArray(), Is.EqualTo(publicKey));
        Assert.That(KeyExchanges.Recognise(publicKey, hybrid), Is.EqualTo(algorithm));
        Assert.That(SHA256.HashData(publicKey), Is.EqualTo(entry.Bytes("salt")));
        foreach (var example in entry["cases"]!.AsArray())
        {
            Assert.That(KeyExchanges.Get(algorithm).TryDecapsulate(key, example!.Bytes("ciphertext"), out var secret), Is.True);
            using (secret)
            {
                Assert.That(secret!.Span.ToArray(), Is.EqualTo(example!.Bytes("shared_secret")));
                using var derived = Hkdf.Derive(Vectors.Digest(example.Text("kdf")), secret.Span, entry.Bytes("salt"), "o7s-ossl-encap"u8, 32);
                Assert.That(derived.Span.ToArray(), Is.EqualTo(example.Bytes("key")));
            }
        }
    }

    [TestCaseSource(nameof(Algorithms))]
    public void Both_sides_of_an_encapsulation_know_the_secret(KeyExchangeAlgorithm algorithm)
    {
        var kem = KeyExchanges.Get(algorithm);
        using var key = kem.Generate();
        Assert.That(kem.TryEncapsulate(key.PublicKey.Span, out var ciphertext, out var one), Is.True);
        Assert.That(ciphertext, Has.Length.EqualTo(algorithm.CiphertextLength()));
        Assert.That(kem.TryDecapsulate(key, ciphertext, out var other), Is.True);
        Assert.That(one!.Span.ToArray(), Is.EqualTo(other!.Span.ToArray()));
        ciphertext![3] ^= 1;
        Assert.That(kem.TryDecapsulate(key, ciphertext, out var wrong), Is.True, "damage is not reported");
        Assert.That(wrong!.Span.ToArray(), Is.Not.EqualTo(other.Span.ToArray()));
        ciphertext[3] ^= 1;
        using var stranger = kem.Generate();
        Assert.That(kem.TryDecapsulate(stranger, ciphertext, out var strangers), Is.True, "nor is another key");
        Assert.That(strangers!.Span.ToArray(), Is.Not.EqualTo(other.Span.ToArray()));
        one.Dispose();
        other.Dispose();
        wrong.Dispose();
        strangers.Dispose();
    }

    [TestCaseSource(nameof(Algorithms))]
    public void Wrong_lengths_are_refused(KeyExchangeAlgorithm algorithm)
    {
        var kem = KeyExchanges.Get(algorithm);
        using var key = kem.Generate();
        var right = algorithm.CiphertextLength();
        foreach (var length in new[] { 0, 1, right - 1, right + 1 }) Assert.That(kem.TryDecapsulate(key, new byte[length], out _), Is.False);
        var publicKey = key.PublicKey.ToArray();
        foreach (var length in new[] { 0, 1, publicKey.Length - 1 }) Assert.That(kem.TryEncapsulate(publicKey.AsSpan(0, length), out _, out _), Is.False);
        Assert.That(kem.TryEncapsulate([.. publicKey, 0], out _, out _), Is.False);
        Assert.That(kem.TryAgree(key, publicKey, out _), Is.False, "a KEM does not agree");
    }

    [Test]
    public void A_low_order_point_in_a_hybrid_key_or_ciphertext_is_refused(
        [Values(KeyExchangeAlgorithm.X25519MlKem768, KeyExchangeAlgorithm.X448MlKem1024)] KeyExchangeAlgorithm algorithm, [Values(0, 1)] int u)
    {
        var kem = KeyExchanges.Get(algorithm);
        using var key = kem.Generate();
        var curve = algorithm == KeyExchangeAlgorithm.X25519MlKem768 ? 32 : 56;
        var bad = key.PublicKey.ToArray();
        bad.AsSpan(bad.Length - curve).Clear();
        bad[^curve] = (byte)u;
        Assert.That(kem.TryEncapsulate(bad, out _, out _), Is.False);
        Assert.That(kem.TryEncapsulate(key.PublicKey.Span, out var ciphertext, out var secret), Is.True);
        secret!.Dispose();
        ciphertext.AsSpan(ciphertext!.Length - curve).Clear();
        ciphertext[^curve] = (byte)u;
        Assert.That(kem.TryDecapsulate(key, ciphertext, out _), Is.False);
    }
}
