using Ouroboros.Crypto.Randomness;

namespace Ouroboros.Tests.Crypto.Cipher;

/// <summary>Gives out the same bytes over and over, or a seeded sequence.</summary>
internal sealed class ScriptedRandom : IRandomSource
{
    private readonly Random? _random;
    private readonly byte[] _pattern = [];

    public ScriptedRandom(int seed) => _random = new Random(seed);

    public ScriptedRandom(byte[] pattern) => _pattern = pattern;

    public void Fill(Span<byte> buffer)
    {
        if (_random is not null)
        {
            lock (_random) _random.NextBytes(buffer);
            return;
        }
        for (var i = 0; i < buffer.Length; i++) buffer[i] = _pattern[i % _pattern.Length];
    }
}
