using System.Diagnostics.CodeAnalysis;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow;

/// <summary>
/// One end of a flow, as its user and the layer below see it: a receive ring, the way down, flags and time-outs. It owns every packet in
/// its receive ring. Packets never pass through an actor: writes run down to the sink in the caller's thread, arrivals are put into the
/// ring by <see cref="Deliver"/>. Any number of threads may write; one at a time may read bytes.
/// </summary>
public sealed partial class FlowEndpoint
{
    private readonly PacketRing _receive;
    private readonly TimeProvider _time;
    private volatile IPacketSink? _lower;
    private ReadySet<FlowEndpoint>? _set;
    private int _flags = (int)FlowFlags.Default;
    private int _closed;
    private volatile bool _peerClosed;

    /// <summary>Makes an endpoint that is not connected yet.</summary>
    /// <param name="pool">The packet pool of its user's trust domain.</param>
    /// <param name="time">The clock of its time-outs.</param>
    public FlowEndpoint(PacketPool pool, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(time);
        Pool = pool;
        _time = time;
        _receive = new PacketRing(timeProvider: time);
    }

    /// <summary>The pool that this end's packets come from and are delivered in.</summary>
    public PacketPool Pool { get; }

    /// <summary>What the flow was allocated with.</summary>
    public QosSpec Qos { get; set; } = QosSpec.Raw;

    /// <summary>Whatever the user wants to find again from an event; the API keeps its flow here.</summary>
    public object? Owner { get; set; }

    /// <summary>How long a read waits; <see cref="Timeout.InfiniteTimeSpan"/> = for ever.</summary>
    public TimeSpan ReadTimeout { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long a write waits for packet memory and room; <see cref="Timeout.InfiniteTimeSpan"/> = for ever.</summary>
    public TimeSpan WriteTimeout { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>Whether this end has been closed by its user.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Whether the way down is there and this end is not closed.</summary>
    public bool IsAllocated => _lower is not null && !IsClosed;

    /// <summary>State of the receive ring: down, peer dead.</summary>
    public RingState State => _receive.State;

    /// <summary>Packets that wait to be read.</summary>
    public int ReceiveQueueLength => _receive.Count;

    /// <summary>Packets sent that the other side has not taken.</summary>
    public int SendQueueLength => _lower?.QueueLength ?? 0;

    /// <summary>Largest packet that can be written, bytes.</summary>
    public int MaxPacketSize => Math.Min(Pool.MaxLength, _lower?.MaxPacketSize ?? int.MaxValue);

    /// <summary>Flow flags; setting replaces them all.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/> for access mode 3.</exception>
    public FlowFlags Flags
    {
        get => (FlowFlags)Volatile.Read(ref _flags);
        set => SetFlags(value);
    }

    /// <summary>Connects the way down; the layer calls it once the flow is allocated.</summary>
    public void Attach(IPacketSink lower)
    {
        ArgumentNullException.ThrowIfNull(lower);
        _lower = lower;
    }

    /// <summary>Puts an arriving packet into the receive ring; called by the layer below, from any thread.</summary>
    /// <returns><see cref="FlowError.None"/>: taken. Anything else leaves the packet with the caller, who drops and counts it or waits.</returns>
    public FlowError Deliver(Packet packet)
    {
        if (packet.Pool != Pool) return DeliverAcrossDomains(packet);
        var error = _receive.TryWrite(packet);
        // Closing drains the ring after it set the flag; a packet that slipped in behind the drain is taken out here.
        if (error == FlowError.None && IsClosed) _receive.Drain();
        return error;
    }

    /// <summary>Completes when the receive ring has room or will never take a packet again.</summary>
    public ValueTask<FlowError> WaitForRoomAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        _receive.WaitWritableAsync(timeout, cancellationToken);

    /// <summary>The layer below reports that the link is down or up again: readers wake, the set gets the event.</summary>
    public void OnLinkChanged(bool up)
    {
        if (IsClosed) return;
        _receive.ChangeState(up ? RingState.ReadWrite : RingState.FlowDown, up ? RingState.FlowDown : RingState.ReadWrite);
        Notify(up ? FlowEventType.Up : FlowEventType.Down);
    }

    /// <summary>The other side has released the flow: what is queued stays readable, then reads fail with <see cref="FlowError.FlowDown"/>.</summary>
    public void OnPeerClosed()
    {
        _peerClosed = true;
        _receive.ChangeState(RingState.FlowDown, RingState.ReadWrite);
        Notify(FlowEventType.Dealloc);
    }

    /// <summary>The layer below failed; the flow is down for good.</summary>
    public void OnLayerFailed()
    {
        _receive.ChangeState(RingState.FlowDown, RingState.ReadWrite);
        Notify(FlowEventType.Down);
    }

    /// <summary>The peer has not been heard of in time; final.</summary>
    public void OnPeerDead()
    {
        _receive.ChangeState(RingState.PeerDead, RingState.ReadWrite);
        Notify(FlowEventType.Peer);
    }

    /// <summary>Releases this end: tells the other side, wakes every waiter and gives queued packets back. A second call does nothing.</summary>
    /// <returns>false when it was closed already.</returns>
    public bool Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return false;
        LeaveSet();
        _receive.ChangeState(RingState.FlowDown, RingState.ReadWrite);
        _lower?.Close();
        _receive.Drain();
        DropRemainder();
        return true;
    }

    /// <summary>Makes the endpoint a member of a set; packets that wait already and a flow that is down already are reported by the next wait.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.NotPermitted"/> when it is in a set already.</exception>
    public void JoinSet(ReadySet<FlowEndpoint> set)
    {
        ArgumentNullException.ThrowIfNull(set);
        set.Add(this, _receive);
        Volatile.Write(ref _set, set);
        // What happened before it was a member has been told to nobody.
        var state = _receive.State;
        if (_peerClosed) Notify(FlowEventType.Dealloc);
        else if ((state & RingState.FlowDown) != 0) Notify(FlowEventType.Down);
        if ((state & RingState.PeerDead) != 0) Notify(FlowEventType.Peer);
    }

    /// <summary>Takes the endpoint out of its set, if it is in one.</summary>
    public void LeaveSet() => Interlocked.Exchange(ref _set, null)?.Remove(this);

    private void Notify(FlowEventType type) => Volatile.Read(ref _set)?.Notify(this, type);

    private FlowError DeliverAcrossDomains(Packet packet)
    {
        // Refuse before copying: the caller then still owns an untouched packet.
        var state = _receive.State;
        if ((state & RingState.FlowDown) != 0) return FlowError.FlowDown;
        if ((state & RingState.ReadOnly) != 0) return FlowError.NotAllocated;
        if (packet.Length > Pool.MaxLength) return FlowError.MessageTooLong;
        if (_receive.Count >= _receive.Capacity) return FlowError.TryAgain;
        var error = packet.Pool.TransferTo(packet, Pool, out var copy);
        if (error != FlowError.None) return error;
        error = _receive.TryWrite(copy);
        if (error != FlowError.None)
        {
            // Another writer took the last slot since the check. The source is gone, so this counts as a drop, as a full network queue does.
            copy.Dispose();
            Interlocked.Increment(ref _dropped);
            return FlowError.None;
        }
        if (IsClosed) _receive.Drain();
        return FlowError.None;
    }

    private void SetFlags(FlowFlags flags)
    {
        if ((flags & FlowFlags.AccessMode) == FlowFlags.AccessMode)
        {
            throw new FlowException(FlowError.InvalidArgument, "access mode 3 is invalid; use ReadOnly, WriteOnly or ReadWrite");
        }
        var before = (FlowFlags)Interlocked.Exchange(ref _flags, (int)flags);
        var writeOnly = (flags & FlowFlags.AccessMode) == FlowFlags.WriteOnly;
        _receive.ChangeState(writeOnly ? RingState.ReadOnly : RingState.ReadWrite, writeOnly ? RingState.ReadWrite : RingState.ReadOnly);
        if (((before ^ flags) & FlowFlags.AccessMode) != 0) _lower?.AccessChanged(!writeOnly);
        // Only a change of the down flag touches the link: the reference sends "up" on every call and so revives closed flows.
        if (((before ^ flags) & FlowFlags.Down) == 0) return;
        var down = (flags & FlowFlags.Down) != 0;
        _receive.ChangeState(down ? RingState.FlowDown : RingState.ReadWrite, down ? RingState.ReadWrite : RingState.FlowDown);
        _lower?.LinkChanged(!down);
    }

    [DoesNotReturn]
    private void Throw(FlowError error, string action) => throw new FlowException(error, Explain(error, action));
}
