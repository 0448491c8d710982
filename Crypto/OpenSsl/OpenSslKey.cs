using System.Runtime.InteropServices;
using System.Text;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>A private key held by OpenSSL, and the encodings of keys.</summary>
internal sealed class OpenSslKey : IPrivateKey
{
    public OpenSslKey(KeyExchangeAlgorithm algorithm, EvpKeyHandle handle)
    {
        Algorithm = algorithm;
        Handle = handle;
        PublicKey = algorithm.IsHybrid() ? RawPublic(handle, algorithm) : SpkiOf(handle, algorithm);
    }

    public KeyExchangeAlgorithm Algorithm { get; }

    public ReadOnlyMemory<byte> PublicKey { get; }

    public EvpKeyHandle Handle { get; }

    public void Dispose() => Handle.Dispose();

    public override string ToString() => $"private key, {Algorithm.Name()}";

    /// <summary>What the key in a SubjectPublicKeyInfo is for.</summary>
    public static KeyExchangeAlgorithm Recognise(ReadOnlySpan<byte> spki)
    {
        if (SpkiForm.TryRead(spki, out var known, out _)) return known;
        using var key = DecodePublic(spki);
        return key is null ? KeyExchangeAlgorithm.None : AlgorithmOf(key);
    }

    /// <summary>What a key is for: its type, and its group if it has one that OpenSSL knows the name of.</summary>
    public static KeyExchangeAlgorithm AlgorithmOf(EvpKeyHandle key)
    {
        var type = TypeOf(key);
        return KeyExchangeAlgorithms.Of(type, type is "EC" or "DH" ? GroupOf(key) : null);
    }

    public static string TypeOf(EvpKeyHandle key) => Marshal.PtrToStringUTF8(LibCrypto.EVP_PKEY_get0_type_name(key)) ?? "";

    /// <summary>Decodes a SubjectPublicKeyInfo; null when it is none, or has bytes behind it.</summary>
    public static unsafe EvpKeyHandle? DecodePublic(ReadOnlySpan<byte> spki)
    {
        if (spki.IsEmpty) return null;
        if (SpkiForm.TryRead(spki, out var known, out var raw) && !SpkiForm.IsCurve(known)) return DecodeRawPublic(known.KeyType(), raw);
        fixed (byte* start = spki)
        {
            var next = start;
            var key = LibCrypto.d2i_PUBKEY(0, &next, spki.Length);
            if (!key.IsInvalid && next == start + spki.Length) return key;
            key.Dispose();
            LibCrypto.ERR_clear_error();
            return null;
        }
    }

    /// <summary>
    /// Decodes the key of a peer who is to have the same algorithm as an own key; null when it is none of it. That a point is on the curve is checked here.
    /// </summary>
    public static unsafe EvpKeyHandle? DecodePeer(OpenSslKey own, ReadOnlySpan<byte> spki)
    {
        if (!SpkiForm.TryRead(spki, out var algorithm, out var raw))
        {
            var decoded = DecodePublic(spki);
            if (decoded is null || AlgorithmOf(decoded) == own.Algorithm) return decoded;
            decoded.Dispose();
            return null;
        }
        if (algorithm != own.Algorithm) return null;
        if (!SpkiForm.IsCurve(algorithm)) return DecodeRawPublic(algorithm.KeyType(), raw);
        var key = LibCrypto.EVP_PKEY_new();
        fixed (byte* point = raw)
        {
            if (!key.IsInvalid && LibCrypto.EVP_PKEY_copy_parameters(key, own.Handle) == 1
                && LibCrypto.EVP_PKEY_set1_encoded_public_key(key, point, (nuint)raw.Length) == 1)
            {
                return key;
            }
        }
        key.Dispose();
        LibCrypto.ERR_clear_error();
        return null;
    }

    /// <summary>A key from its raw public bytes; null when they are none of that type.</summary>
    public static unsafe EvpKeyHandle? DecodeRawPublic(string type, ReadOnlySpan<byte> raw)
    {
        fixed (byte* bytes = raw)
        {
            var key = LibCrypto.EVP_PKEY_new_raw_public_key_ex(0, type, null, bytes, (nuint)raw.Length);
            if (!key.IsInvalid) return key;
            key.Dispose();
            LibCrypto.ERR_clear_error();
            return null;
        }
    }

    public static unsafe byte[] EncodePublic(EvpKeyHandle key, string algorithm)
    {
        var length = LibCrypto.i2d_PUBKEY(key, null);
        if (length <= 0) throw OpenSslException.Take(algorithm, "i2d_PUBKEY");
        var spki = new byte[length];
        fixed (byte* start = spki)
        {
            var next = start;
            if (LibCrypto.i2d_PUBKEY(key, &next) != length) throw OpenSslException.Take(algorithm, "i2d_PUBKEY");
        }
        return spki;
    }

    private static unsafe byte[] SpkiOf(EvpKeyHandle key, KeyExchangeAlgorithm algorithm)
    {
        if (SpkiForm.Begin(algorithm, out var keyAt) is not { } spki) return EncodePublic(key, algorithm.Name());
        var wanted = (nuint)(spki.Length - keyAt);
        var length = wanted;
        fixed (byte* start = spki)
        {
            var got = SpkiForm.IsCurve(algorithm)
                ? LibCrypto.EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", start + keyAt, wanted, out length)
                : LibCrypto.EVP_PKEY_get_raw_public_key(key, start + keyAt, &length);
            // A key that was read from a file may keep its point in another form.
            if (got == 1 && length == wanted) return spki;
        }
        LibCrypto.ERR_clear_error();
        return EncodePublic(key, algorithm.Name());
    }

    private static unsafe byte[] RawPublic(EvpKeyHandle key, KeyExchangeAlgorithm algorithm)
    {
        var raw = new byte[algorithm.RawPublicLength()];
        var length = (nuint)raw.Length;
        fixed (byte* bytes = raw)
        {
            if (LibCrypto.EVP_PKEY_get_raw_public_key(key, bytes, &length) != 1 || length != (nuint)raw.Length)
            {
                throw OpenSslException.Take(algorithm.Name(), "EVP_PKEY_get_raw_public_key");
            }
        }
        return raw;
    }

    private static unsafe string? GroupOf(EvpKeyHandle key)
    {
        // A curve spelt out, even if it is a known one, is none that a peer has to send.
        if (LibCrypto.EVP_PKEY_get_int_param(key, "decoded-from-explicit", out var spelt) == 1 && spelt != 0) return null;
        LibCrypto.ERR_clear_error();
        const int size = 64;
        var name = stackalloc byte[size];
        nuint length;
        if (LibCrypto.EVP_PKEY_get_group_name(key, name, size, &length) == 1) return Encoding.ASCII.GetString(name, (int)length);
        LibCrypto.ERR_clear_error();
        return null;
    }
}
