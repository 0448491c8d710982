namespace Ouroboros.Samples.Oping;

/// <summary>What an arriving packet turned out to be.</summary>
public enum ReplyKind
{
    /// <summary>The first reply to a request.</summary>
    Reply,

    /// <summary>One more reply to a request that was answered; not counted.</summary>
    Duplicate,

    /// <summary>No reply at all.</summary>
    InvalidMessage,

    /// <summary>A reply to nothing that was asked, or to something too long ago.</summary>
    InvalidId,
}
