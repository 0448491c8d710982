using System.Diagnostics.CodeAnalysis;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>Key exchanges by OpenSSL's EVP: Diffie-Hellman, on curves or not, and KEMs.</summary>
internal sealed class OpenSslKeyExchange : IKeyExchange
{
    // Generating from a copy of a context that has found its algorithm and group saves the search, which takes longer than some key generations.
    private readonly EvpKeyContextHandle _template;

    // Decoding has checked that a point is on its curve. These curves have prime order, so there is nothing more to check (SP 800-56A, 5.6.2.3.4), and OpenSSL's
    // whole check takes as long as the agreement. X25519 and X448 refuse points of small order when the secret is derived.
    private readonly int _validatesPeer;

    public OpenSslKeyExchange(KeyExchangeAlgorithm algorithm)
    {
        Algorithm = algorithm;
        _validatesPeer = algorithm.Group() is not null && !SpkiForm.IsCurve(algorithm) ? 1 : 0;
        _template = NewGenerator();
    }

    public KeyExchangeAlgorithm Algorithm { get; }

    private string Name => Algorithm.Name();

    /// <summary>Whether the library found has the algorithm.</summary>
    public static bool IsSupported(KeyExchangeAlgorithm algorithm) => OpenSslLibrary.HasKeyType(algorithm.KeyType());

    public IPrivateKey Generate()
    {
        SecureHeap.CheckRoom();
        using var context = Generator();
        if (LibCrypto.EVP_PKEY_generate(context, out var key) != 1) throw OpenSslException.Take(Name, "EVP_PKEY_generate");
        return new OpenSslKey(Algorithm, new EvpKeyHandle(key));
    }

    public unsafe bool TryAgree(IPrivateKey own, ReadOnlySpan<byte> peer, [NotNullWhen(true)] out SecretBuffer? secret)
    {
        secret = null;
        if (Algorithm.IsKem() || own is not OpenSslKey key || key.Algorithm != Algorithm) return false;
        using var theirs = OpenSslKey.DecodePeer(key, peer);
        if (theirs is null) return false;
        using var context = LibCrypto.EVP_PKEY_CTX_new_from_pkey(0, key.Handle, null);
        nuint length = 0;
        if (context.IsInvalid
            || LibCrypto.EVP_PKEY_derive_init(context) != 1
            || LibCrypto.EVP_PKEY_derive_set_peer_ex(context, theirs, _validatesPeer) != 1
            || LibCrypto.EVP_PKEY_derive(context, null, &length) != 1)
        {
            return Refused();
        }
        var buffer = new SecretBuffer((int)length);
        fixed (byte* s = buffer.Span)
        {
            if (LibCrypto.EVP_PKEY_derive(context, s, &length) != 1)
            {
                buffer.Dispose();
                return Refused();
            }
        }
        buffer.Truncate((int)length);
        secret = buffer;
        return true;
    }

    public unsafe bool TryEncapsulate(
        ReadOnlySpan<byte> peer,
        [NotNullWhen(true)] out byte[]? ciphertext,
        [NotNullWhen(true)] out SecretBuffer? secret)
    {
        ciphertext = null;
        secret = null;
        if (!Algorithm.IsKem()) return false;
        using var theirs = DecodePeer(peer);
        if (theirs is null) return false;
        using var context = LibCrypto.EVP_PKEY_CTX_new_from_pkey(0, theirs, null);
        if (context.IsInvalid || LibCrypto.EVP_PKEY_encapsulate_init(context, 0) != 1) return Refused();
        var bytes = new byte[Algorithm.CiphertextLength()];
        var buffer = new SecretBuffer(Algorithm.SecretLength());
        nuint length = (nuint)bytes.Length, secretLength = (nuint)buffer.Length;
        fixed (byte* c = bytes, s = buffer.Span)
        {
            if (LibCrypto.EVP_PKEY_encapsulate(context, c, &length, s, &secretLength) != 1
                || length != (nuint)bytes.Length || secretLength != (nuint)buffer.Length)
            {
                buffer.Dispose();
                return Refused();
            }
        }
        ciphertext = bytes;
        secret = buffer;
        return true;
    }

    public unsafe bool TryDecapsulate(IPrivateKey own, ReadOnlySpan<byte> ciphertext, [NotNullWhen(true)] out SecretBuffer? secret)
    {
        secret = null;
        if (own is not OpenSslKey key || key.Algorithm != Algorithm || !Algorithm.IsKem()) return false;
        if (ciphertext.Length != Algorithm.CiphertextLength()) return false;
        using var context = LibCrypto.EVP_PKEY_CTX_new_from_pkey(0, key.Handle, null);
        if (context.IsInvalid || LibCrypto.EVP_PKEY_decapsulate_init(context, 0) != 1) return Refused();
        var buffer = new SecretBuffer(Algorithm.SecretLength());
        var length = (nuint)buffer.Length;
        fixed (byte* c = ciphertext, s = buffer.Span)
        {
            if (LibCrypto.EVP_PKEY_decapsulate(context, s, &length, c, (nuint)ciphertext.Length) != 1 || length != (nuint)buffer.Length)
            {
                buffer.Dispose();
                return Refused();
            }
        }
        secret = buffer;
        return true;
    }

    private EvpKeyHandle? DecodePeer(ReadOnlySpan<byte> peer)
    {
        if (Algorithm.IsHybrid()) return peer.Length == Algorithm.RawPublicLength() ? OpenSslKey.DecodeRawPublic(Algorithm.KeyType(), peer) : null;
        var key = OpenSslKey.DecodePublic(peer);
        if (key is null || OpenSslKey.AlgorithmOf(key) == Algorithm) return key;
        key.Dispose();
        return null;
    }

    private EvpKeyContextHandle Generator()
    {
        var copy = LibCrypto.EVP_PKEY_CTX_dup(_template);
        if (!copy.IsInvalid) return copy;
        // Not every provider's generator can be copied.
        copy.Dispose();
        LibCrypto.ERR_clear_error();
        return NewGenerator();
    }

    private EvpKeyContextHandle NewGenerator()
    {
        var context = LibCrypto.EVP_PKEY_CTX_new_from_name(0, Algorithm.KeyType(), null);
        if (context.IsInvalid) throw OpenSslException.Take(Name, "EVP_PKEY_CTX_new_from_name");
        if (LibCrypto.EVP_PKEY_keygen_init(context) != 1) throw OpenSslException.Take(Name, "EVP_PKEY_keygen_init");
        if (Algorithm.Group() is { } group && LibCrypto.EVP_PKEY_CTX_set_group_name(context, group) != 1)
        {
            throw OpenSslException.Take(Name, "EVP_PKEY_CTX_set_group_name");
        }
        return context;
    }

    private static bool Refused()
    {
        LibCrypto.ERR_clear_error();
        return false;
    }
}
