namespace Ouroboros.Pool;

/// <summary>Somebody who sleeps until a block is free; gets the packet itself, so that nobody can take it away again.</summary>
internal sealed class RentWaiter(PacketPool pool, TimeProvider time) : Waiter<Packet>(time)
{
    public int SizeClass;
    public int Length;
    public long Ticket;
    public string File = "";
    public int Line;

    protected override bool TryWithdraw(bool dueOnly) => pool.TryWithdraw(this, dueOnly);

    protected override void SetTimedOut() => SetError(pool.Exhausted(FlowError.TimedOut, Length));

    protected override void Recycle() => pool.Recycle(this);
}
