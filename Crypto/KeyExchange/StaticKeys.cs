using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.KeyExchange;

/// <summary>Reads private keys of key exchanges from their file formats.</summary>
public static class StaticKeys
{
    /// <summary>Reads a private key in DER: PKCS#8, or the traditional form of its type.</summary>
    /// <exception cref="OpenSslException">It is none, or of no algorithm that this system has.</exception>
    public static unsafe IPrivateKey ReadDer(SecretBuffer der)
    {
        ArgumentNullException.ThrowIfNull(der);
        SecureHeap.CheckRoom();
        fixed (byte* start = der.Span)
        {
            var next = start;
            var key = LibCrypto.d2i_AutoPrivateKey(0, &next, der.Length);
            if (key.IsInvalid)
            {
                key.Dispose();
                if (OtherKeyExchanges.ReadDer(der.Span) is not { } other) throw OpenSslException.Take("private key", "d2i_AutoPrivateKey");
                LibCrypto.ERR_clear_error();
                return other;
            }
            return Own(key);
        }
    }

    /// <summary>Reads a private key in PEM, without a password.</summary>
    /// <exception cref="OpenSslException">It is none, or of no algorithm that this system has.</exception>
    public static unsafe IPrivateKey ReadPem(SecretBuffer pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        SecureHeap.CheckRoom();
        fixed (byte* p = pem.Span)
        {
            using var bio = new MemoryBio(p, pem.Length);
            byte none = 0;
            var key = LibCrypto.PEM_read_bio_PrivateKey(bio.Handle, 0, 0, &none);
            if (!key.IsInvalid) return Own(key);
            key.Dispose();
            using var der = DecodePem(pem.Span, "PRIVATE KEY");
            if (der is null || OtherKeyExchanges.ReadDer(der.Span) is not { } other) throw OpenSslException.Take("private key", "PEM_read_bio_PrivateKey");
            LibCrypto.ERR_clear_error();
            return other;
        }
    }

    /// <summary>Reads a public key in PEM, and encodes it as it counts in key derivation: as SubjectPublicKeyInfo in DER.</summary>
    /// <exception cref="OpenSslException">It is none, or of no algorithm that this system has.</exception>
    public static unsafe byte[] ReadPublicPem(ReadOnlySpan<byte> pem)
    {
        fixed (byte* p = pem)
        {
            using var bio = new MemoryBio(p, pem.Length);
            byte none = 0;
            using var key = LibCrypto.PEM_read_bio_PUBKEY(bio.Handle, 0, 0, &none);
            if (!key.IsInvalid) return OpenSslKey.EncodePublic(key, OpenSslKey.TypeOf(key));
            using var der = DecodePem(pem, "PUBLIC KEY");
            if (der is null || OtherKeyExchanges.Recognise(der.Span) == KeyExchangeAlgorithm.None) throw OpenSslException.Take("public key", "PEM_read_bio_PUBKEY");
            LibCrypto.ERR_clear_error();
            return der.Span.ToArray();
        }
    }

    /// <summary>
    /// Reads a hybrid KEM's private key from its raw bytes: [ML-KEM key | X25519 or X448 key]; the length says which (oap-and-crypto.md section 5.4).
    /// </summary>
    /// <exception cref="OpenSslException">The length is that of none, or this system has no such algorithm.</exception>
    public static unsafe IPrivateKey ReadRaw(SecretBuffer raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        SecureHeap.CheckRoom();
        var algorithm = KeyExchangeAlgorithms.All.FirstOrDefault(a => a.IsHybrid() && a.RawPrivateLength() == raw.Length);
        if (algorithm == KeyExchangeAlgorithm.None)
        {
            throw new OpenSslException($"a raw private key of {raw.Length} bytes is none; X25519MLKEM768 has 2432 bytes, X448MLKEM1024 has 3224");
        }
        if (!KeyExchanges.IsSupported(algorithm)) throw new OpenSslException(OpenSslLibrary.Explain(algorithm.Name()));
        if (!OpenSslKeyExchange.IsSupported(algorithm)) return OtherKeyExchanges.ReadRaw(algorithm, raw)!;
        fixed (byte* bytes = raw.Span)
        {
            var key = LibCrypto.EVP_PKEY_new_raw_private_key_ex(0, algorithm.KeyType(), null, bytes, (nuint)raw.Length);
            if (!key.IsInvalid) return new OpenSslKey(algorithm, key);
            key.Dispose();
            throw OpenSslException.Take(algorithm.Name(), "EVP_PKEY_new_raw_private_key_ex");
        }
    }

    /// <summary>The bytes inside of a PEM block, never in a managed array; null = there is no such block.</summary>
    private static SecretBuffer? DecodePem(ReadOnlySpan<byte> pem, string label)
    {
        var (begin, end) = (Encoding.ASCII.GetBytes($"-----BEGIN {label}-----"), Encoding.ASCII.GetBytes($"-----END {label}-----"));
        var start = pem.IndexOf(begin);
        if (start < 0) return null;
        var text = pem[(start + begin.Length)..];
        var length = text.IndexOf(end);
        if (length < 0) return null;
        var der = new SecretBuffer(length);
        text[..length].CopyTo(der.Span);
        var kept = 0;
        foreach (var b in der.Span)
        {
            if (b > ' ') der.Span[kept++] = b;
        }
        der.Truncate(kept);
        if (Base64.DecodeFromUtf8InPlace(der.Span, out var written) == OperationStatus.Done)
        {
            der.Truncate(written);
            return der;
        }
        der.Dispose();
        return null;
    }

    private static OpenSslKey Own(EvpKeyHandle key)
    {
        var algorithm = OpenSslKey.AlgorithmOf(key);
        if (algorithm != KeyExchangeAlgorithm.None) return new OpenSslKey(algorithm, key);
        var type = OpenSslKey.TypeOf(key);
        key.Dispose();
        throw new OpenSslException($"a private key of type {type} serves no key exchange");
    }
}
