using Ouroboros.Crypto.Algorithms;

namespace Ouroboros.Tests.Crypto.Algorithms;

/// <summary>Names, numbers on the wire and strength, as oap-and-crypto.md section 3 has them, weakest first.</summary>
public class TableTests
{
    private static readonly (string Name, int Number, int Key, int Iv, int Tag)[] Ciphers =
    [
        ("aes-128-ctr", 0x388, 16, 16, 0), ("aes-192-ctr", 0x389, 24, 16, 0), ("aes-256-ctr", 0x38a, 32, 16, 0), ("aes-128-gcm", 0x37f, 16, 12, 16),
        ("aes-192-gcm", 0x382, 24, 12, 16), ("aes-256-gcm", 0x385, 32, 12, 16), ("chacha20-poly1305", 0x3fa, 32, 12, 16),
    ];

    private static readonly (string Name, int Number, int Length)[] Digests =
    [
        ("blake2s256", 1057, 32), ("sha256", 672, 32), ("sha3-256", 1097, 32), ("sha384", 673, 48), ("sha3-384", 1098, 48), ("blake2b512", 1056, 64), ("sha512", 674, 64),
        ("sha3-512", 1099, 64),
    ];

    private static readonly string[] Exchanges =
    [
        "ffdhe2048", "prime256v1", "X25519", "ffdhe3072", "secp384r1", "ffdhe4096", "X448", "secp521r1", "ML-KEM-512", "ML-KEM-768", "ML-KEM-1024", "X25519MLKEM768", "X448MLKEM1024",
    ];

    [Test]
    public void Ciphers_have_their_numbers_and_lengths_in_order_of_strength()
    {
        Assert.That(CipherAlgorithms.All.Select(c => (c.Name(), (int)c, c.KeyLength(), c.IvLength(), c.TagLength())), Is.EqualTo(Ciphers));
        Assert.That(CipherAlgorithms.All.Select(c => c.Rank()), Is.EqualTo(Enumerable.Range(1, Ciphers.Length)));
        Assert.That(CipherAlgorithm.None.Rank(), Is.Zero);
        Assert.That(((CipherAlgorithm)900).Rank(), Is.EqualTo(-1));
        foreach (var (name, number, _, _, _) in Ciphers) Assert.That(CipherAlgorithms.TryParse(name, out var found) ? (int)found : -1, Is.EqualTo(number));
    }

    [Test]
    public void Digests_have_their_numbers_and_lengths_in_order_of_strength()
    {
        Assert.That(DigestAlgorithms.All.Select(d => (d.Name(), (int)d, d.Length())), Is.EqualTo(Digests));
        Assert.That(DigestAlgorithms.All.Select(d => d.Rank()), Is.EqualTo(Enumerable.Range(1, Digests.Length)));
        Assert.That(DigestAlgorithm.None.Rank(), Is.Zero);
        Assert.That(((DigestAlgorithm)1096).Rank(), Is.EqualTo(-1), "the number in the reference's header");
        foreach (var (name, number, _) in Digests) Assert.That(DigestAlgorithms.TryParse(name, out var found) ? (int)found : -1, Is.EqualTo(number));
    }

    [Test]
    public void Key_exchanges_are_in_order_of_strength()
    {
        Assert.That(KeyExchangeAlgorithms.All.Select(k => k.Name()), Is.EqualTo(Exchanges));
        Assert.That(KeyExchangeAlgorithms.All.Select(k => k.Rank()), Is.EqualTo(Enumerable.Range(1, Exchanges.Length)));
        Assert.That(KeyExchangeAlgorithms.All.Where(k => k.IsKem()).Select(k => k.Rank()), Is.EqualTo(Enumerable.Range(9, 5)));
        foreach (var known in KeyExchangeAlgorithms.All) Assert.That(KeyExchangeAlgorithms.TryParse(known.Name(), out var found) ? found : default, Is.EqualTo(known));
    }

    [TestCase("")]
    [TestCase("rsa2048")]
    [TestCase("P-256")]
    [TestCase("x25519")]
    [TestCase("AES-256-GCM")]
    [TestCase("SHA256")]
    public void A_name_of_something_else_or_in_another_spelling_is_unknown(string name)
    {
        Assert.That(CipherAlgorithms.TryParse(name, out _), Is.False);
        Assert.That(DigestAlgorithms.TryParse(name, out _), Is.False);
        Assert.That(KeyExchangeAlgorithms.TryParse(name, out _), Is.False);
    }
}
