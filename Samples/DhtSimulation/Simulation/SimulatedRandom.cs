namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// A seeded source, SplitMix64 (Steele, Lea, Flood 2014): a cookie is drawn for nearly every message, and the seeded <see cref="Random"/> of .NET takes ten
/// times as long. Not thread-safe.
/// </summary>
internal sealed class SimulatedRandom(ulong seed) : Random
{
    private ulong _state = seed * 0xd1342543de82ef95;

    public override int Next() => (int)(Draw() >> 33) % int.MaxValue;

    public override int Next(int maxValue) => (int)Below((ulong)maxValue);

    public override int Next(int minValue, int maxValue) => (int)(minValue + (long)Below((ulong)((long)maxValue - minValue)));

    public override long NextInt64() => (long)Below(long.MaxValue);

    public override long NextInt64(long maxValue) => (long)Below((ulong)maxValue);

    public override long NextInt64(long minValue, long maxValue) => unchecked(minValue + (long)Below((ulong)(maxValue - minValue)));

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        foreach (ref var b in buffer) b = (byte)(Draw() >> 56);
    }

    public override double NextDouble() => (Draw() >> 11) * (1.0 / (1UL << 53));

    public override float NextSingle() => (Draw() >> 40) * (1.0f / (1U << 24));

    protected override double Sample() => NextDouble();

    private ulong Draw()
    {
        var z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    // Lemire's multiplication; that some numbers come up once more in 2^64 is nothing to a simulation.
    private ulong Below(ulong limit) => Math.BigMul(Draw(), limit, out _);
}
