using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Frcp;

/// <summary>
/// One end of an ordered flow: the FRCP state machine (frcp.md), without clock, thread or socket. Give it messages, packets and the time;
/// it hands packets and messages to its <see cref="IFrcpOutput"/> and says when it wants to be called again. One thread at a time. It owns the
/// packets that are unacknowledged, out of order or parts of a message.
/// </summary>
internal sealed partial class FrcpConnection
{
    private const long Never = long.MaxValue;

    private readonly FrcpParameters _parameters;
    private readonly IFrcpOutput _output;
    private readonly PacketPool _pool;
    private readonly Random _random;

    /// <summary>Makes a connection that has neither sent nor received.</summary>
    /// <param name="parameters">What it is to be.</param>
    /// <param name="output">Where what it does goes.</param>
    /// <param name="pool">Where its packets come from.</param>
    /// <param name="random">Source of its first sequence number.</param>
    public FrcpConnection(FrcpParameters parameters, IFrcpOutput output, PacketPool pool, Random random)
    {
        _parameters = parameters;
        _output = output;
        _pool = pool;
        _random = random;
        _congestion = new CongestionWindow(parameters.StartWindow, parameters.MaxUnacknowledged);
        _reassembler = new Reassembler(pool, parameters.MaxMessage);
        ObeyWindow = true;
    }

    /// <summary>What it has counted.</summary>
    public FrcpCounters Counters { get; } = new();

    /// <summary>Largest payload of one packet, bytes.</summary>
    public int MaxSegment { get; set; } = int.MaxValue;

    /// <summary>Largest payload of one packet that reaches the peer in one piece, bytes. May be set by any thread.</summary>
    public int PathSegment { get; set; } = int.MaxValue;

    /// <summary>Payload of the packets that messages are cut into, bytes: as the path takes them whole, if the peer puts parts together.</summary>
    public int Segment => Agreed(FrcpFeatures.Segmentation) ? Math.Min(MaxSegment, PathSegment) : MaxSegment;

    /// <summary>Whether the peer's window holds this end up; the RESCNTL flag.</summary>
    public bool ObeyWindow { get; set; }

    /// <summary>A packet could not be got across in time. Final.</summary>
    public bool HasGivenUp { get; private set; }

    /// <summary>Everything sent is acknowledged, and nothing waits to be sent.</summary>
    public bool IsDrained => !_hasMessage && (!_parameters.Reliable || _sendFirst == _sendNext);

    /// <summary>When <see cref="OnTimer"/> is due; <see cref="long.MaxValue"/> = not at all.</summary>
    public long NextDeadline
    {
        get
        {
            if (HasGivenUp) return Never;
            var next = Math.Min(Math.Min(_timeoutAt, _probeAt), Math.Min(_ackAt, _rendezvousAt));
            return Math.Min(Math.Min(next, _retryAt), Math.Min(Math.Min(_paceAt, _lossAt), Math.Min(_helloAt, _nudgeAt)));
        }
    }

    /// <summary>Does what is due. Harmless when nothing is.</summary>
    public void OnTimer(long now)
    {
        if (HasGivenUp) return;
        if (now >= _retryAt) Unblock();
        if (now >= _paceAt) _paceAt = Never;
        if (now >= _lossAt) DetectLosses(now);
        if (now >= _timeoutAt) OnTimeout(now);
        if (now >= _nudgeAt) OnNudge(now);
        if (now >= _probeAt) OnProbe(now);
        if (now >= _rendezvousAt) SendRendezvous(now);
        if (now >= _helloAt) SendHello(now);
        if (now >= _ackAt) _ackWanted = true;
    }

    /// <summary>Goes on with what was begun: retransmissions first, then the parts of a message. New messages come after these.</summary>
    public void Resume(long now)
    {
        if (HasGivenUp) return;
        Retransmit(now);
        SendParts(now);
    }

    /// <summary>Says what has not been said by a data packet: an acknowledgement, a window. To be called after everything else.</summary>
    public void Flush(long now)
    {
        if (HasGivenUp) return;
        WatchWindow(now);
        if (_ackWanted) SendAck(now);
        if (_nudges > 0) SendNudges();
    }

    /// <summary>The layer below takes packets again.</summary>
    public void Unblock()
    {
        _blocked = false;
        _retryAt = Never;
    }

    /// <summary>The last word before the flow is released: what has not been acknowledged is.</summary>
    public void Finish(long now)
    {
        if (HasGivenUp || !_parameters.Reliable || !_receiving || _lastAcked == _receiveNext) return;
        SendControl(Wire.FrcpFlags.Ack, now, window: false);
    }

    /// <summary>Gives every packet back.</summary>
    public void Drop()
    {
        for (; _sendFirst != _sendNext; _sendFirst++)
        {
            ref var slot = ref Slot(_sendFirst);
            slot.Message.Dispose();
            slot = default;
        }
        if (_hasMessage) _message.Dispose();
        _hasMessage = false;
        foreach (var packet in _queue) packet.Dispose();
        _queue = [];
        _queued = 0;
        _reassembler.Drop();
        _underWay = _lost = _nudges = 0;
        _timeoutAt = _probeAt = _ackAt = _rendezvousAt = _retryAt = _paceAt = _lossAt = _helloAt = _nudgeAt = Never;
    }

    private void GiveUp()
    {
        HasGivenUp = true;
        Drop();
        _output.GaveUp();
    }
}
