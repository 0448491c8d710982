namespace Ouroboros.Layers.Flow;

/// <summary>Flow flags; the numbers are the reference's (application-api.md 6.1).</summary>
[Flags]
public enum FlowFlags
{
    /// <summary>Access mode: writes fail with <see cref="FlowError.NotPermitted"/>.</summary>
    ReadOnly = 0,

    /// <summary>Access mode: the other side may not write to us.</summary>
    WriteOnly = 1,

    /// <summary>Access mode: both directions.</summary>
    ReadWrite = 2,

    /// <summary>The bits of the access mode; 3 is invalid.</summary>
    AccessMode = 3,

    /// <summary>The flow is marked down by its user.</summary>
    Down = 4,

    /// <summary>Reads do not wait.</summary>
    ReadNoBlock = 0x200,

    /// <summary>Writes do not wait.</summary>
    WriteNoBlock = 0x400,

    /// <summary>Neither waits.</summary>
    NonBlocking = ReadNoBlock | WriteNoBlock,

    /// <summary>A packet larger than the buffer is dropped with <see cref="FlowError.MessageTooLong"/> instead of read in parts.</summary>
    ReadNoPartial = 0x1000,

    /// <summary>No partial writes; there are none, so it has no effect.</summary>
    WriteNoPartial = 0x2000,

    /// <summary>What a flow has after allocation.</summary>
    Default = ReadWrite | WriteNoPartial,

    /// <summary>Every bit that means something.</summary>
    All = AccessMode | Down | NonBlocking | ReadNoPartial | WriteNoPartial,
}
