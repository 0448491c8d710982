using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow;

/// <content>
/// The stages that the QoS specification asks for. Without any, nothing here is on the path of a packet. A flow whose stages are not known yet
/// holds what arrives: the peer may write as soon as it has answered, which is before this end has read the answer.
/// </content>
public sealed partial class FlowEndpoint
{
    // Packets that a peer can have sent before we have read its answer; what does not fit is lost as on a link.
    private const int MostHeld = 128;

    private FlowStageSettings? _settings;

    /// <summary>Whether it has been closed and still brings across what was written.</summary>
    public bool IsDraining => IsClosed && Volatile.Read(ref _drained) == 0;

    /// <summary>Flags of an ordered flow.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.NotPermitted"/>: the flow is not ordered, or retransmission was to be changed; <see cref="FlowError.NotAllocated"/> after release.
    /// </exception>
    public FlowFrcpFlags FrcpFlags
    {
        get => Ordered().Flags;
        set => Ordered().Flags = value;
    }

    /// <summary>What an ordered flow counts and where it is; null for a raw one.</summary>
    public FlowStatistics? Statistics => _stage?.GetStatistics();

    /// <summary>Whether the other side has released the flow; else one that is down is broken.</summary>
    public bool PeerHasReleased
    {
        get
        {
            lock (_stateLock) return (_down & DownReasons.PeerClosed) != 0;
        }
    }

    /// <summary>Bytes that leave in one packet.</summary>
    public int SegmentSize => Math.Min(Pool.MaxLength, _stage is FrcpStage ordered ? ordered.SegmentSize : PathPacketSize);

    /// <summary>The path below has become wider or narrower: <see cref="IPacketSink.PathPacketSize"/> says how wide.</summary>
    public void OnPathChanged()
    {
        if (_lower is { } lower) _stage?.OnPathChanged(lower);
    }

    internal IPacketSink? Lower => _lower;

    internal PacketRing Ring => _receive;

    internal FlowStage? Stage => _stage;

    /// <summary>Whether nothing that is sent will be answered any more.</summary>
    internal bool IsPeerGone
    {
        get
        {
            const DownReasons Gone = DownReasons.PeerClosed | DownReasons.LayerFailed | DownReasons.PeerSilent;
            lock (_stateLock) return (_down & Gone) != 0 || (_receive.State & RingState.PeerDead) != 0;
        }
    }

    /// <summary>Keeps what arrives until <see cref="Start"/>.</summary>
    internal void Hold()
    {
        lock (_stateLock) _held ??= new PacketRing(MostHeld, _time);
    }

    /// <summary>Puts the stages in place; <see cref="Qos"/> is known. Called before the user has the flow; again when the first client has given up meanwhile.</summary>
    internal void Start(FlowStageSettings settings)
    {
        var seal = new PacketSeal(crc: Qos.BitErrorRate == 0, settings.Cipher, Qos.InOrder);
        FlowStage? stage = null;
        _settings = settings;
        if (Qos.InOrder)
        {
            var parameters = new FrcpParameters
            {
                Reliable = Qos.Loss == 0,
                SealHeader = seal.HeaderLength,
                SealTrailer = seal.TrailerLength,
                Mpl = settings.Mpl.Ticks * TimeSpan.NanosecondsPerTick,
                MaxMessage = Pool.MaxLength,
                Offer = settings.Offer,
            };
            stage = new FrcpStage(this, settings, seal, parameters, _time);
        }
        else if (!seal.IsEmpty || (Qos.Timeout != 0 && _lower is not { IsLocal: true }))
        {
            stage = new RawStage(this, settings, seal);
        }
        PacketRing? held;
        FlowStage? before;
        lock (_stateLock)
        {
            held = _held;
            _held = null;
            before = _stage;
            _stage = stage;
        }
        // An acceptor whose first client gave up meanwhile.
        before?.Close(now: true);
        Interlocked.MemoryBarrier();
        if (_lower is { } lower) EnterStage(lower);
        // Released meanwhile: nobody else would wipe the keys.
        if (IsClosed) stage?.Close(now: true);
        if (held is null) return;
        while (held.TryRead(out var packet) == FlowError.None)
        {
            if (Deliver(packet) != FlowError.None) packet.Dispose();
        }
    }

    /// <summary>
    /// Watches the other end by times that its user has agreed with this one's, in place of those of the QoS specification. Between two ends of one
    /// runtime there is nothing to watch.
    /// </summary>
    /// <param name="timeout">How long the other end may be silent until it counts as dead.</param>
    /// <param name="sendEvery">How long this end may be silent until it sends a keepalive.</param>
    public void Watch(TimeSpan timeout, TimeSpan sendEvery)
    {
        if (_lower is not { IsLocal: false } lower) return;
        lock (_stateLock)
        {
            if (_stage is null && _settings is { } settings && !IsClosed)
            {
                _stage = new RawStage(this, settings, new PacketSeal(crc: false, null, Qos.InOrder));
                _stage.OnAttached(lower);
            }
        }
        _stage?.Watch(timeout.Ticks * TimeSpan.NanosecondsPerTick, sendEvery.Ticks * TimeSpan.NanosecondsPerTick);
        if (IsClosed) _stage?.Close(now: true);
    }

    /// <summary>Releases this end at once; what was written and not acknowledged is lost.</summary>
    internal void Abort()
    {
        if (!Close()) _stage?.Close(now: true);
        else if (IsDraining) _stage?.Close(now: true);
    }

    /// <summary>The peer has not acknowledged in time: the flow is down for good.</summary>
    internal void OnPeerSilent()
    {
        SetDown(DownReasons.PeerSilent, down: true);
        Notify(FlowEventType.Down);
    }

    /// <summary>Everything that arrived before the other side released the flow has been delivered.</summary>
    internal void OnPeerClosedNow()
    {
        SetDown(DownReasons.PeerClosed, down: true);
        Notify(FlowEventType.Dealloc);
    }

    /// <summary>Nothing more will be sent: the layer and the owner are told.</summary>
    internal void OnDrained()
    {
        if (Interlocked.Exchange(ref _drained, 1) != 0) return;
        _lower?.Close();
        (Owner as IFlowOwner)?.OnReleased(this);
    }

    private void EnterStage(IPacketSink lower)
    {
        if (_stage is not { } stage) return;
        if (stage is RawStage { IsBare: true } && lower.IsLocal) _stage = null;
        else stage.OnAttached(lower);
    }

    private FlowError DeliverHeld(Packet packet)
    {
        lock (_stateLock)
        {
            if (_held is { } held && !IsClosed) return held.TryWrite(packet);
        }
        return IsClosed ? FlowError.FlowDown : Deliver(packet);
    }

    private void DropHeld()
    {
        PacketRing? held;
        lock (_stateLock)
        {
            held = _held;
            _held = null;
        }
        held?.Drain();
    }

    private FrcpStage Ordered()
    {
        if (IsClosed) Throw(FlowError.NotAllocated, "use flags");
        return _stage as FrcpStage ?? throw new FlowException(FlowError.NotPermitted, "the flow is not ordered; allocate it with a QoS that is in order");
    }
}
