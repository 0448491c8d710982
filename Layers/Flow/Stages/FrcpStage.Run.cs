using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Stages;

/// <content>One round, and the end of the flow.</content>
internal sealed partial class FrcpStage
{
    private readonly TimeProvider _time;
    private FlowFrcpFlags _flags;
    private long _now;
    private bool _closing;
    private bool _aborting;
    private long _lingerUntil = None;
    private bool _awaitingRoom;
    private Action? _onRoom;
    private ValueTask<FlowError> _room;
    private bool _asking;
    private bool _peerClosed;
    private bool _toldPeerClosed;
    private TaskCompletionSource? _offered;

    /// <summary>The reference's FRCTSFLAGS and FRCTGFLAGS. Retransmission is what the flow was allocated with.</summary>
    public FlowFrcpFlags Flags
    {
        get => _flags;
        set
        {
            var kept = _flags & FlowFrcpFlags.Retransmission;
            if ((value & FlowFrcpFlags.Retransmission) != kept || (value & ~FlowFrcpFlags.All) != 0)
            {
                throw new FlowException(FlowError.NotPermitted, "retransmission cannot be switched on an allocated flow; allocate it with another QoS");
            }
            _flags = value;
            Run();
        }
    }

    public override int MaxMessage(IPacketSink lower) => Math.Max(_core.MaxMessage, 1);

    public override FlowError Admits(int length, IPacketSink lower)
    {
        if (length <= _core.MaxMessage) return FlowError.None;
        if (length > Math.Min(_parameters.MaxMessage, Endpoint.Pool.MaxLength) || _core.PeerOffered || (_parameters.Offer & FrcpFeatures.Segmentation) == 0) return FlowError.MessageTooLong;
        var until = _core.AskedUntil;
        if (until != 0 && Timers.Now < until) return FlowError.TryAgain;
        // The first time, or once more: an answer may have been lost as well.
        Volatile.Write(ref _asking, true);
        Run();
        return until == 0 ? FlowError.TryAgain : FlowError.MessageTooLong;
    }

    public override ValueTask<FlowError> WaitWritableAsync(int length, TimeSpan timeout, CancellationToken cancellationToken) =>
        length <= _core.MaxMessage ? _outgoing.WaitWritableAsync(timeout, cancellationToken) : WaitForOfferAsync(length, timeout, cancellationToken);

    /// <summary>Waits until it is known whether the peer puts larger messages together; once for a flow, so it may allocate.</summary>
    private async ValueTask<FlowError> WaitForOfferAsync(int length, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var offered = Volatile.Read(ref _offered);
        if (offered is null)
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            offered = Interlocked.CompareExchange(ref _offered, mine, null) ?? mine;
            Run();
        }
        if (Admits(length, Endpoint.Lower!) != FlowError.TryAgain) return FlowError.None;
        try
        {
            await offered.Task.WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(false);
            return FlowError.None;
        }
        catch (TimeoutException)
        {
            return FlowError.TimedOut;
        }
    }

    public override bool Close(bool now)
    {
        if (now) Volatile.Write(ref _aborting, true);
        Volatile.Write(ref _closing, true);
        Run();
        return Volatile.Read(ref _finished);
    }

    /// <summary>The other side has released the flow; what it sent before that is in the ring of arrivals.</summary>
    public void OnPeerClosed()
    {
        Volatile.Write(ref _peerClosed, true);
        Run();
    }

    private void RunOnce()
    {
        var now = _now = Timers.Now;
        var arrived = 0;
        if (_arrivals.Count != 0) arrived = TakeArrivals(now);
        if (Volatile.Read(ref _reading))
        {
            Volatile.Write(ref _reading, false);
            Interlocked.MemoryBarrier();
            _core.OnRead(now);
        }
        if (Volatile.Read(ref _writable))
        {
            Volatile.Write(ref _writable, false);
            _core.Unblock();
        }
        if (_asking)
        {
            _asking = false;
            _core.AskOffer(now);
        }
        _core.ObeyWindow = (_flags & FlowFrcpFlags.ResourceControl) != 0;
        _core.OnTimer(now);
        _core.Resume(now);
        var sent = SendMessages(now);
        _core.Flush(now);
        if (_offered is { } offered && (_core.PeerOffered || (_core.AskedUntil != 0 && now >= _core.AskedUntil) || _closing))
        {
            _offered = null;
            offered.TrySetResult();
        }
        if (Volatile.Read(ref _peerClosed) && !_toldPeerClosed && _arrivals.Count == 0)
        {
            _toldPeerClosed = true;
            Endpoint.OnPeerClosedNow();
        }
        if (_closing && IsDone(now))
        {
            Finish();
            return;
        }
        WatchReader();
        Schedule();
        if (arrived == Batch || sent == Batch || (Volatile.Read(ref _peerClosed) && !_toldPeerClosed)) _work.BeginAgain();
    }

    private int TakeArrivals(long now)
    {
        Span<Packet> batch = stackalloc Packet[Batch];
        var count = _arrivals.ReadBatch(batch);
        if (count == 0) return 0;
        NoteReceived(now);
        foreach (var packet in batch[..count])
        {
            if (_seal.IsEmpty || _seal.TryOpen(packet)) _core.Receive(packet, now);
            else packet.Dispose();
        }
        if (_core.PeerOffered) _seal.RequireCrc = true;
        return count;
    }

    private int SendMessages(long now)
    {
        var sent = 0;
        while (sent < Batch && _core.CanSend(now))
        {
            var message = _pending;
            _pending = default;
            if (message.IsNull && (_outgoing.Count == 0 || _outgoing.TryRead(out message) != FlowError.None)) break;
            if (!_core.Send(message, now))
            {
                _pending = message;
                break;
            }
            sent++;
        }
        return sent;
    }

    private void WatchReader()
    {
        if (!_core.WantsRead)
        {
            _wakeAt = -1;
            return;
        }
        Volatile.Write(ref _wakeAt, _core.WakeAt);
        Interlocked.MemoryBarrier();
        // Read meanwhile: nobody else would say so.
        if (_receive.Count > _core.WakeAt) return;
        _wakeAt = -1;
        _core.OnRead(_now);
        _core.Flush(_now);
        if (_core.WantsRead) Volatile.Write(ref _wakeAt, _core.WakeAt);
    }

    private void Schedule()
    {
        var deadline = Math.Min(_core.NextDeadline, _lingerUntil);
        if (_offered is not null && _core.AskedUntil != 0) deadline = Math.Min(deadline, _core.AskedUntil);
        if (deadline == _deadline) return;
        var sooner = deadline < _deadline;
        Volatile.Write(ref _deadline, deadline);
        if (!sooner) return;
        // The timer that runs now either sees this deadline or has let go of its entry by now.
        Interlocked.MemoryBarrier();
        Timers.Schedule(this, deadline);
    }

    /// <summary>Asks the layer below to say when it takes packets again; the connection tries every millisecond as well.</summary>
    private void AwaitRoom(IPacketSink lower)
    {
        if (_awaitingRoom) return;
        _awaitingRoom = true;
        _room = lower.WaitWritableAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        var awaiter = _room.ConfigureAwait(false).GetAwaiter();
        if (awaiter.IsCompleted) OnRoom();
        else awaiter.UnsafeOnCompleted(_onRoom ??= OnRoom);
    }

    private void OnRoom()
    {
        var room = _room;
        _room = default;
        FlowError error;
        try
        {
            error = room.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            error = FlowError.FlowDown;
        }
        Volatile.Write(ref _awaitingRoom, false);
        if (error != FlowError.None) return;
        Volatile.Write(ref _writable, true);
        Run();
    }

    private bool IsDone(long now)
    {
        if (_aborting || _core.HasGivenUp || !_parameters.Reliable || (_flags & FlowFrcpFlags.Linger) == 0) return true;
        if (_core.IsDrained && _pending.IsNull && _outgoing.Count == 0) return true;
        if (Endpoint.IsPeerGone) return true;
        // The reference lingers as long as the inactivity timers run, at most 131 s.
        if (_lingerUntil == None) _lingerUntil = now + _parameters.ReceiverInactivity;
        return now >= _lingerUntil;
    }

    private void Finish()
    {
        if (_finished) return;
        if (Failure is null) _core.Finish(_now);
        Volatile.Write(ref _finished, true);
        Stop();
        _deadline = _lingerUntil = None;
        _wakeAt = -1;
        _core.Drop();
        _arrivals.ChangeState(RingState.FlowDown, RingState.ReadWrite);
        _outgoing.ChangeState(RingState.FlowDown, RingState.ReadWrite);
        Sweep();
        _seal.Dispose();
        if (Endpoint.IsClosed) Endpoint.OnDrained();
    }

    /// <summary>Packets that came while the flow ended.</summary>
    private void Sweep()
    {
        _pending.Dispose();
        _pending = default;
        _arrivals.Drain();
        _outgoing.Drain();
        _offered?.TrySetResult();
    }
}
