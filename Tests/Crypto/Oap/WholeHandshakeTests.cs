using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Oap;

namespace Ouroboros.Tests.Crypto.Oap;

/// <summary>Whole handshakes between two of our sides, as the reference's own tests have them (oap-and-crypto.md section 10).</summary>
public class WholeHandshakeTests
{
    // When the captures were made; the certificates beside them were valid.
    private const long Now = 1_795_216_875_986_028_168;

    private static readonly DigestAlgorithm[] Digests = [DigestAlgorithm.None, .. DigestAlgorithms.All];
    private static readonly KeyExchangeAlgorithm[] Exchanges = [.. KeyExchangeAlgorithms.All.Where(a => !a.IsKem())];

    [TestCaseSource(nameof(Exchanges))]
    public void Both_ends_have_one_key_and_know_each_other(KeyExchangeAlgorithm exchange) => Check(new EncryptionOptions { KeyExchange = exchange });

    [TestCaseSource(nameof(Digests))]
    public void Every_digest_signs_and_binds_the_answer_to_its_request(DigestAlgorithm digest) =>
        Check(new EncryptionOptions { KeyExchange = KeyExchangeAlgorithm.X25519, Digest = digest });

    [Test]
    public void Data_go_both_ways_and_are_signed()
    {
        using var ours = Capture.IdentityOf("ec.client");
        using var theirs = Capture.IdentityOf("ec.oping");
        var serverSide = new OapSide { Identity = theirs, Trust = Capture.Trust };
        using var client = OapClient.Begin(new OapSide { Identity = ours, Trust = Capture.Trust }, "oping", Now, data: "question"u8);
        using var served = new OapServer().Serve(serverSide, "oping", client.Request.Span, Now, "answer"u8);
        Assert.That(served.Data.ToArray(), Is.EqualTo("question"u8.ToArray()), served.Detail);
        using var completed = client.Complete(served.Response.Span, Now);
        Assert.That(completed.Data.ToArray(), Is.EqualTo("answer"u8.ToArray()), completed.Detail);

        using var other = new OapServer().Serve(serverSide, "oping", Changed(client.Request.Span, "question"u8), Now);
        Assert.That(other.Failure, Is.EqualTo(OapFailure.SignatureInvalid));
        using var refused = client.Complete(Changed(served.Response.Span, "answer"u8), Now);
        Assert.That(refused.Failure, Is.EqualTo(OapFailure.SignatureInvalid));
    }

    [Test]
    public void Data_that_a_message_cannot_hold_are_refused_at_home()
    {
        var longest = new byte[ushort.MaxValue];
        using var client = OapClient.Begin(OapSide.Plain, "oping", Now, data: longest);
        using var served = new OapServer().Serve(OapSide.Plain, "oping", client.Request.Span, Now, longest);
        Assert.That(served.Data.Length, Is.EqualTo(longest.Length));
        byte[] more = [.. longest, 0];
        Assert.That(Assert.Throws<FlowException>(() => OapClient.Begin(OapSide.Plain, "oping", Now, data: more))!.Error, Is.EqualTo(FlowError.BadDescriptor));
        using var refused = new OapServer().Serve(OapSide.Plain, "oping", client.Request.Span, Now, more);
        Assert.That((refused.Error, refused.Failure), Is.EqualTo((FlowError.AuthenticationFailed, OapFailure.OwnIdentityUnusable)));
    }

    private static byte[] Changed(ReadOnlySpan<byte> message, ReadOnlySpan<byte> data)
    {
        var changed = message.ToArray();
        changed[message.IndexOf(data)] ^= 1;
        return changed;
    }

    private static void Check(EncryptionOptions options)
    {
        using var ours = Capture.IdentityOf("ec.client");
        using var theirs = Capture.IdentityOf("ec.oping");
        using var client = OapClient.Begin(new OapSide { Encryption = options, Identity = ours, Trust = Capture.Trust }, "oping", Now);
        using var served = new OapServer().Serve(new OapSide { Encryption = options, Identity = theirs, Trust = Capture.Trust }, "oping", client.Request.Span, Now);
        Assert.That((served.Error, served.Peer), Is.EqualTo((FlowError.None, "alice.h1")), served.Detail);
        var damaged = served.Response.ToArray();
        damaged[^1] ^= 1;
        using (var refused = client.Complete(damaged, Now)) Assert.That(refused.Error, Is.EqualTo(FlowError.CryptoFailed));
        using var completed = client.Complete(served.Response.Span, Now);
        Assert.That((completed.Error, completed.Peer), Is.EqualTo((FlowError.None, "oping")), completed.Detail);
        Assert.That((completed.Cipher, served.Cipher), Is.EqualTo((options.Cipher, options.Cipher)));
        using var one = completed.TakeKey();
        using var other = served.TakeKey();
        Assert.That(one!.Span.SequenceEqual(other!.Span), Is.True);
    }
}
