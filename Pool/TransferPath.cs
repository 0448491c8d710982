namespace Ouroboros.Pool;

/// <summary>The rows of the copy table (packet-pool notes, section 4.3).</summary>
public enum TransferPath
{
    /// <summary>Global pool to global pool: 0 copies.</summary>
    GlobalToGlobal,

    /// <summary>One user's pool, a flow between two processes of that user without an IPCP: 0 copies.</summary>
    UserToSameUserDirect,

    /// <summary>One user's pool, through an IPCP: 0 copies. (The reference means 0 and makes 1.)</summary>
    UserToSameUser,

    /// <summary>One user's pool to another user's: 1 copy.</summary>
    UserToOtherUser,

    /// <summary>A user's pool to the global pool, when an IPCP reads from an application: 1 copy.</summary>
    UserToGlobal,

    /// <summary>The global pool to a user's, when an IPCP delivers to an application: 1 copy.</summary>
    GlobalToUser,
}
