using Ouroboros.Layers.Flow.Frcp.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Frcp;

/// <summary>A packet that was sent and is not acknowledged. It holds one reference to its message.</summary>
internal struct SendSlot
{
    public Packet Message;
    public int Offset;
    public int Length;
    public FrcpFlags Fragment;
    public SendState State;
    public bool AskedForAck;
    public byte Transmissions;
    public long FirstSent;
    public long LastSent;
}

/// <summary>What is known of a packet that was sent.</summary>
internal enum SendState : byte
{
    /// <summary>Nothing; it counts as under way.</summary>
    UnderWay,

    /// <summary>It is taken for lost and will be sent again.</summary>
    Lost,

    /// <summary>It has arrived behind a gap.</summary>
    Arrived,
}
