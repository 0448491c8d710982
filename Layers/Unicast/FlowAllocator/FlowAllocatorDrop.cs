namespace Ouroboros.Layers.Unicast;

/// <summary>Why the flow allocator did not use a message, or could not send one.</summary>
public enum FlowAllocatorDrop
{
    /// <summary>It was used.</summary>
    None,

    /// <summary>Shorter than its fixed part, or than a request with its hash.</summary>
    TooShort,

    /// <summary>Longer than any can be.</summary>
    TooLong,

    /// <summary>A code without meaning.</summary>
    UnknownCode,

    /// <summary>A field holds what it cannot hold: an address of no member, an endpoint id of a component.</summary>
    BadField,

    /// <summary>More messages wait than can be handled.</summary>
    QueueFull,

    /// <summary>A reply to a request that nobody made, or that is over.</summary>
    UnaskedReply,

    /// <summary>A reply to a request that has been answered already, whatever it says.</summary>
    DuplicateReply,

    /// <summary>A reply whose handshake is not one to our request.</summary>
    WrongHandshake,

    /// <summary>An update for a flow that is not there or not open.</summary>
    UnknownUpdate,

    /// <summary>A release of a flow that is not there, or from somebody else than its peer.</summary>
    UnknownRelease,

    /// <summary>A request that is being served or has been answered already.</summary>
    DuplicateRequest,

    /// <summary>More requests from one source than the limit allows.</summary>
    RateLimited,

    /// <summary>More requests at once than can be served.</summary>
    TooManyRequests,

    /// <summary>A reply that has to wait, and too many do.</summary>
    TooManyHeldBack,

    /// <summary>There was no way to send a message, or no memory for it.</summary>
    NotSent,

    /// <summary>As many flows as there may be.</summary>
    TooManyFlows,
}
