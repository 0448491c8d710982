using System.Buffers.Binary;
using Ouroboros.Crypto.Hashing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>
/// A point of the key space: the hash of a name, or the id of a node, 28 to 64 bytes. Immutable; the first eight bytes and the length are kept beside
/// the array, since they decide nearly every comparison and check: the array itself, somewhere in the memory, is seldom looked at.
/// </summary>
public readonly struct DhtKey : IEquatable<DhtKey>
{
    private readonly byte[]? _bytes;
    private readonly byte _length;

    /// <summary>Copies the bytes.</summary>
    /// <param name="bytes">At least 8 bytes.</param>
    public DhtKey(ReadOnlySpan<byte> bytes)
        : this(bytes.ToArray())
    {
    }

    private DhtKey(byte[] bytes)
        : this(bytes, checked((byte)bytes.Length), BinaryPrimitives.ReadUInt64BigEndian(bytes))
    {
    }

    private DhtKey(byte[]? bytes, byte length, ulong prefix)
    {
        _bytes = bytes;
        _length = length;
        Prefix = prefix;
    }

    /// <summary>The first 8 bytes as a big-endian number.</summary>
    public ulong Prefix { get; }

    /// <summary>All bytes; empty for <c>default</c>.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The array behind it, shared by all copies and never written.</summary>
    internal byte[]? Array => _bytes;

    /// <summary>Bytes; 0 for <c>default</c>.</summary>
    public int Length => _length;

    /// <summary>A key again from what was kept of it.</summary>
    /// <param name="array">Its <see cref="Array"/>.</param>
    /// <param name="length">Bytes of it.</param>
    /// <param name="prefix">Its <see cref="Prefix"/>.</param>
    internal static DhtKey Of(byte[]? array, int length, ulong prefix) => new(array, (byte)length, prefix);

    /// <summary>A key again from its <see cref="Array"/>.</summary>
    internal static DhtKey Of(byte[] array) => new(array);

    /// <summary>The key of a name's hash.</summary>
    public static DhtKey From(NameHash hash) => new(hash.Span);

    /// <summary>A random key.</summary>
    /// <param name="random">Source.</param>
    /// <param name="length">Bytes, at least 8.</param>
    public static DhtKey Random(Random random, int length)
    {
        ArgumentNullException.ThrowIfNull(random);
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return new DhtKey(bytes);
    }

    /// <summary>A random key that agrees with this one in the first <paramref name="bits"/> bits and has <paramref name="digit"/> next.</summary>
    /// <param name="random">Source of the rest.</param>
    /// <param name="bits">Bits to keep, less than 64.</param>
    /// <param name="digit">The bits that follow them.</param>
    /// <param name="digitBits">How many bits that is.</param>
    public DhtKey RandomBelow(Random random, int bits, int digit, int digitBits)
    {
        ArgumentNullException.ThrowIfNull(random);
        var bytes = new byte[Length];
        random.NextBytes(bytes);
        var keep = bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
        var shift = 64 - bits - digitBits;
        var digitMask = ((1UL << digitBits) - 1) << shift;
        var prefix = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        prefix = (Prefix & keep) | ((ulong)digit << shift) | (prefix & ~keep & ~digitMask);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, prefix);
        return new DhtKey(bytes);
    }

    /// <summary>Whether <paramref name="a"/> is nearer to this key than <paramref name="b"/>, by XOR of all bytes.</summary>
    public bool IsNearer(in DhtKey a, in DhtKey b)
    {
        var toA = a.Prefix ^ Prefix;
        var toB = b.Prefix ^ Prefix;
        return toA != toB ? toA < toB : IsNearerInRest(a.Span, b.Span);
    }

    /// <inheritdoc/>
    public bool Equals(DhtKey other) =>
        Prefix == other.Prefix && (ReferenceEquals(_bytes, other._bytes) || Span.SequenceEqual(other.Span));

    /// <summary>Whether it has these bytes.</summary>
    public bool Equals(ReadOnlySpan<byte> other) => Span.SequenceEqual(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DhtKey other && Equals(other);

    /// <summary>Seeded anew in each process: keys come from the network, and chosen ones must not meet in one bucket.</summary>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>All bytes in lower-case hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <summary>Equality by content.</summary>
    public static bool operator ==(DhtKey left, DhtKey right) => left.Equals(right);

    /// <summary>Inequality by content.</summary>
    public static bool operator !=(DhtKey left, DhtKey right) => !left.Equals(right);

    private bool IsNearerInRest(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var own = Span;
        var length = Math.Min(own.Length, Math.Min(a.Length, b.Length));
        for (var i = sizeof(ulong); i < length; i++)
        {
            if (a[i] != b[i]) return (a[i] ^ own[i]) < (b[i] ^ own[i]);
        }
        return false;
    }
}
