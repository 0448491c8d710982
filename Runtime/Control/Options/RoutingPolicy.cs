namespace Ouroboros.Runtime.Control;

/// <summary>How a unicast layer routes; the numbers are the reference's.</summary>
public enum RoutingPolicy
{
    /// <summary>Link state.</summary>
    LinkState = 0,

    /// <summary>Link state with loop-free alternates.</summary>
    Lfa = 1,

    /// <summary>Link state with equal-cost multipath.</summary>
    Ecmp = 2,
}
