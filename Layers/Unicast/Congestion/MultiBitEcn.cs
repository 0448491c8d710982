namespace Ouroboros.Layers.Unicast.Congestion;

/// <summary>
/// Multi-bit explicit congestion notification: a packet is marked with the length of the queues that it waits in, the receiver tells the sender the
/// decaying sum of the marks, the sender sends less (unicast-data-plane.md section 10.2 to 10.4).
/// </summary>
public sealed class MultiBitEcn : ICongestionPolicy
{
    // One step of a mark is 16 packets.
    private const int QueueShift = 4;

    /// <inheritdoc/>
    public int Number => 1;

    /// <inheritdoc/>
    public string Name => "mb-ecn";

    /// <inheritdoc/>
    public bool Marks => true;

    /// <inheritdoc/>
    public byte Mark(byte ecn, int queued) => (byte)(ecn | (queued >> QueueShift));

    /// <inheritdoc/>
    public FlowCongestion? CreateFlow(long now) => new(now);
}
