namespace Ouroboros.Layers.Flow;

/// <summary>The class of service that a layer sorts a packet into; the number is sent in layers.</summary>
public enum QosCube
{
    /// <summary>Best effort.</summary>
    BestEffort = 0,

    /// <summary>Video.</summary>
    Video = 1,

    /// <summary>Voice.</summary>
    Voice = 2,
}
