namespace Ouroboros.Pool;

/// <summary>What happened on a flow; several may be pending at once. The first six numbers are the reference's.</summary>
[Flags]
public enum FlowEventType
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Packets can be read.</summary>
    Packet = 1,

    /// <summary>The peer or the layer took the flow down.</summary>
    Down = 2,

    /// <summary>The flow is up again.</summary>
    Up = 4,

    /// <summary>The flow was allocated.</summary>
    Alloc = 8,

    /// <summary>The peer deallocated the flow.</summary>
    Dealloc = 16,

    /// <summary>The peer has not been heard of in time.</summary>
    Peer = 32,

    /// <summary>There is room to write again. Not in the reference.</summary>
    Writable = 64,
}
