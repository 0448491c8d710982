namespace Ouroboros.Layers.Unicast.Congestion;

/// <summary>
/// Tells a queue that stands from one that comes and goes. Devices take packets by the batch and writers wake by the millisecond, so there is often a queue of
/// hundreds of packets that is gone a moment later: that is no congestion, and flows that were told so would be held at what fits a batch. What has
/// not gone away within <see cref="Window"/> is, and so is at once what fills most of the room. Any thread may call; what two do at the same time may
/// count as one.
/// </summary>
/// <param name="clock">The clock; asked only while the queue is not short.</param>
/// <param name="most">More packets than this are congestion at once: most of the room.</param>
internal sealed class StandingQueue(NanosecondClock clock, int most)
{
    /// <summary>Fewer packets leave no mark (unicast-data-plane.md section 10.2), and a queue that was that short does not stand.</summary>
    public const int Least = 16;

    /// <summary>Nanoseconds: what a writer sends when it wakes late is gone by then.</summary>
    public const long Window = 10_000_000;

    private bool _isLong;
    private long _since;
    private int _shortest;
    private int _standing;

    /// <summary>A packet is about to be queued.</summary>
    /// <param name="queued">Packets before it.</param>
    /// <returns>How many of them are congestion.</returns>
    public int Measure(int queued)
    {
        if (queued < Least)
        {
            // Mostly it was short before: no write to what others read.
            if (Volatile.Read(ref _isLong)) Volatile.Write(ref _isLong, false);
            return 0;
        }
        var now = clock.Now;
        if (!Volatile.Read(ref _isLong))
        {
            _since = now;
            _standing = 0;
            _shortest = queued;
            Volatile.Write(ref _isLong, true);
        }
        _shortest = Math.Min(_shortest, queued);
        if (now - _since >= Window)
        {
            _standing = _shortest;
            _shortest = queued;
            _since = now;
        }
        return Math.Max(Math.Min(_standing, _shortest), queued - most);
    }
}
