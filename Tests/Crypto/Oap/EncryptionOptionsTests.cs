using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Oap;

namespace Ouroboros.Tests.Crypto.Oap;

public class EncryptionOptionsTests
{
    [Test]
    public void An_empty_file_has_the_defaults() =>
        Assert.That(EncryptionOptions.Parse(""), Is.EqualTo(new EncryptionOptions
        {
            KeyExchange = KeyExchangeAlgorithm.P256,
            Cipher = CipherAlgorithm.Aes256Gcm,
            Kdf = DigestAlgorithm.Sha256,
            Digest = DigestAlgorithm.Sha256,
            KemMode = KemMode.Server,
        }));

    [Test]
    public void Keys_are_read_with_blanks_and_comments_and_later_lines_win() =>
        Assert.That(EncryptionOptions.Parse("# comment\n\n kex = X448 \r\ncipher=aes-128-gcm\nkdf=blake2b512\ndigest=sha3-512\nkem_mode=client\nkex=ML-KEM-768\nother=1\nword\n"),
            Is.EqualTo(new EncryptionOptions
            {
                KeyExchange = KeyExchangeAlgorithm.MlKem768,
                Cipher = CipherAlgorithm.Aes128Gcm,
                Kdf = DigestAlgorithm.Blake2b512,
                Digest = DigestAlgorithm.Sha3_512,
                KemMode = KemMode.Client,
            }));

    [Test]
    public void A_line_beyond_255_bytes_goes_on_as_another_and_only_a_first_character_begins_a_comment()
    {
        Assert.That(EncryptionOptions.Parse("#" + new string('x', 254) + "kex=X448\n")!.KeyExchange, Is.EqualTo(KeyExchangeAlgorithm.X448));
        Assert.That(EncryptionOptions.Parse("#" + new string('x', 253) + "kex=X448\n")!.KeyExchange, Is.EqualTo(KeyExchangeAlgorithm.P256));
        Assert.That(EncryptionOptions.Parse(" # kex=X448\n")!.KeyExchange, Is.EqualTo(KeyExchangeAlgorithm.P256), "an unknown key");
    }

    [TestCase("none")]
    [TestCase("kex=X25519\n none \ngarbage=here")]
    public void The_word_none_turns_encryption_off(string text) => Assert.That(EncryptionOptions.Parse(text), Is.Null);

    [TestCase("kex=none", "kex")]
    [TestCase("kex=P-256", "kex")]
    [TestCase("kex=X25519 # trailing", "kex")]
    [TestCase("\ncipher=aes-256-cbc", "line 2: cipher")]
    [TestCase("kdf=md5", "kdf")]
    [TestCase("kem_mode=both", "kem_mode")]
    public void An_unknown_value_is_an_error_that_says_what_there_is(string text, string where)
    {
        var e = Assert.Throws<FormatException>(() => EncryptionOptions.Parse(text));
        Assert.That(e!.Message, Does.Contain(where).And.Contain("use "));
    }

    [Test]
    public void What_this_system_cannot_do_is_found_before_the_first_handshake()
    {
        Assert.That(new OapSide { Encryption = new() }.Validate(), Is.Null);
        Assert.That(new OapSide { Encryption = new() { Cipher = CipherAlgorithm.Aes256Ctr } }.Validate(), Does.Contain("aes-256-ctr"));
        var message = new OapSide { Encryption = new() { KeyExchange = KeyExchangeAlgorithm.X25519MlKem768 } }.Validate();
        Assert.That(message, Ouroboros.Crypto.KeyExchange.KeyExchanges.IsSupported(KeyExchangeAlgorithm.X25519MlKem768) ? Is.Null : Does.Contain("OpenSSL 3.5"));
    }
}
