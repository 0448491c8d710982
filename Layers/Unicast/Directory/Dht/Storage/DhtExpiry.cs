namespace Ouroboros.Layers.Unicast.Directory.Dht.Storage;

/// <summary>
/// The end of a value as it travels: seconds since 1970 in 32 bits (dht.md section 3), which begin again at 0 on 7 February 2106. Near that day the small numbers are those after it and
/// the large ones those before; at all other times a number is what it says, so that what is far in the future is not taken for the past.
/// </summary>
internal static class DhtExpiry
{
    private const long Round = 1L << 32;

    // Longer than any value lives and clocks differ: twelve days.
    private const long Near = 1 << 20;

    /// <summary>When that is.</summary>
    /// <param name="sent">As it travels.</param>
    /// <param name="unixSeconds">Now, seconds since 1970.</param>
    public static long Of(uint sent, long unixSeconds)
    {
        var round = unixSeconds & ~(Round - 1);
        var passed = unixSeconds - round;
        if (passed >= Round - Near && sent < Near) return round + Round + sent;
        if (passed < Near && sent >= Round - Near) return round - Round + sent;
        return round + sent;
    }

    /// <summary>As it travels. Never as <see cref="DhtNode.WithdrawnExpiry"/>, which is no time.</summary>
    /// <param name="unixSeconds">Seconds since 1970.</param>
    public static uint ToSend(long unixSeconds)
    {
        var sent = unchecked((uint)unixSeconds);
        return sent == DhtNode.WithdrawnExpiry ? sent + 1 : sent;
    }
}
