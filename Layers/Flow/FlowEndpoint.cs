using System.Diagnostics.CodeAnalysis;
using Ouroboros.Layers.Flow.Stages;
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
    private readonly Lock _stateLock = new();
    private volatile IPacketSink? _lower;
    private volatile FlowStage? _stage;
    private PacketRing? _held;
    private int _drained;
    private DownReasons _down;
    private ReadySet<FlowEndpoint>? _set;
    private int _flags = (int)FlowFlags.Default;
    private int _closed;

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
    public int SendQueueLength => _stage?.SendQueueLength ?? _lower?.QueueLength ?? 0;

    /// <summary>Largest packet that can be written, bytes; it grows when both ends turn out to offer segmentation.</summary>
    public int MaxPacketSize => Math.Min(Pool.MaxLength, _lower is { } lower ? _stage?.MaxMessage(lower) ?? lower.MaxPacketSize : int.MaxValue);

    /// <summary>
    /// Largest packet that reaches the peer in one piece, as far as the layers below know now, bytes; a larger one, up to <see cref="MaxPacketSize"/>, is
    /// fragmented below.
    /// </summary>
    public int PathPacketSize => Math.Min(MaxPacketSize, _lower is { } lower ? _stage?.PathMessage(lower) ?? lower.PathPacketSize : int.MaxValue);

    /// <summary>Flow flags; setting replaces them all.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.NotAllocated"/> after release; <see cref="FlowError.InvalidArgument"/> for access mode 3 and unknown bits.
    /// </exception>
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
        // Released in this moment: either Close has seen the way down, or this sees that it is closed.
        Interlocked.MemoryBarrier();
        EnterStage(lower);
        if (IsClosed && !IsDraining) lower.Close();
    }

    /// <summary>Puts an arriving packet into the receive ring; called by the layer below, from any thread.</summary>
    /// <returns><see cref="FlowError.None"/>: taken. Anything else leaves the packet with the caller, who drops and counts it or waits.</returns>
    public FlowError Deliver(Packet packet)
    {
        if (_stage is { } stage) return packet.Pool == Pool ? stage.Deliver(packet) : DeliverAcrossDomains(packet, stage);
        if (_held is not null) return DeliverHeld(packet);
        if (packet.Length == 0) return TakeKeepalive(packet);
        return packet.Pool == Pool ? HandUp(packet) : DeliverAcrossDomains(packet, stage: null);
    }

    /// <summary>Completes when the last refused <see cref="Deliver"/> is worth another try, or will never be.</summary>
    public ValueTask<FlowError> WaitForRoomAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        Volatile.Read(ref _memoryWanted) != 0 && _receive.Count < _receive.Capacity
            ? WaitForMemoryAsync(timeout, cancellationToken)
            : _stage is { } stage ? stage.WaitForRoomAsync(timeout, cancellationToken) : _receive.WaitWritableAsync(timeout, cancellationToken);

    /// <summary>Wakes those who sleep in <see cref="WaitForRoomAsync"/> because their own end has changed its state.</summary>
    public void WakeWriters()
    {
        _receive.WakeWriters();
        Interrupt();
    }

    /// <summary>The layer below reports that the link is down or up again: readers wake, the set gets the event.</summary>
    public void OnLinkChanged(bool up)
    {
        if (IsClosed) return;
        var isUp = SetDown(DownReasons.Link, !up);
        if (!up) Notify(FlowEventType.Down);
        else if (isUp) Notify(FlowEventType.Up);
    }

    /// <summary>The other side has released the flow: what is queued stays readable, then reads fail with <see cref="FlowError.FlowDown"/>.</summary>
    public void OnPeerClosed()
    {
        if (_stage is FrcpStage ordered) ordered.OnPeerClosed();
        else OnPeerClosedNow();
    }

    /// <summary>The layer below failed; the flow is down for good.</summary>
    public void OnLayerFailed()
    {
        SetDown(DownReasons.LayerFailed, down: true);
        Notify(FlowEventType.Down);
    }

    /// <summary>The peer has not been heard of in time; final.</summary>
    public void OnPeerDead()
    {
        _receive.ChangeState(RingState.PeerDead, RingState.ReadWrite);
        Interrupt();
        _lower?.WakeWriters();
        _stage?.OnStateChanged();
        Notify(FlowEventType.Peer);
    }

    /// <summary>
    /// Releases this end: wakes every waiter, gives queued packets back and tells the other side - at once, or for a reliable flow when what
    /// was written has got across. A second call does nothing.
    /// </summary>
    /// <returns>false when it was closed already.</returns>
    public bool Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return false;
        LeaveSet();
        SetDown(DownReasons.Closed, down: true);
        DropHeld();
        if (_stage is not { } stage || stage.Close(now: false)) OnDrained();
        // Nothing is queued after the state has changed, so nothing can slip in behind this.
        _receive.Drain();
        DropRemainder();
        return true;
    }

    /// <summary>
    /// Makes the endpoint a member of a set; packets that wait already are reported by the next wait, and so is that the flow is down.
    /// </summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.NotPermitted"/> when it is in a set already; <see cref="FlowError.NotAllocated"/> after release.
    /// </exception>
    public void JoinSet(ReadySet<FlowEndpoint> set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (IsClosed) Throw(FlowError.NotAllocated, "join a set");
        set.Add(this, _receive);
        Interlocked.Exchange(ref _set, set);
        if (IsClosed)
        {
            LeaveSet();
            Throw(FlowError.NotAllocated, "join a set");
        }
        var missed = MissedEvents();
        if (!_remainder.IsNull) missed |= FlowEventType.Packet;
        Volatile.Read(ref _set)?.Notify(this, missed);
    }

    /// <summary>Takes the endpoint out of its set, if it is in one.</summary>
    public void LeaveSet() => Interlocked.Exchange(ref _set, null)?.Remove(this);

    /// <summary>An empty packet says that the peer lives; no user ever sees one.</summary>
    private FlowError TakeKeepalive(Packet packet)
    {
        var state = _receive.State;
        if ((state & RingState.FlowDown) != 0) return FlowError.FlowDown;
        if ((state & RingState.ReadOnly) != 0) return FlowError.NotAllocated;
        packet.Dispose();
        return FlowError.None;
    }

    /// <summary>Copies the packet into this end's pool. The source goes only when the copy is in the ring, so a refusal costs nothing.</summary>
    private FlowError DeliverAcrossDomains(Packet packet, FlowStage? stage)
    {
        var length = packet.Length;
        if (length > Pool.MaxLength) return FlowError.MessageTooLong;
        if (stage is null)
        {
            var state = _receive.State;
            if ((state & RingState.FlowDown) != 0) return FlowError.FlowDown;
            if ((state & RingState.ReadOnly) != 0) return FlowError.NotAllocated;
            if (_receive.Count >= _receive.Capacity) return FlowError.TryAgain;
        }
        if (!Pool.TryRent(length, out var copy))
        {
            Volatile.Write(ref _memoryWanted, length);
            return FlowError.TryAgain;
        }
        packet.Span.CopyTo(copy.Span);
        var error = stage is null ? HandUp(copy) : stage.Deliver(copy);
        if (error != FlowError.None)
        {
            copy.Dispose();
            return error;
        }
        PoolTransfer.Shared.NoteMoved(packet.Pool, Pool, length);
        packet.Dispose();
        return FlowError.None;
    }

    /// <summary>Adds or takes away a reason to be down; wakes whoever that concerns.</summary>
    /// <returns>Whether the flow is up now.</returns>
    private bool SetDown(DownReasons reason, bool down)
    {
        bool isUp;
        lock (_stateLock)
        {
            _down = down ? _down | reason : _down & ~reason;
            isUp = _down == DownReasons.None;
            _receive.ChangeState(isUp ? RingState.ReadWrite : RingState.FlowDown, isUp ? RingState.FlowDown : RingState.ReadWrite);
        }
        if (down)
        {
            Interrupt();
            // They sleep in the layer, which need not know that this flow has nothing to wait for.
            _lower?.WakeWriters();
        }
        _stage?.OnStateChanged();
        return isUp;
    }

    private void SetFlags(FlowFlags flags)
    {
        if (IsClosed) Throw(FlowError.NotAllocated, "set flags");
        if ((flags & FlowFlags.AccessMode) == FlowFlags.AccessMode)
        {
            throw new FlowException(FlowError.InvalidArgument, "access mode 3 is invalid; use ReadOnly, WriteOnly or ReadWrite");
        }
        if ((flags & ~FlowFlags.All) != 0)
        {
            throw new FlowException(FlowError.InvalidArgument, $"flow flags 0x{(int)(flags & ~FlowFlags.All):x} mean nothing; use the members of FlowFlags");
        }
        var before = (FlowFlags)Interlocked.Exchange(ref _flags, (int)flags);
        var writeOnly = (flags & FlowFlags.AccessMode) == FlowFlags.WriteOnly;
        _receive.ChangeState(writeOnly ? RingState.ReadOnly : RingState.ReadWrite, writeOnly ? RingState.ReadWrite : RingState.ReadOnly);
        if (((before ^ flags) & FlowFlags.AccessMode) != 0)
        {
            Interrupt();
            _lower?.AccessChanged(!writeOnly);
        }
        // Only a change of the down flag touches the link: the reference sends "up" on every call and so revives closed flows.
        if (((before ^ flags) & FlowFlags.Down) == 0) return;
        var down = (flags & FlowFlags.Down) != 0;
        SetDown(DownReasons.User, down);
        _lower?.LinkChanged(!down);
    }

    [DoesNotReturn]
    private void Throw(FlowError error, string action) => throw Failure(error, action);

    private FlowException Failure(FlowError error, string action) => new(error, Explain(error, action));
}
