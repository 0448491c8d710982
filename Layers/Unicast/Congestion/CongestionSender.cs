namespace Ouroboros.Layers.Unicast.Congestion;

/// <summary>
/// What the sender of a flow may send, in slots of time (unicast-data-plane.md section 10.4). The arithmetic is the reference's, 64 bits without sign, except
/// that a level above <see cref="MostLevel"/> is taken for that, since there it would underflow and switch the limit off; flows of ours are
/// smooth, which is in the other file. Nothing of it is seen by the peer.
/// </summary>
public partial struct CongestionSender
{
    /// <summary>The highest level of congestion that means something: it takes all.</summary>
    public const ushort MostLevel = 1 << LevelShift;

    private const int LevelShift = 13;
    // 16.8 ms.
    private const int FirstShift = 24;

    // 18 minutes. The reference has no bound, until the numbers overflow.
    private const int LongestShift = 40;
    private const long FirstLimit = 64 * 1024;
    private const uint ValidFor = 32;
    private const int LeastPackets = 8;
    private const int MostPackets = 64;

    private readonly bool _isSmooth;
    private bool _isHeld;
    private ushort _lastLevel;
    private uint _calmSlots;
    private long _lastSent;
    private long _pacedFrom;

    /// <summary>The state of a new flow.</summary>
    /// <param name="now">Nanoseconds.</param>
    /// <param name="smooth">At an even pace, with gentle steps; false: as the reference does it.</param>
    public CongestionSender(long now, bool smooth = false)
    {
        _isSmooth = smooth;
        Shift = FirstShift;
        Slot = (ulong)now >> FirstShift;
        _pacedFrom = now;
        Limit = FirstLimit;
        Increment = FirstLimit;
    }

    /// <summary>A slot is two to the power of this nanoseconds long.</summary>
    public int Shift { get; private set; }

    /// <summary>Number of the slot.</summary>
    public ulong Slot { get; private set; }

    /// <summary>Bytes that may be sent in a slot.</summary>
    public ulong Limit { get; private set; }

    /// <summary>Bytes sent in this slot.</summary>
    public ulong Bytes { get; private set; }

    /// <summary>Packets sent in this slot.</summary>
    public ulong Packets { get; private set; }

    /// <summary>Bytes by which the limit grows from slot to slot.</summary>
    public ulong Increment { get; private set; }

    /// <summary>What the receiver told last; 0 when that is too long ago.</summary>
    public ushort Level { get; private set; }

    /// <summary>Packets sent since then.</summary>
    public uint SinceUpdate { get; private set; }

    /// <summary>Whether the receiver has ever told anything; until then it is slow start.</summary>
    public bool Avoids { get; private set; }

    /// <summary>The receiver tells of congestion, or with 0 that there is none.</summary>
    public void OnUpdate(ushort level)
    {
        level = Math.Min(level, MostLevel);
        if (_isSmooth) Note(level);
        else Level = level;
        SinceUpdate = 0;
        Avoids = true;
    }

    /// <summary>A packet is sent.</summary>
    /// <param name="length">Its bytes.</param>
    /// <param name="now">Nanoseconds.</param>
    /// <returns>Nanoseconds to wait; 0 or less for not at all.</returns>
    public long OnSent(int length, long now)
    {
        var slot = (ulong)now >> Shift;
        SinceUpdate++;
        Packets++;
        Bytes += (ulong)length;
        // By packets sent: where few of them arrive, it would be over before the next slot.
        if (!_isSmooth && SinceUpdate > ValidFor) Level = 0;
        if ((long)(slot - Slot) > 0)
        {
            StartSlot(slot);
            // A slot that became longer began when the one before was used.
            _pacedFrom = Math.Max((long)(Slot << Shift), _lastSent);
        }
        _lastSent = now;
        if (_isSmooth) return Pace(now);
        return Bytes > Limit ? (long)((Slot + 1) << Shift) - now : 0;
    }

    private void StartSlot(ulong slot)
    {
        Slot = slot;
        if (_isSmooth)
        {
            Adapt();
        }
        else if (!Avoids)
        {
            if (Bytes > Limit) Limit *= 2;
        }
        else if (Level != 0)
        {
            Limit -= (Limit * Level) >> LevelShift;
        }
        else
        {
            Limit = Bytes + Increment;
        }
        var carry = false;
        if (Packets < LeastPackets) carry = Lengthen();
        else if (Packets > MostPackets) Shorten();
        if (carry) return;
        Bytes = 0;
        Packets = 0;
    }

    private bool Lengthen()
    {
        var by = 0;
        while (Packets << by < LeastPackets && Shift + by < (_isSmooth ? LongestSmoothShift : LongestShift)) by++;
        if (by == 0) return false;
        Shift += by;
        Slot >>= by;
        Limit <<= by;
        Increment <<= by;
        if ((Slot & ((1UL << by) - 1)) != 0) return false;
        Slot++;
        return true;
    }

    private void Shorten()
    {
        var by = 0;
        while (Packets >> by > MostPackets && Shift > by && Shift - by > (_isSmooth ? FirstShift : 0)) by++;
        Shift -= by;
        Slot <<= by;
        Limit >>= by;
        Increment >>= by;
    }
}
