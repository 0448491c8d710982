namespace Ouroboros.Layers.Broadcast;

/// <summary>Why a packet, or one copy of it, went no further.</summary>
public enum BroadcastDrop
{
    /// <summary>A receiver, or the way to it, had no room: it is slow, the others are not.</summary>
    Full,

    /// <summary>The receiver takes no packets, or its flow is down.</summary>
    NotReceiving,

    /// <summary>Longer than the way to a neighbour carries.</summary>
    TooLong,

    /// <summary>No memory for one more copy.</summary>
    NoMemory,

    /// <summary>It went round in a loop of members.</summary>
    Loop,

    /// <summary>Too many members of this process in a row.</summary>
    TooDeep,

    /// <summary>Came in on a flow that is no longer part of the layer.</summary>
    NoPort,
}
