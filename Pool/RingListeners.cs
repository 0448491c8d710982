namespace Ouroboros.Pool;

/// <summary>Who is told about a ring; replaced as a whole, so that most rings pay for one reference only.</summary>
internal sealed record RingListeners(IRingListener? Reader, IRingListener? Writer, IRingListener? Member)
{
    public static readonly RingListeners None = new(null, null, null);

    public void TellReadable()
    {
        Reader?.OnReadable();
        Member?.OnReadable();
    }

    public void TellState(RingState state)
    {
        Reader?.OnStateChanged(state);
        if (!ReferenceEquals(Writer, Reader)) Writer?.OnStateChanged(state);
        Member?.OnStateChanged(state);
    }
}
