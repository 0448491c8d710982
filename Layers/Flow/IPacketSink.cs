using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow;

/// <summary>
/// The way down from a flow endpoint: the peer's endpoint (direct and local flows) or the layer below. Safe from any thread; a call runs
/// to completion and neither allocates nor locks.
/// </summary>
public interface IPacketSink
{
    /// <summary>Largest payload that the layer carries, bytes.</summary>
    int MaxPacketSize { get; }

    /// <summary>Largest payload that reaches the peer in one piece, bytes: a larger one, up to <see cref="MaxPacketSize"/>, is fragmented below.</summary>
    int PathPacketSize => MaxPacketSize;

    /// <summary>Packets that wait to be taken by the other side.</summary>
    int QueueLength { get; }

    /// <summary>
    /// Whether the other side is an endpoint of this runtime, which says so when it goes away: such a flow needs no keepalive.
    /// </summary>
    bool IsLocal => false;

    /// <summary>Hands a packet over.</summary>
    /// <returns>
    /// <see cref="FlowError.None"/>: ownership has moved. Anything else leaves the packet with the caller: <see cref="FlowError.TryAgain"/>
    /// (no room now), <see cref="FlowError.NotAllocated"/> (the other side does not take packets), <see cref="FlowError.FlowDown"/>.
    /// </returns>
    FlowError Send(Packet packet);

    /// <summary>Completes with <see cref="FlowError.None"/> when <see cref="Send"/> is worth another try, else with the reason to give up.</summary>
    ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Wakes whoever sleeps in <see cref="WaitWritableAsync"/>, with <see cref="FlowError.None"/>: the state of this end has changed.</summary>
    void WakeWriters();

    /// <summary>The user of this end marked the flow down or up again; the other side is to know.</summary>
    void LinkChanged(bool up);

    /// <summary>The user of this end changed whether it takes packets.</summary>
    void AccessChanged(bool writable);

    /// <summary>This end is closed: nothing more is sent, and what arrives is dropped.</summary>
    void Close();
}
