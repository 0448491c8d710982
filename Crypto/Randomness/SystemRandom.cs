using System.Security.Cryptography;

namespace Ouroboros.Crypto.Randomness;

/// <summary>The system's cryptographic generator.</summary>
public sealed class SystemRandom : IRandomSource
{
    /// <summary>The one there is.</summary>
    public static SystemRandom Instance { get; } = new();

    /// <inheritdoc/>
    public void Fill(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);
}
