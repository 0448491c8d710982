namespace Ouroboros.Pool;

/// <summary>A sleeper of one end of a ring; the ring keeps one spare for each end.</summary>
internal sealed class RingWaiter(PacketRing ring, TimeProvider time, bool forReading) : Waiter<FlowError>(time)
{
    public bool ForReading => forReading;

    protected override bool TryWithdraw(bool dueOnly) => ring.TryWithdraw(this, dueOnly);

    protected override void SetTimedOut() => SetResult(FlowError.TimedOut);

    protected override void Recycle() => ring.Recycle(this);
}
