using Ouroboros.Crypto.Certificates;
using Ouroboros.Crypto.Oap;
using Ouroboros.Crypto.Oap.Wire;
using Ouroboros.Tests.Crypto.Cipher;

namespace Ouroboros.Tests.Crypto.Oap;

/// <summary>Both halves of every captured handshake of the reference, byte for byte.</summary>
public class CaptureTests
{
    [TestCaseSource(typeof(Capture), nameof(Capture.WithResponse))]
    public void The_server_answers_the_captured_request_as_the_reference_did(string name)
    {
        var capture = Capture.Load(name);
        var side = capture.Server();
        using var outcome = new OapServer().Serve(side, "oping", capture.Request, capture.Answered);
        Assert.That(outcome.Failure, Is.EqualTo(OapFailure.None), outcome.Detail);
        var hash = capture.Json["request_fields"]!["md_nid"]!.GetValue<int>();
        if (OapServerMakesNoRandomness(name))
        {
            AssertSame(outcome.Response.Span, capture.Response, hash);
            CheckKey(capture, outcome);
        }
        else
        {
            // A KEM's ciphertext is random: the same message but for it, with a key that the client agrees on.
            var ours = Parse(outcome.Response.Span, hash);
            var theirs = Parse(capture.Response, hash);
            Assert.That(ours.Signed.Length, Is.EqualTo(theirs.Signed.Length));
            Assert.That(ours.Signed[..36].ToArray(), Is.EqualTo(theirs.Signed[..36].ToArray()));
            Assert.That(ours.RequestHash.ToArray(), Is.EqualTo(theirs.RequestHash.ToArray()));
            using var client = OapClient.Recorded(capture.Client(), "oping", capture.Request);
            using var completed = client.Complete(outcome.Response.Span, capture.Answered);
            using var one = completed.TakeKey();
            using var other = outcome.TakeKey();
            Assert.That(one!.Span.ToArray(), Is.EqualTo(other!.Span.ToArray()));
        }
        Assert.That(outcome.Peer, Is.EqualTo(side.Identity is not null && name.EndsWith("-both", StringComparison.Ordinal) ? "alice.h1" : null));
    }

    [TestCaseSource(typeof(Capture), nameof(Capture.WithResponse))]
    public void The_client_makes_the_captured_request_and_takes_the_answer(string name)
    {
        var capture = Capture.Load(name);
        if (name.EndsWith("-client", StringComparison.Ordinal)) return; // the ciphertext is in the request: the other half is tested above
        using var client = Client(capture);
        AssertSame(client.Request.Span, capture.Request, null);
        using var recorded = OapClient.Recorded(capture.Client(), "oping", capture.Request);
        using var outcome = recorded.Complete(capture.Response, capture.Answered);
        switch (name)
        {
            case "auth-fail-rogue-server":
                Assert.That(outcome.Failure, Is.EqualTo(OapFailure.CertificateUntrusted));
                Assert.That(outcome.Error, Is.EqualTo(FlowError.CryptoFailed));
                break;
            case "auth-fail-server-name":
                Assert.That(outcome.Failure, Is.EqualTo(OapFailure.WrongName));
                Assert.That(outcome.Error, Is.EqualTo(FlowError.CryptoFailed));
                break;
            default:
                Assert.That(outcome.Failure, Is.EqualTo(OapFailure.None), outcome.Detail);
                Assert.That(outcome.Peer, Is.EqualTo(name.StartsWith("auth-", StringComparison.Ordinal) ? "oping" : null));
                CheckKey(capture, outcome);
                break;
        }
    }

    [TestCase("enc-required-reject", OapFailure.NotEncrypted)]
    [TestCase("kex-too-weak-reject", OapFailure.KeyExchangeTooWeak)]
    [TestCase("auth-fail-rogue-client", OapFailure.CertificateUntrusted)]
    public void What_the_reference_refused_is_refused_with_its_number(string name, OapFailure failure)
    {
        var capture = Capture.Load(name);
        using var outcome = new OapServer().Serve(capture.Server(), "oping", capture.Request, capture.Sent);
        Assert.That(outcome.Failure, Is.EqualTo(failure));
        Assert.That(-(int)outcome.Error, Is.EqualTo(capture.Json["response_code"]!.GetValue<int>()));
        Assert.That(outcome.Response.IsEmpty, Is.True);
        Assert.That(outcome.TakeKey(), Is.Null);
    }

    [Test]
    public void A_second_copy_of_a_request_is_refused()
    {
        var capture = Capture.Load("replay-reject");
        var server = new OapServer();
        Assert.That(server.Serve(capture.Server(), "oping", capture.Request, capture.Answered).Response.ToArray(), Is.EqualTo(capture.Response));
        var again = server.Serve(capture.Server(), "oping", capture.Request, capture.Answered);
        Assert.That((again.Failure, again.Error), Is.EqualTo((OapFailure.Replayed, FlowError.AuthenticationFailed)));
    }

    private static bool OapServerMakesNoRandomness(string name) => name is not ("mlkem768-server" or "x25519mlkem768" or "x448mlkem1024");

    private static OapClient Client(Capture capture) =>
        OapClient.Begin(capture.Client(), "oping", capture.Sent, new ScriptedRandom(capture.Request[..OapMessage.IdLength]));

    /// <summary>Equal, but for a signature that is random: that one has to be right.</summary>
    private static void AssertSame(ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs, int? hash)
    {
        var mine = Parse(ours, hash);
        var other = Parse(theirs, hash);
        Assert.That(Convert.ToHexString(mine.Signed), Is.EqualTo(Convert.ToHexString(other.Signed)));
        if (other.Certificate.IsEmpty)
        {
            Assert.That(mine.Signature.IsEmpty, Is.True);
            return;
        }
        Assert.That(Certificate.TryDecode(other.Certificate, out var certificate), Is.True);
        using (certificate)
        {
            Assert.That(certificate!.Verify(mine.Digest, mine.Signed, mine.Signature), Is.True);
            Assert.That(certificate.Verify(other.Digest, other.Signed, other.Signature), Is.True);
            if (certificate.KeyType is "RSA" or "ED25519") Assert.That(mine.Signature.ToArray(), Is.EqualTo(other.Signature.ToArray()));
        }
    }

    private static OapMessage Parse(ReadOnlySpan<byte> bytes, int? requestDigest)
    {
        var length = requestDigest switch { null => 0, 672 => 32, 0 or 673 => 48, _ => throw new ArgumentException($"{requestDigest}") };
        Assert.That(OapMessage.TryParse(bytes, length, out var message), Is.EqualTo(OapFailure.None));
        return message;
    }

    private static void CheckKey(Capture capture, OapOutcome outcome)
    {
        using var key = outcome.TakeKey();
        Assert.That(key?.Span.ToArray(), Is.EqualTo(capture.SessionKey));
        if (key is null) return;
        using var cipher = Ouroboros.Crypto.Cipher.PacketCiphers.Create(outcome.Cipher, key);
        foreach (var example in capture.Json["data"]!.AsArray().Where(d => d!["epoch"]?.GetValue<int>() == 0))
        {
            var packet = example.Bytes("packet");
            Assert.That(cipher.TryOpen(packet), Is.True);
            Assert.That(PacketCipherTests.Payload(cipher, packet), Is.EqualTo(example.Bytes("plaintext")));
        }
    }
}
