namespace Ouroboros.Layers.Flow.Frcp.Wire;

/// <summary>First byte of an FRCP header (frcp.md section 3).</summary>
[Flags]
internal enum FrcpFlags : byte
{
    None = 0,

    /// <summary>Payload follows.</summary>
    Data = 0x01,

    /// <summary>Data run flag: the sender has no unacknowledged data before this; the sequence number may start a run.</summary>
    DataRun = 0x02,

    /// <summary>The acknowledgement number is valid.</summary>
    Ack = 0x04,

    /// <summary>The window is valid.</summary>
    FlowControl = 0x08,

    /// <summary>Asks for a window update.</summary>
    Rendezvous = 0x10,

    /// <summary>Reserved in the reference. Between ends that both offer segmentation: first (with <see cref="MoreFragments"/>) or last (alone) part.</summary>
    FirstFragment = 0x20,

    /// <summary>Reserved in the reference. Between ends that both offer segmentation: more parts follow.</summary>
    MoreFragments = 0x40,

    /// <summary>Unused and ignored in the reference. Between ends that both offer it: acknowledge this at once.</summary>
    AckNow = 0x80,

    /// <summary>Which part of a message a packet is.</summary>
    Fragment = FirstFragment | MoreFragments,
}
