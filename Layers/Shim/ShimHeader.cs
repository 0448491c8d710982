using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Shim;

/// <summary>What the header of a received frame says.</summary>
public struct ShimHeader
{
    /// <summary>Whether the payload is a management message.</summary>
    public bool IsManagement { get; set; }

    /// <summary>The endpoint id, ours, that a data frame is for.</summary>
    public uint Eid { get; set; }

    /// <summary>The sender's endpoint id where frames have it (LLC), else 0.</summary>
    public uint SourceEid { get; set; }

    /// <summary>Whom it came from.</summary>
    public LinkAddress Source { get; set; }

    /// <summary>Why it is to be dropped, when it could not be opened.</summary>
    public ShimDrop Drop { get; set; }
}
