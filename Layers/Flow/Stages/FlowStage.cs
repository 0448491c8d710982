using System.Numerics;
using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Stages;

/// <summary>
/// What stands between a flow endpoint and the layer below. This part is the keepalive (frcp.md section 14): an empty packet after a quarter of
/// the peer time-out without sending, and the peer is dead when nothing came for all of it. What arrives counts when it arrives, read or not.
/// </summary>
internal abstract class FlowStage : WheelTimer
{
    private const int KeepaliveShare = 4;
    private const long Millisecond = 1_000_000;
    private const int RoundingShare = 128;

    // 268 ms: four wake-ups a second for any number of flows, and no more keepalives at a time than that.
    private const long MostRounding = 1L << 28;

    private long _peerTimeout;
    private long _sendEvery;
    // What a keepalive needs is in this object, and in the first lines of it: nothing else of an idle flow is touched.
    private readonly PacketPool _pool;
    private IPacketSink? _below;
    private long _lastSent;
    private long _lastReceived;
    private bool _quiet;

    /// <summary>A packet has been sent since the timer last looked; for a stage that does not read the clock for each. Here because every timer looks at it.</summary>
    protected bool HasSent;

    /// <summary>A packet has arrived since the timer last looked.</summary>
    protected bool HasReceived;

    /// <summary>When an ordered flow wants to be called for its connection. Here because every timer looks at it.</summary>
    protected long Deadline = None;

    protected FlowStage(FlowEndpoint endpoint, FlowStageSettings settings)
    {
        Endpoint = endpoint;
        Timers = settings.Timers;
        _pool = endpoint.Pool;
        _peerTimeout = endpoint.Qos.Timeout * Millisecond;
        _sendEvery = _peerTimeout / KeepaliveShare;
        _lastSent = _lastReceived = Timers.Now;
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

    /// <summary>
    /// When the keepalive wants to be called: rounded up by at most 1/128 of the peer time-out and <see cref="MostRounding"/>, so that flows come due together. A
    /// wake-up of the wheel costs more than a keepalive.
    /// </summary>
    protected long KeepaliveDeadline
    {
        get
        {
            if (_peerTimeout == 0 || _quiet) return None;
            var exact = Math.Min(Volatile.Read(ref _lastSent) + Volatile.Read(ref _sendEvery), Volatile.Read(ref _lastReceived) + Volatile.Read(ref _peerTimeout));
            var grain = Math.Min(MostRounding, 1L << BitOperations.Log2((ulong)Rounding));
            return (exact + grain - 1) & -grain;
        }
    }

    private long Rounding => Volatile.Read(ref _sendEvery) * KeepaliveShare / RoundingShare;

    /// <summary>The way down is there. Between two ends of one runtime nothing is watched: each is told when the other goes.</summary>
    public virtual void OnAttached(IPacketSink lower)
    {
        _below = lower;
        if (lower.IsLocal)
        {
            _quiet = true;
            return;
        }
        _lastSent = _lastReceived = Timers.Now;
        Timers.Schedule(this, KeepaliveDeadline);
    }

    /// <summary>The user and its peer have agreed on other times than the QoS specification has.</summary>
    /// <param name="timeout">How long the peer may be silent, nanoseconds.</param>
    /// <param name="sendEvery">How long this end may be, nanoseconds.</param>
    public void Watch(long timeout, long sendEvery)
    {
        if (_quiet) return;
        _lastReceived = Timers.Now;
        Volatile.Write(ref _sendEvery, sendEvery);
        Volatile.Write(ref _peerTimeout, timeout);
        Timers.Schedule(this, KeepaliveDeadline);
    }

    /// <summary>Sends no keepalive any more and expects none.</summary>
    protected void Quiet() => _quiet = true;

    /// <summary>The flow is closed: no timer calls this any more, and none keeps it alive.</summary>
    protected void Stop()
    {
        _quiet = true;
        Timers.Cancel(this);
    }

    protected void NoteSent(long now) => Volatile.Write(ref _lastSent, now);

    protected void NoteReceived(long now) => Volatile.Write(ref _lastReceived, now);

    /// <summary>Sends a keepalive or finds the peer dead, if it is time.</summary>
    protected void CheckKeepalive(long now)
    {
        if (_peerTimeout == 0 || _quiet) return;
        if (now - Volatile.Read(ref _lastReceived) >= _peerTimeout)
        {
            _quiet = true;
            Endpoint.OnPeerDead();
            return;
        }
        if (now - Volatile.Read(ref _lastSent) < _sendEvery) return;
        // One that found no room is sent a little later, not a whole period: else those that are last in a burst would never be heard.
        NoteSent(SendEmpty() ? now : now - _sendEvery + Rounding);
    }

    /// <summary>Sends an empty packet: no stage touches it, no user ever sees it.</summary>
    /// <returns>false when the layer below, or the pool, has no room for it.</returns>
    private bool SendEmpty()
    {
        if (_below is not { } lower) return true;
        if (!_pool.TryRent(0, out var packet)) return false;
        var error = lower.Send(packet);
        if (error != FlowError.None) packet.Dispose();
        return error != FlowError.TryAgain;
    }
}
