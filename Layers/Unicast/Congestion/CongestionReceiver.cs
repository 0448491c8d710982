namespace Ouroboros.Layers.Unicast.Congestion;

/// <summary>What the receiver of a flow knows of congestion on the way to it (unicast-data-plane.md section 10.3).</summary>
public struct CongestionReceiver
{
    private const int DecayShift = 5;
    private const int ClearShift = 2;
    private const int UpdateEvery = 8;

    /// <summary>Sum of the marks, decaying by 1/32 with each packet.</summary>
    public ushort Level { get; private set; }

    /// <summary>Marked packets after the first one.</summary>
    public uint Marked { get; private set; }

    /// <summary>Whether a packet with this mark changes anything. Most do not.</summary>
    public readonly bool Concerns(byte mark) => mark != 0 || Level != 0;

    /// <summary>A packet of the flow has arrived.</summary>
    /// <param name="mark">Its mark.</param>
    /// <returns>Whether the sender is to be told of <see cref="Level"/>.</returns>
    public bool OnReceived(byte mark)
    {
        if (!Concerns(mark)) return false;
        if (mark == 0)
        {
            Level >>= ClearShift;
            return Level == 0;
        }
        if (Level == 0)
        {
            Level = mark;
            Marked = 0;
            return true;
        }
        Level = (ushort)(Level - (Level >> DecayShift) + mark);
        return Marked++ % UpdateEvery == 1;
    }
}
