using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Oap;
using Ouroboros.Crypto.Oap.Wire;

namespace Ouroboros.Tests.Crypto.Oap;

/// <summary>Captured messages damaged in every way: each is refused with its error, nothing throws.</summary>
public class BadInputTests
{
    [TestCaseSource(typeof(Capture), nameof(Capture.Names))]
    public void Every_truncation_of_a_request_is_refused(string name)
    {
        var capture = Capture.Load(name);
        var side = capture.Server();
        for (var length = 0; length < capture.Request.Length; length += Step(capture.Request.Length, length))
        {
            using var outcome = new OapServer().Serve(side, "oping", capture.Request.AsSpan(0, length), capture.Sent);
            Assert.That(outcome.Error, Is.Not.EqualTo(FlowError.None), $"{length} bytes");
            Assert.That(outcome.Response.IsEmpty, Is.True);
            if (length < 36) Assert.That((outcome.Failure, outcome.Error), Is.EqualTo((OapFailure.Truncated, FlowError.AuthenticationFailed)));
        }
    }

    [TestCaseSource(typeof(Capture), nameof(Capture.WithResponse))]
    public void Every_truncation_of_a_response_is_refused(string name)
    {
        var capture = Capture.Load(name);
        using var client = Client(capture);
        for (var length = 0; length < capture.Response!.Length; length += Step(capture.Response.Length, length))
        {
            using var outcome = client.Complete(capture.Response.AsSpan(0, length), capture.Answered);
            Assert.That(outcome.Error, Is.EqualTo(FlowError.CryptoFailed), $"{length} bytes");
        }
        using var longer = client.Complete([.. capture.Response, 0], capture.Answered);
        Assert.That(longer.Error, Is.EqualTo(FlowError.CryptoFailed));
    }

    [TestCaseSource(typeof(Capture), nameof(Capture.Names))]
    public void A_flip_of_any_bit_of_a_request_s_header_never_throws_and_a_signed_request_does_not_survive_it(string name)
    {
        var capture = Capture.Load(name);
        var side = capture.Server();
        var signed = OapMessage.TryParse(capture.Request, 0, out var message) == OapFailure.None && !message.Certificate.IsEmpty;
        for (var bit = 0; bit < OapMessage.HeaderLength * 8; bit++)
        {
            var request = Flip(capture.Request, bit);
            using var outcome = new OapServer().Serve(side, "oping", request, capture.Sent);
            Assert.That(outcome.Error, Is.AnyOf(FlowError.None, FlowError.CryptoFailed, FlowError.AuthenticationFailed), $"bit {bit}");
            if (signed) Assert.That(outcome.Error, Is.EqualTo(FlowError.AuthenticationFailed), $"bit {bit}");
            // The client notices in any case: the answer holds the hash of what the server got.
            if (outcome.Error != FlowError.None || capture.Response is null) continue;
            using var client = Client(capture);
            using var completed = client.Complete(outcome.Response.Span, capture.Sent);
            Assert.That(completed.Error, Is.EqualTo(FlowError.CryptoFailed), $"bit {bit}");
        }
    }

    [TestCaseSource(typeof(Capture), nameof(Capture.WithResponse))]
    public void No_flip_of_any_byte_of_a_signed_response_survives(string name)
    {
        var capture = Capture.Load(name);
        if (capture.Json["response_fields"]!["crt_len"]!.GetValue<int>() == 0) return;
        using var client = Client(capture);
        for (var at = 0; at < capture.Response!.Length; at += Step(capture.Response.Length, at))
        {
            using var outcome = client.Complete(Flip(capture.Response, at * 8), capture.Answered);
            Assert.That(outcome.Error, Is.EqualTo(FlowError.CryptoFailed), $"byte {at}");
        }
    }

    [TestCaseSource(typeof(Capture), nameof(Capture.WithResponse))]
    public void A_flip_in_an_unsigned_response_gives_no_common_key(string name)
    {
        var capture = Capture.Load(name);
        if (capture.Json["response_fields"]!["crt_len"]!.GetValue<int>() != 0 || name.EndsWith("-client", StringComparison.Ordinal)) return;
        using var client = Client(capture);
        for (var bit = 0; bit < capture.Response!.Length * 8; bit += bit < 36 * 8 ? 1 : 11)
        {
            using var outcome = client.Complete(Flip(capture.Response, bit), capture.Answered);
            // The timestamp and the digest are not checked, cipher and KDF may be raised, which gives another key or no packet.
            if (outcome.Error != FlowError.None || bit / 8 is >= 16 and < 24 or 28 or 29) continue;
            using var key = outcome.TakeKey();
            if (key is null) Assert.That(capture.SessionKey, Is.Null);
            else Assert.That(outcome.Cipher.Rank() > client.Cipher.Rank() || !key.Span.SequenceEqual(capture.SessionKey), Is.True, $"bit {bit}");
        }
    }

    [TestCaseSource(typeof(Capture), nameof(Capture.WithResponse))]
    public void A_message_sent_back_to_whoever_sent_it_is_refused(string name)
    {
        var capture = Capture.Load(name);
        using var client = Client(capture);
        using var reflected = client.Complete(capture.Request, capture.Answered);
        Assert.That(reflected.Error, Is.EqualTo(FlowError.CryptoFailed));
        using var outcome = new OapServer().Serve(capture.Server(), "oping", capture.Response, capture.Answered);
        Assert.That(outcome.Error, Is.Not.EqualTo(FlowError.None), "a response is no request: its hash is trailing bytes");
    }

    [Test]
    public void The_answer_to_another_request_is_refused()
    {
        var one = Capture.Load("x25519-chacha20");
        var other = Capture.Load("p256-aes256gcm");
        using var client = Client(one);
        Assert.That(client.Complete(other.Response, one.Answered).Failure, Is.EqualTo(OapFailure.WrongId));
        // Same id, other request: the hash tells.
        var forged = other.Response!.ToArray();
        one.Request.AsSpan(0, 16).CopyTo(forged);
        Assert.That(client.Complete(forged, one.Answered).Failure, Is.EqualTo(OapFailure.RequestHashMismatch));
    }

    [TestCase(0L, OapFailure.None)]
    [TestCase(19_000_000_000L, OapFailure.None)]
    [TestCase(20_000_999_999L, OapFailure.None)]
    [TestCase(20_001_000_000L, OapFailure.TooOld)]
    [TestCase(-60_000_000L, OapFailure.None)]
    [TestCase(-100_999_999L, OapFailure.None)]
    [TestCase(-101_000_000L, OapFailure.FromTheFuture)]
    public void Clocks_may_differ_by_so_much(long age, OapFailure expected)
    {
        var capture = Capture.Load("plain");
        Assert.That(new OapServer().Serve(OapSide.Plain, "oping", capture.Request, capture.Sent + age).Failure, Is.EqualTo(expected));
    }

    [TestCase(long.MinValue)]
    [TestCase(long.MaxValue)]
    [TestCase(-1L)]
    public void Any_timestamp_is_a_number(long timestamp)
    {
        var request = Capture.Load("plain").Request.ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(request.AsSpan(16), timestamp);
        Assert.That(new OapServer().Serve(OapSide.Plain, "oping", request, 1_795_216_875_986_028_168).Failure,
            Is.AnyOf(OapFailure.TooOld, OapFailure.FromTheFuture));
    }

    [Test]
    public void Unknown_numbers_are_refused_among_them_the_one_in_the_reference_s_header()
    {
        foreach (var (at, number) in new[] { (24, 1), (24, 902), (26, 1096), (28, 1096), (26, 64), (28, 65535) })
        {
            var request = Capture.Load("x25519-chacha20").Request.ToArray();
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(at), (ushort)number);
            var outcome = new OapServer().Serve(OapSide.Plain, "oping", request, Capture.Load("x25519-chacha20").Sent);
            Assert.That((outcome.Failure, outcome.Error), Is.EqualTo((OapFailure.UnknownAlgorithm, FlowError.AuthenticationFailed)), $"{at}: {number}");
        }
    }

    [Test]
    public void What_crashes_the_reference_is_refused()
    {
        // D2: a server without configuration; R = 1 with any data, and keys of algorithms that are no key exchange.
        var capture = Capture.Load("x25519-chacha20");
        var flagged = capture.Request.ToArray();
        flagged[32] |= 0x40;
        Assert.That(new OapServer().Serve(OapSide.Plain, "oping", flagged, capture.Sent).Error, Is.EqualTo(FlowError.CryptoFailed));
        var entries = Vectors.Load("signatures.json").AsArray().Where(e => e!["public_key_spki"] is not null).Select(e => e.Bytes("public_key_spki")).ToList();
        foreach (var key in entries.Where(k => KeyExchangeAlgorithm.None == Ouroboros.Crypto.KeyExchange.KeyExchanges.Recognise(k, false)))
        {
            byte[] request = [.. capture.Request[..32], (byte)(key.Length >> 8), (byte)key.Length, 0, 0, .. key];
            var outcome = new OapServer().Serve(OapSide.Plain, "oping", request, capture.Sent);
            Assert.That((outcome.Failure, outcome.Error), Is.EqualTo((OapFailure.KeyExchangeMalformed, FlowError.CryptoFailed)));
        }
    }

    [Test]
    public void Random_bytes_never_throw()
    {
        var random = new Random(20261126);
        var server = new OapServer();
        var capture = Capture.Load("auth-ecdsa-both");
        var side = capture.Server();
        using var client = Client(capture);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = (random.Next(3) == 0 ? new byte[random.Next(0, 700)] : random.Next(2) == 0 ? capture.Request : capture.Response!).ToArray();
            for (var n = random.Next(1, 12); n > 0 && bytes.Length > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next();
            Assert.That(server.Serve(side, "oping", bytes, capture.Sent).Error, Is.Not.EqualTo(FlowError.None), $"step {i}");
            if (!bytes.AsSpan().SequenceEqual(capture.Response)) Assert.That(client.Complete(bytes, capture.Answered).Error, Is.EqualTo(FlowError.CryptoFailed), $"step {i}");
        }
    }

    private static byte[] Flip(ReadOnlySpan<byte> message, int bit)
    {
        var copy = message.ToArray();
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }

    /// <summary>Every position of the header, and of the rest so many that the large post-quantum messages do not take minutes.</summary>
    private static int Step(int length, int at) => at < OapMessage.HeaderLength || length < 1200 ? 1 : 1 + (length / 400);

    private static OapClient Client(Capture capture) => OapClient.Recorded(capture.Client(), "oping", capture.Request);
}
