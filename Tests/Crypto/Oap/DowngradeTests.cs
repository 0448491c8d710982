using System.Buffers.Binary;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Oap;

namespace Ouroboros.Tests.Crypto.Oap;

/// <summary>Somebody in the middle who wants less than both ends do. Nothing here is signed: what the floors and the hash of the request can do, they do.</summary>
public class DowngradeTests
{
    private const long Now = 1_795_216_875_000_000_000;
    private const int CipherAt = 24, KdfAt = 26, KeyLengthAt = 32;

    private static readonly EncryptionOptions Strong = new()
    {
        KeyExchange = KeyExchangeAlgorithm.X25519,
        Cipher = CipherAlgorithm.Aes256Gcm,
        Kdf = DigestAlgorithm.Sha512,
    };

    private static readonly OapSide Encrypting = new() { Encryption = Strong };

    [TestCase(CipherAt, (int)CipherAlgorithm.None, OapFailure.CipherTooWeak)]
    [TestCase(CipherAt, (int)CipherAlgorithm.Aes128Ctr, OapFailure.CipherTooWeak)]
    [TestCase(CipherAt, (int)CipherAlgorithm.Aes128Gcm, OapFailure.CipherTooWeak)]
    [TestCase(CipherAt, (int)CipherAlgorithm.Aes192Gcm, OapFailure.CipherTooWeak)]
    [TestCase(KdfAt, (int)DigestAlgorithm.Blake2s256, OapFailure.KdfTooWeak)]
    [TestCase(KdfAt, (int)DigestAlgorithm.Sha256, OapFailure.KdfTooWeak)]
    public void A_response_with_less_than_the_client_asks_for_is_refused(int at, int number, OapFailure failure)
    {
        using var client = OapClient.Begin(Encrypting, "oping", Now);
        using var served = new OapServer().Serve(Encrypting, "oping", client.Request.Span, Now);
        using var completed = client.Complete(With(served.Response.Span, at, number), Now);
        Assert.That((completed.Error, completed.Failure), Is.EqualTo((FlowError.CryptoFailed, failure)));
        Assert.That(completed.TakeKey(), Is.Null);
    }

    [TestCase(CipherAt, (int)CipherAlgorithm.None)]
    [TestCase(CipherAt, (int)CipherAlgorithm.Aes128Gcm)]
    [TestCase(KdfAt, (int)DigestAlgorithm.None)]
    [TestCase(KdfAt, (int)DigestAlgorithm.Sha256)]
    public void A_request_changed_to_less_is_raised_by_a_server_that_asks_for_more_and_the_client_notices_either_way(int at, int number)
    {
        using var client = OapClient.Begin(Encrypting, "oping", Now);
        foreach (var server in new[] { Encrypting, OapSide.Plain })
        {
            using var served = new OapServer().Serve(server, "oping", With(client.Request.Span, at, number), Now);
            if (served.Error != FlowError.None) continue;
            if (server == Encrypting) Assert.That(served.Cipher, Is.EqualTo(CipherAlgorithm.Aes256Gcm));
            using var completed = client.Complete(served.Response.Span, Now);
            Assert.That((completed.Error, completed.Failure), Is.EqualTo((FlowError.CryptoFailed, OapFailure.RequestHashMismatch)));
        }
    }

    [Test]
    public void Key_exchange_taken_out_of_a_request_is_refused_by_a_server_that_encrypts_and_noticed_by_the_client_with_one_that_does_not()
    {
        using var client = OapClient.Begin(Encrypting, "oping", Now);
        var bare = With(client.Request.Span[..36], KeyLengthAt, 0);
        using var refused = new OapServer().Serve(Encrypting, "oping", bare, Now);
        Assert.That((refused.Error, refused.Failure), Is.EqualTo((FlowError.CryptoFailed, OapFailure.NotEncrypted)));
        using var served = new OapServer().Serve(OapSide.Plain, "oping", bare, Now);
        Assert.That(served.Error, Is.EqualTo(FlowError.None));
        using var completed = client.Complete(served.Response.Span, Now);
        Assert.That(completed.Error, Is.EqualTo(FlowError.CryptoFailed));
    }

    [Test]
    public void Key_exchange_taken_out_of_a_response_is_refused()
    {
        using var client = OapClient.Begin(Encrypting, "oping", Now);
        using var served = new OapServer().Serve(Encrypting, "oping", client.Request.Span, Now);
        var hash = served.Response.Span[^32..];
        byte[] bare = With([.. served.Response.Span[..36], .. hash], KeyLengthAt, 0);
        Assert.That(client.Complete(bare, Now).Failure, Is.EqualTo(OapFailure.KeyExchangeFailed));
        Assert.That(client.Complete(With(bare, CipherAt, 0), Now).Failure, Is.EqualTo(OapFailure.CipherTooWeak));
    }

    [TestCase(KeyExchangeAlgorithm.Ffdhe2048)]
    [TestCase(KeyExchangeAlgorithm.P256)]
    public void A_key_of_a_weaker_exchange_in_the_place_of_the_client_s_is_refused(KeyExchangeAlgorithm weaker)
    {
        using var attacker = OapClient.Begin(new OapSide { Encryption = Strong with { KeyExchange = weaker } }, "oping", Now);
        using var served = new OapServer().Serve(Encrypting, "oping", attacker.Request.Span, Now);
        Assert.That((served.Error, served.Failure), Is.EqualTo((FlowError.CryptoFailed, OapFailure.KeyExchangeTooWeak)));
    }

    [Test]
    public void Encryption_required_and_not_offered_is_refused_at_both_ends()
    {
        var required = OapSide.Plain with { RequireEncryption = true };
        using var plain = OapClient.Begin(OapSide.Plain, "oping", Now);
        using var served = new OapServer().Serve(required, "oping", plain.Request.Span, Now);
        Assert.That((served.Error, served.Failure), Is.EqualTo((FlowError.CryptoFailed, OapFailure.NotEncrypted)));
        using var client = OapClient.Begin(required, "oping", Now);
        using var answered = new OapServer().Serve(OapSide.Plain, "oping", client.Request.Span, Now);
        using var completed = client.Complete(answered.Response.Span, Now);
        Assert.That((completed.Error, completed.Failure), Is.EqualTo((FlowError.CryptoFailed, OapFailure.NotEncrypted)));
    }

    [Test]
    public void Counter_mode_is_refused_at_both_ends_unless_it_is_allowed()
    {
        var counting = new OapSide { Encryption = Strong with { Cipher = CipherAlgorithm.Aes256Ctr }, AllowCounterMode = true };
        using var client = OapClient.Begin(counting, "oping", Now);
        using var refused = new OapServer().Serve(OapSide.Plain, "oping", client.Request.Span, Now);
        Assert.That((refused.Error, refused.Failure), Is.EqualTo((FlowError.CryptoFailed, OapFailure.CounterModeNotAllowed)));
        using var raised = new OapServer().Serve(Encrypting, "oping", client.Request.Span, Now);
        Assert.That(raised.Cipher, Is.EqualTo(CipherAlgorithm.Aes256Gcm), "the server asks for more");
        using var allowed = new OapServer().Serve(counting, "oping", client.Request.Span, Now);
        Assert.That(allowed.Cipher, Is.EqualTo(CipherAlgorithm.Aes256Ctr));
    }

    [Test]
    public void Requests_may_overtake_each_other_and_none_counts_twice()
    {
        var server = new OapServer();
        var requests = Enumerable.Range(0, 50).Select(i =>
        {
            using var client = OapClient.Begin(OapSide.Plain, "oping", Now + (i * 1_000_000L));
            return client.Request.ToArray();
        }).ToArray();
        var random = new Random(7);
        random.Shuffle(requests);
        foreach (var request in requests) Assert.That(server.Serve(OapSide.Plain, "oping", request, Now + 100_000_000).Error, Is.EqualTo(FlowError.None));
        random.Shuffle(requests);
        foreach (var request in requests) Assert.That(server.Serve(OapSide.Plain, "oping", request, Now + 200_000_000).Failure, Is.EqualTo(OapFailure.Replayed));
    }

    [Test]
    public void Responses_that_change_places_are_refused_by_both_clients()
    {
        using var one = OapClient.Begin(Encrypting, "oping", Now);
        using var other = OapClient.Begin(Encrypting, "oping", Now);
        var server = new OapServer();
        using var first = server.Serve(Encrypting, "oping", one.Request.Span, Now);
        using var second = server.Serve(Encrypting, "oping", other.Request.Span, Now);
        Assert.That(one.Complete(second.Response.Span, Now).Failure, Is.EqualTo(OapFailure.WrongId));
        Assert.That(other.Complete(first.Response.Span, Now).Failure, Is.EqualTo(OapFailure.WrongId));
    }

    private static byte[] With(ReadOnlySpan<byte> message, int at, int number)
    {
        var changed = message.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(at), (ushort)number);
        return changed;
    }
}
