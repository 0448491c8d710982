namespace Ouroboros.Layers.Shim;

/// <summary>Management messages of shim layers; a codec knows the number that its family has for each.</summary>
public enum ShimMessageKind
{
    /// <summary>Asks for a flow to a name.</summary>
    FlowRequest,

    /// <summary>Accepts or refuses a flow.</summary>
    FlowReply,

    /// <summary>Asks who knows a name; Ethernet only.</summary>
    NameQuery,

    /// <summary>Says that the sender knows a name; Ethernet only.</summary>
    NameReply,

    /// <summary>Says that the sender has released a flow; only sent to peers that made the offer (<see cref="ShimOffer"/>).</summary>
    Dealloc,
}
