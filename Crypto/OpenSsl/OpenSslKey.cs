using System.Runtime.InteropServices;
using System.Text;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>A private key held by OpenSSL, and the encodings of keys.</summary>
internal sealed class OpenSslKey : IPrivateKey
{
    private const int MontgomeryPrefix = 12;

    public OpenSslKey(KeyExchangeAlgorithm algorithm, EvpKeyHandle handle)
    {
        Algorithm = algorithm;
        Handle = handle;
        PublicKey = algorithm.IsHybrid() ? RawPublic(handle, algorithm) : EncodePublic(handle, algorithm.Name());
    }

    public KeyExchangeAlgorithm Algorithm { get; }

    public ReadOnlyMemory<byte> PublicKey { get; }

    public EvpKeyHandle Handle { get; }

    public void Dispose() => Handle.Dispose();

    public override string ToString() => $"private key, {Algorithm.Name()}";

    /// <summary>What the key in a SubjectPublicKeyInfo is for.</summary>
    public static KeyExchangeAlgorithm Recognise(ReadOnlySpan<byte> spki)
    {
        // The two encodings that can have one form only; OpenSSL 3's decoder takes longer than the key agreement.
        if (IsMontgomery(spki, out var montgomery)) return montgomery;
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
        if (IsMontgomery(spki, out var montgomery)) return DecodeRawPublic(montgomery.KeyType(), spki[MontgomeryPrefix..]);
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

    /// <summary>A SubjectPublicKeyInfo of X25519 or X448: fixed bytes, then the key (RFC 8410).</summary>
    private static bool IsMontgomery(ReadOnlySpan<byte> spki, out KeyExchangeAlgorithm algorithm)
    {
        algorithm = spki.Length switch
        {
            MontgomeryPrefix + 32 when spki.StartsWith((ReadOnlySpan<byte>)[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00]) => KeyExchangeAlgorithm.X25519,
            MontgomeryPrefix + 56 when spki.StartsWith((ReadOnlySpan<byte>)[0x30, 0x42, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6f, 0x03, 0x39, 0x00]) => KeyExchangeAlgorithm.X448,
            _ => KeyExchangeAlgorithm.None,
        };
        return algorithm != KeyExchangeAlgorithm.None;
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
