namespace Ouroboros.Runtime.Control;

/// <summary>How a unicast layer avoids congestion; the numbers are the reference's.</summary>
public enum CongestionPolicy
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Multi-bit explicit congestion notification.</summary>
    MbEcn = 1,
}
