namespace Ouroboros.Layers.Unicast.Congestion;

/// <summary>Marks nothing, limits nothing; marks of others are left as they are (unicast-data-plane.md section 10.1).</summary>
public sealed class NoCongestionAvoidance : ICongestionPolicy
{
    /// <inheritdoc/>
    public int Number => 0;

    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public bool Marks => false;

    /// <inheritdoc/>
    public byte Mark(byte ecn, int queued) => ecn;

    /// <inheritdoc/>
    public FlowCongestion? CreateFlow(long now) => null;
}
