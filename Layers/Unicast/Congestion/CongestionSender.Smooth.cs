namespace Ouroboros.Layers.Unicast.Congestion;

/// <content>
/// What ours do otherwise than the reference. It sends all that a slot allows at once and makes the slots of a fast flow shorter than a timer can keep; over a
/// queue of a thousand packets that is a jam in every slot, and flows that share a link lose more packets than they get across. Here a flow goes at an
/// even pace, in slots of at least 16.8 ms; grows with the square root of what a slot holds instead of by 64 KiB, which lets flows of all rates come to
/// equal shares; and shrinks once for each slot in which the queue has not become shorter.
/// </content>
public partial struct CongestionSender
{
    // 1 ms: what a timer of whole milliseconds leaves to be sent at once.
    private const int AheadShift = 20;

    // Packets of a slot that may be sent at once: so many make no mark in a queue of their own (StandingQueue), and most answers are no longer.
    private const int AtOnce = 16;

    // An eighth a slot at most: how long a queue takes to tell is not known, and what was told may be the same jam again.
    private const int MostDecreaseShift = 3;
    private const int SlowStartShift = 2;

    // After as many without congestion the steps are twice as large, after twice as many thrice: somebody has left. Only of flows with more packets than this in a
    // slot: over a slow link a queue takes so long to tell that the steps would be too large by then.
    private const ulong FastPackets = 256;
    private const uint CalmSlots = 16;
    private const uint MostCalmSlots = 64;

    // 134 ms. In longer slots a flow that was slow for a while would be so for long.
    private const int LongestSmoothShift = 27;

    /// <summary>Nanoseconds until the flow is no longer ahead of its pace; 0: it is not far ahead.</summary>
    private long Pace(long now)
    {
        if (Packets <= AtOnce && Bytes <= Limit) return 0;
        var left = (long)((Slot + 1) << Shift) - now;
        var ahead = left;
        if (Bytes < Limit)
        {
            ahead = (long)((double)(1L << Shift) * Bytes / Limit) - Math.Max(now - _pacedFrom, 0);
            if (ahead < 1L << AheadShift) return 0;
        }
        _isHeld = true;
        return Math.Min(ahead, left);
    }

    /// <summary>From slot to slot.</summary>
    private void Adapt()
    {
        var size = Bytes / Packets;
        var held = _isHeld;
        _isHeld = false;
        var level = Level;
        Level = 0;
        if (!Avoids)
        {
            if (held) Limit += Limit >> SlowStartShift;
        }
        else if (level == 0)
        {
            // What was not used is not kept, past what every flow begins with.
            if (!held) (Limit, _calmSlots) = (Math.Min(Limit, Math.Max(Bytes * 2, Increment)), 0);
            Limit += Math.Max(size, (ulong)Math.Sqrt((double)Limit * size)) * (CalmSlots + _calmSlots) / (2 * CalmSlots);
            if (Packets <= FastPackets) _calmSlots = 0;
            else if (_calmSlots < MostCalmSlots) _calmSlots++;
        }
        else if (level >= _lastLevel)
        {
            Limit -= Math.Min((Limit * level) >> LevelShift, Limit >> MostDecreaseShift);
        }
        if (level != 0) _calmSlots = 0;
        _lastLevel = level;
        Limit = Math.Max(Limit, Math.Max(size, 1));
    }

    /// <summary>What is told counts for one slot: the worst of it.</summary>
    private void Note(ushort level)
    {
        // Congestion for the first time: it was doubled once too often.
        if (!Avoids && level != 0) Limit /= 2;
        Level = Math.Max(Level, level);
    }
}
