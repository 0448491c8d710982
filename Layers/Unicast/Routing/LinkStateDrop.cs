namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>Why something that came from the network was not used.</summary>
public enum LinkStateDrop
{
    /// <summary>Neither an announcement nor a withdrawal.</summary>
    Malformed,

    /// <summary>On a flow that is no management flow, or no longer.</summary>
    UnknownFlow,

    /// <summary>Source or destination 0, or both the same; a reference node that removed such an entry would crash.</summary>
    Address,

    /// <summary>A sequence number that nobody has got to by announcing links.</summary>
    Sequence,

    /// <summary>A sequence number too far above the one that is known.</summary>
    Jump,

    /// <summary>One more link of a member that has as many as one may have.</summary>
    MemberFull,

    /// <summary>One more link, and nothing that nobody reaches could be removed for it.</summary>
    DatabaseFull,

    /// <summary>A link of this member that it does not have, beyond those whose refutation it keeps account of.</summary>
    OwnFull,

    /// <summary>A new flow of a neighbour of the reference, beyond those that it keeps account of.</summary>
    ReferencesFull,
}
