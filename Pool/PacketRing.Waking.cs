namespace Ouroboros.Pool;

public sealed partial class PacketRing
{
    /// <summary>Wakes every waiting writer, with <see cref="FlowError.None"/>: something that the ring does not know of has changed, they look again.</summary>
    public void WakeWriters()
    {
        SpinGate.Enter(ref _readGate);
        Waiter<FlowError>? writers = _writers.TakeAll(FlowError.None);
        _readAttention &= unchecked((byte)~Sleepers);
        SpinGate.Exit(ref _readGate);
        Waiter<FlowError>.WakeAll(writers);
    }
}
