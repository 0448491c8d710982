using System.Security.Cryptography;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.Oap.Wire;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Randomness;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.Oap;

/// <summary>
/// The client's half of one handshake, without I/O: makes the request, checks the response. Owns an ephemeral key until it is disposed; half-open
/// handshakes cost no more than that. One thread at a time.
/// </summary>
public sealed class OapClient : IDisposable
{
    private readonly OapSide _side;
    private readonly string _name;
    private readonly byte[] _request;
    private readonly byte[] _requestHash;
    private IPrivateKey? _ephemeral;
    private SecretBuffer? _encapsulated;

    private OapClient(OapSide side, string name, byte[] request, IPrivateKey? ephemeral, SecretBuffer? encapsulated)
    {
        _side = side;
        _name = name;
        _request = request;
        _ephemeral = ephemeral;
        _encapsulated = encapsulated;
        _requestHash = RequestHash.Of(request, side.OwnDigest);
    }

    /// <summary>The request, for the flow allocation message.</summary>
    public ReadOnlyMemory<byte> Request => _request;

    /// <summary>The cipher that is proposed.</summary>
    public CipherAlgorithm Cipher => _side.Encryption?.Cipher ?? CipherAlgorithm.None;

    /// <summary>Makes a request.</summary>
    /// <param name="side">Own configuration for the name.</param>
    /// <param name="name">The name that the flow goes to; a certificate in the response has to be for it.</param>
    /// <param name="now">The clock (<see cref="OapClock"/>), nanoseconds since 1970.</param>
    /// <param name="random">Where the id comes from; null = the system.</param>
    /// <param name="data">Data for the accepting application.</param>
    /// <exception cref="FlowException"><see cref="FlowError.BadDescriptor"/>: own configuration does not allow a request; says why.</exception>
    public static OapClient Begin(OapSide side, string name, long now, IRandomSource? random = null, ReadOnlySpan<byte> data = default)
    {
        ArgumentNullException.ThrowIfNull(side);
        ArgumentNullException.ThrowIfNull(name);
        if (side.Validate() is { } wrong) throw Unusable(name, wrong);
        IPrivateKey? ephemeral = null;
        SecretBuffer? encapsulated = null;
        try
        {
            Span<byte> id = stackalloc byte[OapMessage.IdLength];
            (random ?? SystemRandom.Instance).Fill(id);
            var writer = new OapMessageWriter
            {
                Id = id,
                Timestamp = now,
                Digest = side.OwnDigest,
                Certificate = side.Identity is { } identity ? identity.Certificate.Der.Span : default,
                Data = data,
            };
            if (side.Encryption is { } encryption)
            {
                writer.Cipher = encryption.Cipher;
                writer.Kdf = encryption.Kdf;
                writer.IsRawKeyExchange = encryption.KeyExchange.IsHybrid();
                if (encryption.ClientEncapsulates)
                {
                    (var ciphertext, encapsulated) = Encapsulate(side, encryption, name);
                    writer.KeyExchange = ciphertext;
                    writer.IsClientEncapsulated = true;
                }
                else
                {
                    ephemeral = side.Ephemeral(encryption.KeyExchange);
                    writer.KeyExchange = ephemeral.PublicKey.Span;
                }
            }
            if (!writer.TryWrite(side.Identity?.Key, out var request)) throw Unusable(name, "certificate or data are longer than a message can hold");
            return new OapClient(side, name, request, ephemeral, encapsulated);
        }
        catch (Exception e)
        {
            ephemeral?.Dispose();
            encapsulated?.Dispose();
            if (e is OpenSslException) throw Unusable(name, e.Message);
            throw;
        }
    }

    /// <summary>The state after a request that was made before; for recorded handshakes.</summary>
    internal static OapClient Recorded(OapSide side, string name, byte[] request) => new(
        side, name, request, side.Encryption is { ClientEncapsulates: false } encryption ? side.Ephemeral(encryption.KeyExchange) : null, null);

    /// <summary>Checks the response. Whatever is wrong with it, nothing is thrown, and the server is not told (section 1).</summary>
    public OapOutcome Complete(ReadOnlySpan<byte> response, long now)
    {
        var failure = OapMessage.TryParse(response, _requestHash.Length, out var message);
        if (failure != OapFailure.None) return Refuse(failure, "the answer is no OAP message");
        if (!message.Id.SequenceEqual(_request.AsSpan(0, OapMessage.IdLength))) return Refuse(OapFailure.WrongId, "the answer belongs to another request");
        failure = PeerCheck.Check(_side, message, now, _name, out var peer, out var detail);
        if (failure is not (OapFailure.None or OapFailure.WrongName)) return Refuse(failure, detail);
        // Nothing in it is secret; comparing so costs nothing, and no digest or tag in this project is compared in another way.
        if (!CryptographicOperations.FixedTimeEquals(message.RequestHash, _requestHash)) return Refuse(OapFailure.RequestHashMismatch, "the answer is to a request that we did not send: somebody changed it");
        if (failure != OapFailure.None) return Refuse(failure, detail);
        var data = message.Data.ToArray();
        if (_side.Encryption is not { } own)
        {
            return _side.RequireEncryption
                ? Refuse(OapFailure.NotEncrypted, "encryption is required and not configured")
                : OapOutcome.Agreed([], CipherAlgorithm.None, null, peer, data);
        }
        if (message.Cipher.Rank() < own.Cipher.Rank() || message.Cipher == CipherAlgorithm.None)
        {
            return Refuse(OapFailure.CipherTooWeak, $"the server chose {message.Cipher.Name()}, at least {own.Cipher.Name()} is asked for");
        }
        if (!message.Cipher.IsAuthenticated() && !_side.AllowCounterMode) return Refuse(OapFailure.CounterModeNotAllowed, $"{message.Cipher.Name()} is not allowed here");
        var kdf = own.Kdf;
        if (!own.ClientEncapsulates && message.Kdf != DigestAlgorithm.None)
        {
            if (message.Kdf.Rank() < own.Kdf.Rank()) return Refuse(OapFailure.KdfTooWeak, $"the server chose {message.Kdf.Name()}, at least {own.Kdf.Name()} is asked for");
            kdf = message.Kdf;
        }
        var key = Derive(own, kdf, message);
        return key is null
            ? Refuse(OapFailure.KeyExchangeFailed, $"the server's {own.KeyExchange.Name()} data are missing or invalid")
            : OapOutcome.Agreed([], message.Cipher, key, peer, data);
    }

    /// <summary>Wipes the ephemeral key.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref _ephemeral, null)?.Dispose();
        Interlocked.Exchange(ref _encapsulated, null)?.Dispose();
    }

    private static (byte[] Ciphertext, SecretBuffer Key) Encapsulate(OapSide side, EncryptionOptions encryption, string name)
    {
        if (side.ServerKey.IsEmpty) throw Unusable(name, "the client is to encapsulate and has no static key of the server; install kex.srv.pub.pem or .raw");
        if (!KeyExchanges.Get(encryption.KeyExchange).TryEncapsulate(side.ServerKey.Span, out var ciphertext, out var secret))
        {
            throw Unusable(name, $"the static key of the server is no {encryption.KeyExchange.Name()} key");
        }
        using (secret) return (ciphertext, SessionKey.FromEncapsulation(encryption.Kdf, secret, side.ServerKey.Span));
    }

    private SecretBuffer? Derive(EncryptionOptions own, DigestAlgorithm kdf, OapMessage message)
    {
        // The server may have encrypted already: the key is the one that it derived, whatever it sent along.
        if (own.ClientEncapsulates) return _encapsulated?.Copy();
        if (_ephemeral is not { } key || message.KeyExchange.IsEmpty || message.IsClientEncapsulated) return null;
        var exchange = KeyExchanges.Get(own.KeyExchange);
        if (own.KeyExchange.IsKem())
        {
            if (message.IsRawKeyExchange != own.KeyExchange.IsHybrid() || !exchange.TryDecapsulate(key, message.KeyExchange, out var shared)) return null;
            using (shared) return SessionKey.FromEncapsulation(kdf, shared, key.PublicKey.Span);
        }
        if (message.IsRawKeyExchange || !exchange.TryAgree(key, message.KeyExchange, out var secret)) return null;
        using (secret) return SessionKey.FromAgreement(kdf, secret, key.PublicKey.Span, message.KeyExchange);
    }

    private OapOutcome Refuse(OapFailure failure, string detail) =>
        OapOutcome.Refused(FlowError.CryptoFailed, failure, $"flow to '{_name}' refused here: {detail}");

    private static FlowException Unusable(string name, string reason) =>
        new(FlowError.BadDescriptor, $"a flow to '{name}' cannot be asked for: {reason}");
}
