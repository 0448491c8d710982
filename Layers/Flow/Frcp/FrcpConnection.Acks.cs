using Ouroboros.Layers.Flow.Frcp.Wire;

namespace Ouroboros.Layers.Flow.Frcp;

/// <content>What this end tells the peer: acknowledgements, windows, and what it offers beyond the reference.</content>
internal sealed partial class FrcpConnection
{
    // A peer of this kind asks when it wants to know sooner (FrcpFlags.AckNow).
    private const int AckEvery = 16;

    // As TCP (RFC 5681); a reference peer does not care.
    private const int AckEveryFirst = 2;

    /// <summary>A receiver of an unreliable flow says where its window is after this many packets (R10).</summary>
    private const int WindowEvery = 32;

    // A peer that has not answered this many offers is a reference.
    private const int MostOffers = 16;

    // How long and how often an answer is waited for before a message counts as too long.
    private const long AskTime = 3 * FrcpParameters.Second;
    private const long AskEvery = 150 * FrcpParameters.Millisecond;

    private bool _ackWanted;
    private long _ackAt = Never;
    private uint _lastAcked;
    private int _unacked;
    private FrcpFeatures _peerOffer;
    private bool _peerOffered;
    private bool _peerKnowsOurs;
    private uint _peerMaxMessage;
    private int _offersMade;
    private long _helloUntil;
    private long _helloAt = Never;

    /// <summary>Whether the peer has said what it offers.</summary>
    public bool PeerOffered => _peerOffered;

    /// <summary>What both ends offer.</summary>
    public FrcpFeatures Features => _peerOffered ? _parameters.Offer & _peerOffer : FrcpFeatures.None;

    /// <summary>
    /// Asks the peer what it offers, unless that is known: a message is too large for one packet. A reference peer takes this for the start
    /// of a run, which it is.
    /// </summary>
    public void AskOffer(long now)
    {
        if (HasGivenUp || _peerOffered || !Offers(FrcpFeatures.Segmentation) || now < _helloUntil) return;
        _helloUntil = now + AskTime;
        SendHello(now);
    }

    private void SendHello(long now)
    {
        _helloAt = Never;
        if (_peerOffered || now >= _helloUntil) return;
        _offersMade = 0;
        SendControl(FrcpFlags.None, now, window: true);
        _helloAt = now + AskEvery;
    }

    /// <summary>When the peer's silence means that it offers nothing; 0 = it was not asked.</summary>
    public long AskedUntil => _helloUntil;

    private bool Offers(FrcpFeatures feature) => (_parameters.Offer & feature) != 0;

    private bool Agreed(FrcpFeatures feature) => (Features & feature) != 0;

    /// <summary>The edge that reading has made possible; never behind the one that was told.</summary>
    private uint NewReceiveEdge()
    {
        var room = Math.Max(0, _parameters.ReceiveWindow - _output.Unread);
        var edge = _receiveNext + (uint)room;
        return Sequence.After(edge, _receiveEdge) ? edge : _receiveEdge;
    }

    private void MoveReceiveEdge() => _receiveEdge = NewReceiveEdge();

    /// <summary>In-order data came: it is acknowledged after some more of it, or after the delay, or with data of our own.</summary>
    private void NoteData(long now)
    {
        _unacked++;
        if (_parameters.Reliable)
        {
            if (_unacked >= (Agreed(FrcpFeatures.Pacing) ? AckEvery : AckEveryFirst)) _ackWanted = true;
            else if (_ackAt == Never) _ackAt = now + _parameters.AckDelay;
        }
        else if (_unacked >= WindowEvery)
        {
            _ackWanted = true;
        }
    }

    private void NoteAckSent()
    {
        _lastAcked = _receiveNext;
        _unacked = 0;
        _ackAt = Never;
        // What lies behind a gap does not ride on data.
        if (_queued == 0 && (_peerKnowsOurs || _offersMade >= MostOffers)) _ackWanted = false;
    }

    private void SendAck(long now)
    {
        if (!_receiving && !_sending) return;
        if (SendControl(_parameters.Reliable && _receiving ? FrcpFlags.Ack : FrcpFlags.None, now, window: _receiving))
        {
            _ackWanted = false;
            if (_receiving)
            {
                _lastAcked = _receiveNext;
                _unacked = 0;
            }
            _ackAt = Never;
        }
        else
        {
            // Not forgotten, as in the reference (D14): again as soon as there is room.
            _ackAt = now + FrcpParameters.Millisecond;
            _ackWanted = false;
        }
    }

    /// <summary>
    /// A packet without payload. While nothing of ours is unacknowledged it says where our next packet will be, so that the peer's receiver
    /// has a run to put it in (R1).
    /// </summary>
    private bool SendControl(FrcpFlags flags, long now, bool window)
    {
        if (window && _receiving)
        {
            flags |= FrcpFlags.FlowControl;
            MoveReceiveEdge();
        }
        var final = flags == FrcpFlags.Ack;
        var sequence = 0u;
        if (!final)
        {
            OpenSendRun();
            if (!_parameters.Reliable || _sendFirst == _sendNext)
            {
                flags |= FrcpFlags.DataRun;
                sequence = _sendNext;
            }
        }
        Span<SackRange> ranges = stackalloc SackRange[FrcpExtension.MaxRanges];
        var count = !final && _queued > 0 && (_peerOffer & FrcpFeatures.SelectiveAck) != 0 && Offers(FrcpFeatures.SelectiveAck) ? CollectRanges(ranges) : 0;
        var header = new FrcpHeader(
            flags, (flags & FrcpFlags.FlowControl) != 0 ? _receiveEdge : 0, sequence, (flags & FrcpFlags.Ack) != 0 ? _receiveNext : 0);
        return Control(header, ranges[..count], offer: !final);
    }

    private bool Control(in FrcpHeader header, ReadOnlySpan<SackRange> ranges, bool offer = false)
    {
        Span<byte> extension = stackalloc byte[FrcpExtension.MaxLength];
        var offering = offer && _parameters.Offer != FrcpFeatures.None && !_peerKnowsOurs && _offersMade < MostOffers;
        var length = FrcpExtension.Write(
            extension, offering ? _parameters.Offer : null, _peerOffered, (uint)Math.Min(_parameters.MaxMessage, _pool.MaxLength), ranges);
        if (!_pool.TryRent(FrcpHeader.Length + length, out var packet))
        {
            Counters.NoMemory++;
            return false;
        }
        header.Write(packet.Span);
        extension[..length].CopyTo(packet.Span[FrcpHeader.Length..]);
        if (!_output.Transmit(packet))
        {
            packet.Dispose();
            return false;
        }
        if (offering) _offersMade++;
        Counters.ControlSent++;
        return true;
    }

    /// <summary>What has arrived behind the first gap, nearest first.</summary>
    private int CollectRanges(Span<SackRange> ranges)
    {
        var count = 0;
        var mask = (uint)(_queue.Length - 1);
        for (var s = _receiveNext; Sequence.Before(s, _receiveHighest) && count < ranges.Length; s++)
        {
            if (_queue[s & mask].IsNull) continue;
            var start = s;
            while (Sequence.Before(s, _receiveHighest) && !_queue[s & mask].IsNull) s++;
            ranges[count++] = new SackRange(start, s);
        }
        return count;
    }

    private void OnExtension(in FrcpHeader header, in FrcpExtension extension, long now)
    {
        if (extension.HasOffer && _parameters.Offer != FrcpFeatures.None)
        {
            _peerOffered = true;
            _peerOffer = extension.Offer;
            _peerMaxMessage = extension.MaxMessage;
            _peerKnowsOurs = extension.OfferSeen;
            if (!extension.OfferSeen)
            {
                // It is to know ours, at once: until then it works as with a reference.
                if (_offersMade >= MostOffers) _offersMade = 0;
                _ackWanted = true;
            }
        }
        OnWindow(header, data: false, now);
        if (_sending && _parameters.Reliable && extension.RangeCount > 0) OnRanges(extension, now);
    }
}
