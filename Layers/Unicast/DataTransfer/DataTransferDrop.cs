namespace Ouroboros.Layers.Unicast;

/// <summary>Why data transfer dropped a packet.</summary>
public enum DataTransferDrop
{
    /// <summary>It was not dropped.</summary>
    None,

    /// <summary>Shorter than the header.</summary>
    TooShort,

    /// <summary>It has gone as far as it may.</summary>
    TimeToLive,

    /// <summary>The destination is not in the forwarding table.</summary>
    NoRoute,

    /// <summary>Every next hop that may be used is down.</summary>
    NextHopDown,

    /// <summary>As many packets as may wait for the adjacency.</summary>
    QueueFull,

    /// <summary>Larger than the layer below takes.</summary>
    TooLong,

    /// <summary>The layer below refused it.</summary>
    NotSent,

    /// <summary>No room in front of it for the header.</summary>
    NoHeadRoom,

    /// <summary>No packet memory was free for a message of our own.</summary>
    NoMemory,

    /// <summary>For a component that is not there.</summary>
    NoComponent,

    /// <summary>For a flow that is not there.</summary>
    UnknownEid,

    /// <summary>The flow's user does not read fast enough.</summary>
    ReceiverFull,

    /// <summary>The flow's user has released it or takes no packets.</summary>
    FlowNotReceiving,

    /// <summary>It went through so many layers of this process, one inside the other, that the stack got short: a loop.</summary>
    TooDeep,

    /// <summary>It came from an adjacency that has been removed.</summary>
    NoAdjacency,
}
