namespace Ouroboros.Pool;

/// <summary>
/// Is told, on the thread of whoever caused it, that a ring has something to do. An implementation must be short, must not throw
/// and must not block: it notes the fact and wakes somebody else.
/// </summary>
public interface IRingListener
{
    /// <summary>An empty ring became non-empty. Not called again until a read has emptied the ring.</summary>
    void OnReadable();

    /// <summary>The ring's state changed.</summary>
    /// <param name="state">The new state.</param>
    void OnStateChanged(RingState state);

    /// <summary>A write was refused because the ring was full, and now there is room. Only called on <see cref="PacketRing.WriterListener"/>.</summary>
    void OnWritable()
    {
    }
}
