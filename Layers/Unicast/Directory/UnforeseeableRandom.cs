using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ouroboros.Layers.Unicast.Directory;

/// <summary>A random source that nobody can foresee from what he has seen of it: cookies are all that protects an answer. Thread-safe.</summary>
public sealed class UnforeseeableRandom : Random
{
    /// <summary>The one that there is.</summary>
    public static UnforeseeableRandom Instance { get; } = new();

    /// <inheritdoc/>
    public override void NextBytes(byte[] buffer) => RandomNumberGenerator.Fill(buffer);

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);

    /// <inheritdoc/>
    public override int Next() => Next(int.MaxValue);

    /// <inheritdoc/>
    public override int Next(int maxValue) => (int)NextInt64(maxValue);

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    /// <inheritdoc/>
    public override long NextInt64() => NextInt64(long.MaxValue);

    /// <inheritdoc/>
    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    /// <inheritdoc/>
    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        var range = unchecked((ulong)(maxValue - minValue));
        if (range == 0) return minValue;
        // What lies past the last whole range is drawn again, so that no number is more likely than another.
        var limit = ulong.MaxValue - (ulong.MaxValue % range);
        ulong drawn;
        do drawn = Draw();
        while (drawn >= limit);
        return unchecked(minValue + (long)(drawn % range));
    }

    /// <inheritdoc/>
    public override double NextDouble() => (Draw() >> 11) * (1.0 / (1UL << 53));

    /// <inheritdoc/>
    public override float NextSingle() => (Draw() >> 40) * (1.0f / (1U << 24));

    /// <inheritdoc/>
    protected override double Sample() => NextDouble();

    private static ulong Draw()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
