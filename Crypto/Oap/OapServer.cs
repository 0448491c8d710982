using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.Oap.Wire;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.Oap;

/// <summary>
/// The server's half of all handshakes of a runtime, without I/O: request and time in, response or refusal out. It keeps nothing of a handshake but
/// that its request has been seen. Safe from any thread.
/// </summary>
public sealed class OapServer
{
    private readonly ReplayWindow _seen = new();

    /// <summary>Which requests have been seen.</summary>
    public ReplayWindow Seen => _seen;

    /// <summary>Serves a request. Whatever is wrong with it, nothing is thrown.</summary>
    /// <param name="side">Own configuration for the name.</param>
    /// <param name="name">The name that the flow is for, for messages.</param>
    /// <param name="request">The client's bytes.</param>
    /// <param name="now">The clock (<see cref="OapClock"/>), nanoseconds since 1970.</param>
    /// <param name="data">Data for the client's application.</param>
    public OapOutcome Serve(OapSide side, string name, ReadOnlySpan<byte> request, long now, ReadOnlySpan<byte> data = default)
    {
        ArgumentNullException.ThrowIfNull(side);
        var failure = OapMessage.TryParse(request, 0, out var message);
        if (failure != OapFailure.None) return Refuse(FlowError.AuthenticationFailed, failure, name, "the request is no OAP message");
        failure = _seen.Check(message.Id, message.Timestamp, now);
        if (failure == OapFailure.None)
        {
            failure = PeerCheck.Check(side, message, now, null, out var peer, out var detail);
            if (failure != OapFailure.None) return Refuse(FlowError.AuthenticationFailed, failure, name, detail);
            // Noted only now: a forged request with a certificate leaves no trace. Two copies at once: one of them is late here.
            if (_seen.TryAdd(message.Id, message.Timestamp, now)) return Agree(side, name, request, message, now, data, peer);
            failure = OapFailure.Replayed;
        }
        return Refuse(FlowError.AuthenticationFailed, failure, name, failure == OapFailure.Replayed
            ? "the request was seen before"
            : "the clocks of the two hosts differ by more than 100 ms, or the request was on its way for more than 20 s");
    }

    private static OapOutcome Agree(
        OapSide side, string name, ReadOnlySpan<byte> request, OapMessage message, long now, ReadOnlySpan<byte> data, string? peer)
    {
        SecretBuffer? key = null;
        try
        {
            var failure = Negotiate(side, message, out var agreement, out var detail);
            key = agreement.Key;
            if (failure != OapFailure.None) return Refuse(FlowError.CryptoFailed, failure, name, detail);
            var writer = new OapMessageWriter
            {
                Id = message.Id,
                Timestamp = now,
                Cipher = agreement.Cipher,
                Kdf = agreement.Kdf,
                Digest = side.OwnDigest,
                Certificate = side.Identity is { } identity ? identity.Certificate.Der.Span : default,
                KeyExchange = agreement.KeyExchange,
                IsRawKeyExchange = agreement.IsRaw,
                Data = data,
                RequestHash = RequestHash.Of(request, message.Digest),
            };
            if (!writer.TryWrite(side.Identity?.Key, out var response))
            {
                return Refuse(FlowError.AuthenticationFailed, OapFailure.OwnIdentityUnusable, name, "certificate or data are longer than a message can hold");
            }
            key = null;
            return OapOutcome.Agreed(response, agreement.Cipher, agreement.Key, peer, message.Data.ToArray());
        }
        catch (OpenSslException e)
        {
            return Refuse(FlowError.AuthenticationFailed, OapFailure.OwnIdentityUnusable, name, e.Message);
        }
        finally
        {
            key?.Dispose();
        }
    }

    /// <summary>Section 4.4, in its order; beyond it, the floor of the key exchange holds for a client that encapsulates too.</summary>
    private static OapFailure Negotiate(OapSide side, OapMessage message, out Agreement agreement, out string detail)
    {
        agreement = default;
        detail = "";
        var own = side.Encryption;
        if (message.KeyExchange.IsEmpty)
        {
            if (own is null && !side.RequireEncryption) return OapFailure.None;
            detail = "encryption is required here, the client asks for none";
            return OapFailure.NotEncrypted;
        }
        var cipher = Stronger(message.Cipher, own?.Cipher ?? CipherAlgorithm.None);
        if (cipher == CipherAlgorithm.None)
        {
            detail = "neither side names a cipher";
            return OapFailure.CipherTooWeak;
        }
        if (!cipher.IsAuthenticated() && !side.AllowCounterMode)
        {
            detail = $"{cipher.Name()} lets anybody change packets unseen and is not allowed here; use an authenticated cipher";
            return OapFailure.CounterModeNotAllowed;
        }
        var ownKdf = own?.Kdf ?? DigestAlgorithm.None;
        if (message.IsClientEncapsulated && ownKdf.Rank() > message.Kdf.Rank())
        {
            detail = $"the client derives with {message.Kdf.Name()}, at least {ownKdf.Name()} is asked for";
            return OapFailure.KdfTooWeak;
        }
        var kdf = message.IsClientEncapsulated || message.Kdf.Rank() >= ownKdf.Rank() ? message.Kdf : ownKdf;
        var algorithm = message.IsClientEncapsulated
            ? side.StaticKey?.Algorithm ?? KeyExchangeAlgorithm.None
            : KeyExchanges.Recognise(message.KeyExchange, message.IsRawKeyExchange);
        if (algorithm == KeyExchangeAlgorithm.None)
        {
            detail = message.IsClientEncapsulated
                ? "the client encapsulates to a static key, and there is none here; install kex.key.pem or .raw, or use kem_mode server"
                : "the client's key is of no key exchange that this system has";
            return message.IsClientEncapsulated ? OapFailure.NoStaticKey : OapFailure.KeyExchangeMalformed;
        }
        var least = own?.KeyExchange ?? KeyExchangeAlgorithm.None;
        if (algorithm.Rank() < least.Rank())
        {
            detail = $"the client uses {algorithm.Name()}, at least {least.Name()} is asked for";
            return OapFailure.KeyExchangeTooWeak;
        }
        if (message.IsClientEncapsulated && (own is null || !least.IsKem() || message.IsRawKeyExchange != algorithm.IsHybrid()))
        {
            detail = own is null || !least.IsKem() ? "no KEM is configured here" : "the ciphertext is of another KEM";
            return OapFailure.KeyExchangeMalformed;
        }
        agreement = new Agreement { Cipher = cipher, Kdf = kdf, IsRaw = algorithm.IsHybrid() };
        if (Exchange(side, message, algorithm, ref agreement)) return OapFailure.None;
        detail = $"the client's {algorithm.Name()} data are not valid";
        return OapFailure.KeyExchangeFailed;
    }

    private static bool Exchange(OapSide side, OapMessage message, KeyExchangeAlgorithm algorithm, ref Agreement agreement)
    {
        var exchange = KeyExchanges.Get(algorithm);
        if (message.IsClientEncapsulated)
        {
            var own = side.StaticKey!;
            if (!exchange.TryDecapsulate(own, message.KeyExchange, out var shared)) return false;
            using (shared) agreement.Key = SessionKey.FromEncapsulation(agreement.Kdf, shared, own.PublicKey.Span);
            return true;
        }
        if (algorithm.IsKem())
        {
            if (!exchange.TryEncapsulate(message.KeyExchange, out var ciphertext, out var shared)) return false;
            using (shared) agreement.Key = SessionKey.FromEncapsulation(agreement.Kdf, shared, message.KeyExchange);
            agreement.KeyExchange = ciphertext;
            return true;
        }
        using var ephemeral = side.Ephemeral(algorithm);
        if (!exchange.TryAgree(ephemeral, message.KeyExchange, out var secret)) return false;
        using (secret) agreement.Key = SessionKey.FromAgreement(agreement.Kdf, secret, ephemeral.PublicKey.Span, message.KeyExchange);
        agreement.KeyExchange = ephemeral.PublicKey.ToArray();
        return true;
    }

    private static CipherAlgorithm Stronger(CipherAlgorithm one, CipherAlgorithm other) => one.Rank() >= other.Rank() ? one : other;

    private static OapOutcome Refuse(FlowError error, OapFailure failure, string name, string detail) =>
        OapOutcome.Refused(error, failure, $"flow to '{name}' refused: {detail}");

    private struct Agreement
    {
        public CipherAlgorithm Cipher;
        public DigestAlgorithm Kdf;
        public byte[]? KeyExchange;
        public bool IsRaw;
        public SecretBuffer? Key;
    }
}
