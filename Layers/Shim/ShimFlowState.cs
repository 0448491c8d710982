namespace Ouroboros.Layers.Shim;

/// <summary>Where a flow of a shim layer is in its life.</summary>
public enum ShimFlowState
{
    /// <summary>Asked for, no answer yet.</summary>
    Pending,

    /// <summary>Both sides know each other.</summary>
    Open,

    /// <summary>Released by its user, still carrying packets for the linger time.</summary>
    Lingering,

    /// <summary>Gone; its endpoint id rests before it is used again.</summary>
    Released,
}
