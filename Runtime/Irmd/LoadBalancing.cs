namespace Ouroboros.Runtime.Irmd;

/// <summary>Which of several waiting acceptors of a name gets the next flow; the numbers are the reference's.</summary>
public enum LoadBalancing
{
    /// <summary>The one that has waited longest.</summary>
    RoundRobin = 0,

    /// <summary>The one that came last, so that another is used only while it is busy.</summary>
    Spill = 1,
}
