using Ouroboros.Crypto.Randomness;

namespace Ouroboros.Crypto.Cipher;

/// <summary>Settings of a packet cipher; both ends need the same <see cref="RotationBit"/>, which is not negotiated.</summary>
public sealed record PacketCipherOptions
{
    private readonly int _rotationBit = 20;

    /// <summary>The key changes every two to the power of this packets, 1 to 30 (reference: KEY_ROTATION_BIT, 20).</summary>
    public int RotationBit
    {
        get => _rotationBit;
        init => _rotationBit = value is >= 1 and <= 30 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 30");
    }

    /// <summary>Where IVs come from.</summary>
    public IRandomSource Random { get; init; } = SystemRandom.Instance;
}
