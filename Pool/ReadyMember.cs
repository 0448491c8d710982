namespace Ouroboros.Pool;

/// <summary>What a <see cref="ReadySet{T}"/> keeps per member; guarded by the set's lock.</summary>
internal sealed class ReadyMember<T>(ReadySet<T> set, T item, PacketRing ring) : IRingListener
    where T : class
{
    public readonly T Item = item;
    public readonly PacketRing Ring = ring;
    public ReadyMember<T>? Next, Previous;
    public FlowEventType Pending;
    public bool IsQueued;
    public bool Removed;

    // No bit: whether there are packets is looked up when somebody waits.
    public void OnReadable() => set.MakeReady(this, FlowEventType.None);

    public void OnStateChanged(RingState state)
    {
        // Whoever changes the state knows which event it is (down, deallocated, peer lost) and notifies.
    }
}
