namespace Ouroboros.Pool;

/// <summary>What a <see cref="PacketRing"/> allows; the numbers are the reference's ACL (packet-pool notes, section 5.3).</summary>
[Flags]
public enum RingState
{
    /// <summary>Both directions work.</summary>
    ReadWrite = 0,

    /// <summary>Writers get <see cref="FlowError.NotAllocated"/>; readers are not concerned.</summary>
    ReadOnly = 1,

    /// <summary>Writers get <see cref="FlowError.FlowDown"/>; readers get what is queued, then <see cref="FlowError.FlowDown"/>.</summary>
    FlowDown = 2,

    /// <summary>Readers get what is queued, then <see cref="FlowError.PeerDead"/>; writers are not concerned.</summary>
    PeerDead = 4,
}
