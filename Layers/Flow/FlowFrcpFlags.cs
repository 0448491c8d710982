namespace Ouroboros.Layers.Flow;

/// <summary>Flags of an ordered flow; the numbers are the reference's (application-api.md 6.2).</summary>
[Flags]
public enum FlowFrcpFlags
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>RTX: lost packets are sent again. Follows from the QoS, cannot be changed.</summary>
    Retransmission = 1,

    /// <summary>RESCNTL: the peer's window holds writers up.</summary>
    ResourceControl = 2,

    /// <summary>LINGER: after release, what was written is still brought across.</summary>
    Linger = 4,

    /// <summary>What a reliable flow has after allocation.</summary>
    All = Retransmission | ResourceControl | Linger,
}
