namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>Why something that came from the network was not used.</summary>
public enum DhtDrop
{
    /// <summary>It is not protobuf, or lacks a required field.</summary>
    Malformed,

    /// <summary>The sender's id is not as long as a key.</summary>
    SourceId,

    /// <summary>The sender's address is 0 or none of this layer.</summary>
    SourceAddress,

    /// <summary>The sender claims to be this node.</summary>
    SourceIsSelf,

    /// <summary>A code that is not known.</summary>
    Code,

    /// <summary>The part that goes with the code is missing.</summary>
    MissingPart,

    /// <summary>The key is not as long as the layer's.</summary>
    KeyLength,

    /// <summary>An answer to nothing that was asked, or from somebody else.</summary>
    UnknownCookie,

    /// <summary>An answer that was given before.</summary>
    Duplicate,

    /// <summary>A contact in an answer with an id of the wrong length, or an address that is 0, not of this layer, or cannot be reached.</summary>
    Contact,

    /// <summary>Contacts and values of an answer past the most that are used.</summary>
    Excess,

    /// <summary>A value that is no address of this layer.</summary>
    Value,

    /// <summary>A store whose time is over.</summary>
    Expired,

    /// <summary>A store of this node's own address by somebody else.</summary>
    OwnValue,

    /// <summary>A store past what one peer may have here.</summary>
    PeerQuota,

    /// <summary>A store past what this node keeps.</summary>
    StoreFull,

    /// <summary>A value for a key that has as many as it may have.</summary>
    KeyFull,

    /// <summary>A value that its owner does not know of.</summary>
    Denied,

    /// <summary>Somebody new, or a value, that could not be checked because too many checks are under way.</summary>
    ProbeLimit,

    /// <summary>A reference node's question that was not looked up for it because too many are.</summary>
    ProxyLimit,
}
