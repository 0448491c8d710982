namespace Ouroboros.Layers.Unicast;

/// <summary>Where a flow of a unicast layer is in its life.</summary>
public enum UnicastFlowState
{
    /// <summary>Asked for, no answer yet.</summary>
    Pending,

    /// <summary>Both sides know each other.</summary>
    Open,

    /// <summary>Released by its user, still carrying packets for the linger time.</summary>
    Lingering,

    /// <summary>Gone; its endpoint id is never used again.</summary>
    Released,
}
