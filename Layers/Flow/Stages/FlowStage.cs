using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Stages;

/// <summary>
/// What stands between a flow endpoint and the layer below. This part is the flow's side of the keepalive, which is in the <see cref="KeepaliveTable"/> of the
/// runtime. What arrives counts when it arrives, read or not.
/// </summary>
internal abstract class FlowStage : WheelTimer, IKeepaliveOwner
{
    private const int KeepaliveShare = 4;
    private const long Millisecond = 1_000_000;

    private long _peerTimeout;
    private long _sendEvery;
    private IPacketSink? _below;
    private volatile KeepaliveChunk? _chunk;
    private int _index;
    private bool _quiet;

    protected FlowStage(FlowEndpoint endpoint, FlowStageSettings settings)
    {
        Endpoint = endpoint;
        Timers = settings.Timers;
        _peerTimeout = endpoint.Qos.Timeout * Millisecond;
        _sendEvery = _peerTimeout / KeepaliveShare;
    }

    /// <summary>Largest message that can be written.</summary>
    public abstract int MaxMessage(IPacketSink lower);

    /// <summary>Largest message that reaches the peer in one piece.</summary>
    public abstract int PathMessage(IPacketSink lower);

    /// <summary>The path below has changed.</summary>
    public virtual void OnPathChanged(IPacketSink lower)
    {
    }

    /// <summary>Whether a message of this length can be written: None, MessageTooLong, or TryAgain while that is being found out.</summary>
    public virtual FlowError Admits(int length, IPacketSink lower) => length > MaxMessage(lower) ? FlowError.MessageTooLong : FlowError.None;

    /// <summary>Messages that were written and have not left.</summary>
    public abstract int SendQueueLength { get; }

    /// <summary>Takes a message of the user; on anything but None it stays with the caller.</summary>
    public abstract FlowError Write(Packet message);

    /// <summary>Completes when <see cref="Write"/> of a message of this length is worth another try.</summary>
    public abstract ValueTask<FlowError> WaitWritableAsync(int length, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Takes a packet of the layer below, in the endpoint's pool; on anything but None it stays with the caller.</summary>
    public abstract FlowError Deliver(Packet packet);

    /// <summary>Completes when a refused <see cref="Deliver"/> is worth another try.</summary>
    public abstract ValueTask<FlowError> WaitForRoomAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>The user has taken messages.</summary>
    public virtual void OnRead()
    {
    }

    /// <summary>The state of the endpoint has changed: whoever sleeps looks again.</summary>
    public abstract void OnStateChanged();

    /// <summary>The user is done with the flow.</summary>
    /// <param name="now">False: what was written may still get across; then <see cref="FlowEndpoint.OnDrained"/> says when it has.</param>
    /// <returns>Whether it is done already.</returns>
    public abstract bool Close(bool now);

    /// <summary>What it counts and where it is; null when there is nothing to tell.</summary>
    public virtual FlowStatistics? GetStatistics() => null;

    protected FlowEndpoint Endpoint { get; }

    protected TimerWheel Timers { get; }

    /// <summary>The way down is there. Between two ends of one runtime nothing is watched: each is told when the other goes.</summary>
    public virtual void OnAttached(IPacketSink lower)
    {
        lock (Timers.Keepalives.Gate)
        {
            _below = lower;
            if (lower.IsLocal) _quiet = true;
            Watch();
        }
    }

    /// <summary>The user and its peer have agreed on other times than the QoS specification has.</summary>
    /// <param name="timeout">How long the peer may be silent, nanoseconds.</param>
    /// <param name="sendEvery">How long this end may be, nanoseconds.</param>
    public void Watch(long timeout, long sendEvery)
    {
        lock (Timers.Keepalives.Gate)
        {
            _peerTimeout = timeout;
            _sendEvery = sendEvery;
            Watch();
        }
    }

    /// <inheritdoc/>
    public abstract void Note(ref Keepalive record, long now);

    void IKeepaliveOwner.OnPeerDead()
    {
        lock (Timers.Keepalives.Gate) _quiet = true;
        Endpoint.OnPeerDead();
    }

    /// <summary>Only ordered flows want to be called for anything else than the keepalive.</summary>
    internal override long OnTimer(long now) => None;

    /// <summary>Sends no keepalive any more and expects none.</summary>
    protected void Quiet()
    {
        lock (Timers.Keepalives.Gate)
        {
            _quiet = true;
            if (_chunk is { } chunk) Timers.Keepalives.Quiet(new KeepaliveSlot(chunk, _index));
        }
    }

    /// <summary>The flow is closed: no timer calls this any more, and none keeps it alive.</summary>
    protected void Stop()
    {
        lock (Timers.Keepalives.Gate)
        {
            _quiet = true;
            if (_chunk is { } chunk) Timers.Keepalives.Give(new KeepaliveSlot(chunk, _index));
            _chunk = null;
        }
        Timers.Cancel(this);
    }

    /// <summary>Something was sent or has come; <see cref="Note"/> will be asked when.</summary>
    protected void Touch() => _chunk?.Records[_index].Touch();

    /// <summary>The peer lives: an empty packet has come.</summary>
    protected void NoteAlive()
    {
        // At this very moment the record may become another flow's, which is then heard once more than it was.
        if (_chunk is { } chunk) chunk.Records[_index].LastReceived = Timers.Now;
    }

    private void Watch()
    {
        if (_quiet || _peerTimeout == 0 || _below is not { } below) return;
        KeepaliveSlot? slot = _chunk is { } known ? new KeepaliveSlot(known, _index) : null;
        var watched = Timers.Keepalives.Watch(slot, this, below, Endpoint.Pool, _peerTimeout, _sendEvery);
        _index = watched.Index;
        // Whoever sees the piece sees which record.
        _chunk = watched.Chunk;
    }
}
