namespace Ouroboros.Layers.Unicast;

/// <summary>The flat address authority, number 0: an address is 32 random bits, not 0 (layer-management.md 2.1).</summary>
public static class FlatAddresses
{
    /// <summary>Draws an address. Clashes are found by neighbours when they connect.</summary>
    public static ulong Draw(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return (ulong)random.NextInt64(1, 1L + uint.MaxValue);
    }
}
