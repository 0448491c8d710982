using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Crypto.Randomness;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>The ciphers of both ends of a flow, with keys and IVs from a seed and a short rotation. The flow's ends own them.</summary>
internal sealed class CipherPair
{
    public CipherPair(CipherAlgorithm algorithm, int rotationBit, int seed)
    {
        var options = new PacketCipherOptions { RotationBit = rotationBit, Random = new Seeded(seed) };
        using var key = new SecretBuffer(32);
        new Random(seed).NextBytes(key.Span);
        A = PacketCiphers.Create(algorithm, key, options);
        B = PacketCiphers.Create(algorithm, key, options);
    }

    public IPacketCipher A { get; }

    public IPacketCipher B { get; }

    private sealed class Seeded(int seed) : IRandomSource
    {
        private readonly Random _random = new(seed);

        public void Fill(Span<byte> buffer) => _random.NextBytes(buffer);
    }
}
