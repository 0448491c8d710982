namespace Ouroboros.Runtime.Irmd;

/// <summary>States of a flow in the IRMd; the numbers are the reference's (irmd.md section 3).</summary>
public enum FlowState
{
    /// <summary>It has an id.</summary>
    Init = 0,

    /// <summary>A layer has been asked for it.</summary>
    AllocPending = 1,

    /// <summary>It waits for a request.</summary>
    AcceptPending = 2,

    /// <summary>In use.</summary>
    Allocated = 3,

    /// <summary>One end has been released.</summary>
    DeallocPending = 4,

    /// <summary>Released; the id is about to be free.</summary>
    Deallocated = 5,
}
