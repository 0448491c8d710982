using System.Text;
using Ouroboros.Crypto.Hashing;

namespace Ouroboros.Tests.Crypto;

public sealed class NameHashTests
{
    // SHA3: FIPS 202 examples for the empty message (NIST); "oping": irmd.md 2, seen on the wire. MD5: RFC 1321 A.5. CRC: frcp.md 2.1.
    [TestCase(DirectoryHash.Sha3_224, "", "6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc7")]
    [TestCase(DirectoryHash.Sha3_256, "", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a")]
    [TestCase(DirectoryHash.Sha3_384, "", "0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2ac3713831264adb47fb6bd1e058d5f004")]
    [TestCase(
        DirectoryHash.Sha3_512,
        "",
        "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a615b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26")]
    [TestCase(DirectoryHash.Md5, "abc", "900150983cd24fb0d6963f7d28e17f72")]
    [TestCase(DirectoryHash.Crc32, "123456789", "cbf43926")]
    [TestCase(DirectoryHash.Crc32, "0", "f4dbdf21")]
    [TestCase(DirectoryHash.Crc32, "987654321", "015f0201")]
    public void Known_texts_have_their_published_digests(DirectoryHash algorithm, string text, string digest) =>
        Assert.That(NameHash.Of(algorithm, text).ToString(), Is.EqualTo(digest));

    [Test]
    public void The_key_of_oping_is_the_one_seen_on_the_wire()
    {
        var key = NameHash.Of(DirectoryHash.Sha3_256, "oping").ToString();
        Assert.That(key, Does.StartWith("42dee3b0415b4f69"));
        Assert.That(key, Does.EndWith("349d54"));
    }

    [Test]
    public void A_digest_has_the_length_of_its_algorithm([Values] DirectoryHash algorithm) =>
        Assert.That(NameHash.Of(algorithm, "name").Length, Is.EqualTo(NameHash.LengthOf(algorithm)));

    [Test]
    public void Keys_are_equal_by_content_however_they_were_made()
    {
        var made = NameHash.Of(DirectoryHash.Sha3_256, "oping");
        var copied = new NameHash(made.Span);
        Assert.That(copied, Is.EqualTo(made));
        Assert.That(copied.GetHashCode(), Is.EqualTo(made.GetHashCode()));
        Assert.That(copied == made, Is.True);
        Assert.That(copied != NameHash.Of(DirectoryHash.Sha3_256, "oping2"), Is.True);
        Assert.That(default(NameHash), Is.Not.EqualTo(made));
        Assert.That(default(NameHash).Length, Is.Zero);
    }

    [Test]
    public void Names_are_hashed_as_UTF8_without_terminator() =>
        Assert.That(NameHash.Of(DirectoryHash.Md5, "é").ToString(), Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(Encoding.UTF8.GetBytes("é")))));

    [Test]
    public void An_unknown_algorithm_is_refused() =>
        Assert.That(Assert.Throws<FlowException>(() => NameHash.Of((DirectoryHash)6, "x"))!.Error, Is.EqualTo(FlowError.InvalidArgument));

    [Test]
    public void Short_hashes_from_elsewhere_are_compared_and_hashed_too()
    {
        Assert.That(new NameHash([1, 2]), Is.EqualTo(new NameHash([1, 2])));
        Assert.That(new NameHash([1, 2]), Is.Not.EqualTo(new NameHash([2, 1])));
    }
}
