using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Ouroboros.Crypto.OpenSsl;

namespace Ouroboros.Crypto.Hashing;

/// <summary>The key of a name in a layer's directory: the hash of the name's UTF-8 bytes without terminator. Immutable, compared by content.</summary>
public readonly struct NameHash : IEquatable<NameHash>
{
    private readonly byte[]? _bytes;
    private readonly int _hashCode;

    /// <summary>Wraps a hash that came from elsewhere; the bytes are copied.</summary>
    /// <param name="bytes">4 to 64 bytes.</param>
    public NameHash(ReadOnlySpan<byte> bytes)
        : this(bytes.ToArray())
    {
    }

    private NameHash(byte[] bytes)
    {
        _bytes = bytes;
        // The bytes are a digest: any four of them are as good as a computed hash.
        _hashCode = bytes.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : bytes.Length;
    }

    /// <summary>The digest.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Bytes in the digest, 0 for <c>default</c>.</summary>
    public int Length => _bytes?.Length ?? 0;

    /// <summary>Hashes a name as a layer with <paramref name="algorithm"/> does.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.NotSupported"/> when this system's cryptography lacks the algorithm.</exception>
    public static NameHash Of(DirectoryHash algorithm, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = Encoding.UTF8.GetBytes(name);
        return new NameHash(algorithm switch
        {
            DirectoryHash.Sha3_224 => LibCrypto.Digest("SHA3-224", text, 28) ?? throw Unsupported(algorithm),
            DirectoryHash.Sha3_256 => SHA3_256.IsSupported ? SHA3_256.HashData(text) : throw Unsupported(algorithm),
            DirectoryHash.Sha3_384 => SHA3_384.IsSupported ? SHA3_384.HashData(text) : throw Unsupported(algorithm),
            DirectoryHash.Sha3_512 => SHA3_512.IsSupported ? SHA3_512.HashData(text) : throw Unsupported(algorithm),
            DirectoryHash.Crc32 => Crc32(text),
#pragma warning disable CA5351 // MD5 is what UDP layers use as a directory key; nothing rests on its strength.
            DirectoryHash.Md5 => MD5.HashData(text),
#pragma warning restore CA5351
            _ => throw new FlowException(FlowError.InvalidArgument, $"directory hash {(int)algorithm} is unknown; use 0 to 5"),
        });
    }

    /// <summary>Bytes in a digest of <paramref name="algorithm"/>.</summary>
    public static int LengthOf(DirectoryHash algorithm) => algorithm switch
    {
        DirectoryHash.Sha3_224 => 28,
        DirectoryHash.Sha3_256 => 32,
        DirectoryHash.Sha3_384 => 48,
        DirectoryHash.Sha3_512 => 64,
        DirectoryHash.Crc32 => 4,
        DirectoryHash.Md5 => 16,
        _ => 0,
    };

    /// <inheritdoc/>
    public bool Equals(NameHash other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NameHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hashCode;

    /// <summary>The digest in lower-case hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <summary>Equality by content.</summary>
    public static bool operator ==(NameHash left, NameHash right) => left.Equals(right);

    /// <summary>Inequality by content.</summary>
    public static bool operator !=(NameHash left, NameHash right) => !left.Equals(right);

    private static FlowException Unsupported(DirectoryHash algorithm) =>
        new(FlowError.NotSupported, $"{algorithm} needs OpenSSL 3; install libssl3 or choose another hash for the layer");

    private static byte[] Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & (uint)-(int)(crc & 1));
        }
        var digest = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(digest, ~crc);
        return digest;
    }
}
