namespace Ouroboros.Layers.Flow.Frcp;

/// <summary>Arithmetic of sequence numbers, which count packets and wrap round after 2^32 (frcp.md section 4).</summary>
internal static class Sequence
{
    /// <summary>Whether a lies before b: signed 32-bit a - b is negative.</summary>
    public static bool Before(uint a, uint b) => (int)(a - b) < 0;

    /// <summary>Whether a lies behind b.</summary>
    public static bool After(uint a, uint b) => (int)(b - a) < 0;

    /// <summary>
    /// The window edge that 24 bits stand for: the one nearest to <paramref name="edge"/>. It moves forward only, and not beyond
    /// <paramref name="limit"/>; a stale or forged one leaves the edge where it is.
    /// </summary>
    /// <returns>False when it is not accepted.</returns>
    public static bool TryMoveEdge(uint window24, uint limit, ref uint edge)
    {
        var distance = (int)((window24 - edge) << 8) >> 8;
        if (distance <= 0 || After(edge + (uint)distance, limit)) return false;
        edge += (uint)distance;
        return true;
    }
}
