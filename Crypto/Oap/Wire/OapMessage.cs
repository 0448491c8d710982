using System.Buffers.Binary;
using Ouroboros.Crypto.Algorithms;

namespace Ouroboros.Crypto.Oap.Wire;

/// <summary>
/// An OAP request or response as it lies in a buffer (oap-and-crypto.md section 2):
/// [id 16 | timestamp 8 | cipher 2 | kdf 2 | md 2 | crt_len 2 | kex_len 2 | data_len 2 | certificate | kex | data | request hash | signature], big-endian.
/// After a successful parse no property can fail.
/// </summary>
public readonly ref struct OapMessage
{
    /// <summary>Bytes of the fixed part.</summary>
    public const int HeaderLength = 36;

    /// <summary>Bytes of an id.</summary>
    public const int IdLength = 16;

    /// <summary>Most bytes of key exchange data that the field can say.</summary>
    public const int MaxKeyExchangeLength = 0x3fff;

    internal const int TimestampAt = 16;
    internal const int CipherAt = 24;
    internal const int KdfAt = 26;
    internal const int DigestAt = 28;
    internal const int CertificateLengthAt = 30;
    internal const int KeyExchangeLengthAt = 32;
    internal const int DataLengthAt = 34;
    internal const int RawFlag = 0x8000;
    internal const int ClientEncapsulatedFlag = 0x4000;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _hashLength;

    private OapMessage(ReadOnlySpan<byte> bytes, int hashLength)
    {
        _bytes = bytes;
        _hashLength = hashLength;
    }

    /// <summary>Random, chosen by the client, repeated by the server.</summary>
    public ReadOnlySpan<byte> Id => _bytes[..IdLength];

    /// <summary>The sender's clock, nanoseconds since 1970; any number at all.</summary>
    public long Timestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[TimestampAt..]);

    /// <summary>Proposed or agreed cipher.</summary>
    public CipherAlgorithm Cipher => (CipherAlgorithm)Field(CipherAt);

    /// <summary>Proposed or agreed digest of key derivation.</summary>
    public DigestAlgorithm Kdf => (DigestAlgorithm)Field(KdfAt);

    /// <summary>Digest of the sender's signature and, in a request, of the hash that the response has to hold.</summary>
    public DigestAlgorithm Digest => (DigestAlgorithm)Field(DigestAt);

    /// <summary>The key exchange data are raw bytes of a hybrid KEM.</summary>
    public bool IsRawKeyExchange => (Field(KeyExchangeLengthAt) & RawFlag) != 0;

    /// <summary>The client has encapsulated to a static key of the server.</summary>
    public bool IsClientEncapsulated => (Field(KeyExchangeLengthAt) & ClientEncapsulatedFlag) != 0;

    /// <summary>Certificate in DER, or empty.</summary>
    public ReadOnlySpan<byte> Certificate => _bytes.Slice(HeaderLength, CertificateLength);

    /// <summary>Public key or KEM ciphertext, or empty.</summary>
    public ReadOnlySpan<byte> KeyExchange => _bytes.Slice(HeaderLength + CertificateLength, KeyExchangeLength);

    /// <summary>Data of the application that goes along; empty in today's networks.</summary>
    public ReadOnlySpan<byte> Data => _bytes.Slice(HeaderLength + CertificateLength + KeyExchangeLength, DataLength);

    /// <summary>Hash of the request, in a response.</summary>
    public ReadOnlySpan<byte> RequestHash => _bytes.Slice(UpToHash, _hashLength);

    /// <summary>Signature over all that comes before it, or empty.</summary>
    public ReadOnlySpan<byte> Signature => _bytes[(UpToHash + _hashLength)..];

    /// <summary>What the signature covers: every byte before it.</summary>
    public ReadOnlySpan<byte> Signed => _bytes[..(UpToHash + _hashLength)];

    private int CertificateLength => Field(CertificateLengthAt);

    private int KeyExchangeLength => Field(KeyExchangeLengthAt) & MaxKeyExchangeLength;

    private int DataLength => Field(DataLengthAt);

    private int UpToHash => HeaderLength + CertificateLength + KeyExchangeLength + DataLength;

    /// <summary>Whether there is neither certificate nor key exchange in it, or it is no message at all: either is dealt with in no time.</summary>
    public static bool IsBare(ReadOnlySpan<byte> bytes) =>
        bytes.Length < HeaderLength || bytes[CertificateLengthAt..DataLengthAt].IndexOfAnyExcept((byte)0) < 0;

    /// <summary>Checks lengths and numbers (section 2.2).</summary>
    /// <param name="bytes">The whole message and nothing else.</param>
    /// <param name="hashLength">Bytes of the request hash in a response; 0 for a request.</param>
    /// <param name="message">The message.</param>
    public static OapFailure TryParse(ReadOnlySpan<byte> bytes, int hashLength, out OapMessage message)
    {
        message = default;
        if (bytes.Length < HeaderLength) return OapFailure.Truncated;
        var parsed = new OapMessage(bytes, hashLength);
        if (parsed.Cipher.Rank() < 0 || parsed.Kdf.Rank() < 0 || parsed.Digest.Rank() < 0) return OapFailure.UnknownAlgorithm;
        if (bytes.Length < parsed.UpToHash + hashLength) return OapFailure.Truncated;
        if (parsed.CertificateLength == 0 && !parsed.Signature.IsEmpty) return OapFailure.TrailingBytes;
        message = parsed;
        return OapFailure.None;
    }

    private int Field(int at) => BinaryPrimitives.ReadUInt16BigEndian(_bytes[at..]);
}
