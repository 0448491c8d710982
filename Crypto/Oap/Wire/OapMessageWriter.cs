using System.Buffers.Binary;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Signatures;

namespace Ouroboros.Crypto.Oap.Wire;

/// <summary>Writes a request or response; what its fields can say is checked, not cut off.</summary>
internal ref struct OapMessageWriter
{
    public ReadOnlySpan<byte> Id;
    public long Timestamp;
    public CipherAlgorithm Cipher;
    public DigestAlgorithm Kdf;
    public DigestAlgorithm Digest;
    public ReadOnlySpan<byte> Certificate;
    public ReadOnlySpan<byte> KeyExchange;
    public bool IsRawKeyExchange;
    public bool IsClientEncapsulated;
    public ReadOnlySpan<byte> Data;
    public ReadOnlySpan<byte> RequestHash;

    /// <summary>Writes the message, and signs it if there is a key.</summary>
    /// <returns>false: a part is longer than its field can say.</returns>
    public readonly bool TryWrite(SigningKey? key, out byte[] message)
    {
        message = [];
        if (Certificate.Length > ushort.MaxValue || Data.Length > ushort.MaxValue || KeyExchange.Length > OapMessage.MaxKeyExchangeLength) return false;
        var signed = new byte[OapMessage.HeaderLength + Certificate.Length + KeyExchange.Length + Data.Length + RequestHash.Length];
        Id.CopyTo(signed);
        BinaryPrimitives.WriteInt64BigEndian(signed.AsSpan(OapMessage.TimestampAt), Timestamp);
        Field(signed, OapMessage.CipherAt, (int)Cipher);
        Field(signed, OapMessage.KdfAt, (int)Kdf);
        Field(signed, OapMessage.DigestAt, (int)Digest);
        Field(signed, OapMessage.CertificateLengthAt, Certificate.Length);
        var flags = KeyExchange.IsEmpty ? 0 : (IsRawKeyExchange ? OapMessage.RawFlag : 0) | (IsClientEncapsulated ? OapMessage.ClientEncapsulatedFlag : 0);
        Field(signed, OapMessage.KeyExchangeLengthAt, KeyExchange.Length | flags);
        Field(signed, OapMessage.DataLengthAt, Data.Length);
        var rest = signed.AsSpan(OapMessage.HeaderLength);
        Append(ref rest, Certificate);
        Append(ref rest, KeyExchange);
        Append(ref rest, Data);
        Append(ref rest, RequestHash);
        message = key is null ? signed : [.. signed, .. key.Sign(Digest, signed)];
        return true;
    }

    private static void Field(Span<byte> message, int at, int value) => BinaryPrimitives.WriteUInt16BigEndian(message[at..], (ushort)value);

    private static void Append(ref Span<byte> rest, ReadOnlySpan<byte> part)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }
}
