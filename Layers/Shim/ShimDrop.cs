namespace Ouroboros.Layers.Shim;

/// <summary>Why something that arrived, or was to be sent, was dropped.</summary>
public enum ShimDrop
{
    /// <summary>Nothing was dropped.</summary>
    None,

    /// <summary>The frame is shorter than its headers.</summary>
    FrameTooShort,

    /// <summary>A frame of another protocol: ethertype, length or SAP is not ours.</summary>
    OtherProtocol,

    /// <summary>The header announces more bytes than the frame has.</summary>
    LengthBeyondFrame,

    /// <summary>Addressed to somebody else, or sent by ourselves.</summary>
    NotForUs,

    /// <summary>The message is shorter than its fixed part and hash.</summary>
    MessageTooShort,

    /// <summary>The message is longer than any can be.</summary>
    MessageTooLong,

    /// <summary>A message code without meaning.</summary>
    UnknownCode,

    /// <summary>A field holds what it cannot hold.</summary>
    BadField,

    /// <summary>More management messages than can be handled.</summary>
    ManagementQueueFull,

    /// <summary>Data for an endpoint id without a flow.</summary>
    UnknownEid,

    /// <summary>From another address or endpoint id than that of the flow's peer.</summary>
    WrongPeer,

    /// <summary>The flow's user does not read fast enough.</summary>
    ReceiverFull,

    /// <summary>The flow's user has released it or takes no packets.</summary>
    FlowNotReceiving,

    /// <summary>No packet memory was free to deliver or send it.</summary>
    NoMemory,

    /// <summary>Too large for the layer.</summary>
    TooLong,

    /// <summary>No device to send with, or it refused.</summary>
    NotSent,

    /// <summary>A reply to a request that nobody made, or that is over.</summary>
    UnaskedReply,

    /// <summary>A reply to a request that has been answered already.</summary>
    DuplicateReply,

    /// <summary>A reply whose handshake is not one to our request.</summary>
    WrongHandshake,

    /// <summary>A request that is being served or has been answered already.</summary>
    DuplicateRequest,

    /// <summary>More requests from one source than the limit allows.</summary>
    RateLimited,

    /// <summary>More requests at once than can be served.</summary>
    TooManyRequests,

    /// <summary>A request for a name that is not registered here.</summary>
    UnknownName,

    /// <summary>A query reply that nobody waits for.</summary>
    UnaskedNameReply,

    /// <summary>No endpoint id was free.</summary>
    NoEid,

    /// <summary>A release of a flow that is not there.</summary>
    UnknownDealloc,

    /// <summary>A reply that has to wait, and too many do.</summary>
    TooManyHeldBack,
}
