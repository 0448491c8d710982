namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>How a query ended.</summary>
public enum DhtQueryOutcome
{
    /// <summary>A node had it.</summary>
    Found,

    /// <summary>This node had it: from a store, or from a query shortly before.</summary>
    FoundHere,

    /// <summary>All nodes where it would be have answered, and none has it.</summary>
    NotFound,

    /// <summary>It was not found in time.</summary>
    TimedOut,

    /// <summary>Too many queries wait.</summary>
    Refused,
}
