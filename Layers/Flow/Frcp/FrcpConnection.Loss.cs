using Ouroboros.Layers.Flow.Frcp.Wire;

namespace Ouroboros.Layers.Flow.Frcp;

/// <content>
/// What the peer's acknowledgements say, and what is sent again. With selective acknowledgements a packet is lost when one that was sent
/// sufficiently later has arrived (as RFC 8985); without them only the oldest one is sent again, and what follows it when it turns out to be missing too.
/// </content>
internal sealed partial class FrcpConnection
{
    private const int DuplicateAcks = 3;

    // How much later than its wheel says a peer may acknowledge: 15 ms were seen of the reference with its delay of 10 (frcp.md section 6).
    private const long AckSlack = 5 * FrcpParameters.Millisecond;

    private const long LeastReordering = FrcpParameters.Millisecond;

    private CongestionWindow _congestion;
    private RttEstimator _rtt = new();
    private int _underWay;
    private int _lost;
    private int _backoff;
    private int _duplicateAcks;
    private int _burst;
    private bool _recovering;
    private uint _recoveryEnd;
    private long _recoveryStart;
    private uint _arrivedEnd;
    private long _newestArrived;
    private long _timeoutAt = Never;
    private long _probeAt = Never;
    private long _lossAt = Never;
    private bool _probed;
    private bool _reorders;
    private bool _needless;
    private long _progressAt;

    private long Rto
    {
        get
        {
            // Samples of packets that were acknowledged at once say nothing about the acknowledgements that wait.
            var trip = Math.Max(_rtt.Smoothed == 0 ? _parameters.FirstRto : _rtt.Rto, _rtt.Smoothed + _parameters.AckDelay + AckSlack);
            var rto = Math.Max(_parameters.MinRto, trip) << Math.Min(_backoff, 16);
            return rto <= 0 || rto > _parameters.MaxRto ? _parameters.MaxRto : rto;
        }
    }

    private void OnAck(uint ack, bool withData, long now)
    {
        if (ack == _sendFirst)
        {
            // No news: with packets under way a sign that one is missing, unless it rides on data.
            if (!withData && Outstanding > 0 && !Agreed(FrcpFeatures.SelectiveAck) && ++_duplicateAcks == DuplicateAcks) OnDuplicateAcks(now);
            return;
        }
        if (!Sequence.After(ack, _sendFirst) || Sequence.After(ack, _sendNext))
        {
            if (Sequence.After(ack, _sendNext)) Counters.BadAck++;
            return;
        }
        var acked = (int)(ack - _sendFirst);
        var full = _underWay + acked >= _congestion.Size / 2;
        long sample = -1;
        var again = false;
        var needless = false;
        long last = now;
        for (; _sendFirst != ack; _sendFirst++)
        {
            ref var slot = ref Slot(_sendFirst);
            if (slot.State != SendState.Arrived)
            {
                NoteOrder(_sendFirst, slot);
                sample = Arrived(ref slot, now);
                needless |= WasNeedless(slot, now);
            }
            again |= slot.Transmissions > 1;
            last = slot.LastSent;
            slot.Message.Dispose();
            slot = default;
        }
        // What waited behind a hole says nothing about the round trip.
        if (sample >= 0 && !again) AddSample(sample, withData);
        else _rtt.Guess(now - last);
        _progressAt = now;
        if (full) _congestion.OnAcked(acked);
        _backoff = 0;
        _duplicateAcks = 0;
        _probed = false;
        if (Sequence.Before(_arrivedEnd, _sendFirst)) _arrivedEnd = _sendFirst;
        _needless |= needless;
        if (_recovering && !Sequence.Before(_sendFirst, _recoveryEnd)) _recovering = false;
        else if (_recovering && !Agreed(FrcpFeatures.SelectiveAck)) LoseNext(now);
        _timeoutAt = Outstanding > 0 ? now + Rto : Never;
        ArmProbe(now);
        ArmNudge(now);
    }

    /// <summary>Notes that a packet has arrived.</summary>
    /// <returns>Its round trip, or -1 when that cannot be told (Karn).</returns>
    private long Arrived(ref SendSlot slot, long now)
    {
        if (slot.State == SendState.Lost) _lost--;
        else _underWay--;
        slot.State = SendState.Arrived;
        // One that was sent twice and is heard of at once: it was the first that arrived.
        if (slot.Transmissions == 1 || _rtt.Samples == 0 || now - slot.LastSent >= _rtt.Least) _newestArrived = Math.Max(_newestArrived, slot.LastSent);
        return slot.Transmissions == 1 ? now - slot.LastSent : -1;
    }

    /// <summary>Whether the answer comes too soon to be one to the last transmission: then an earlier one had arrived.</summary>
    private bool WasNeedless(in SendSlot slot, long now) => slot.Transmissions > 1 && _rtt.Samples > 0 && now - slot.LastSent < _rtt.Least;

    /// <summary>A packet that arrives behind one which left later: the network reorders, and counting packets tells nothing about losses any more (RFC 8985).</summary>
    private void NoteOrder(uint sequence, in SendSlot slot) => _reorders |= slot.Transmissions == 1 && Sequence.Before(sequence, _arrivedEnd);

    private void AddSample(long sample, bool withData)
    {
        _rtt.Add(Math.Min(sample, _parameters.MaxRto));
        if (!withData) Counters.DelayedAcks++;
    }

    private void OnRanges(in FrcpExtension extension, long now)
    {
        long sample = -1;
        for (var i = 0; i < extension.RangeCount; i++)
        {
            var range = extension.Range(i);
            var start = Sequence.Before(range.Start, _sendFirst) ? _sendFirst : range.Start;
            // Ranges that reach beyond what was sent are forged.
            if (!Sequence.Before(start, range.End) || Sequence.After(range.End, _sendNext) || Sequence.Before(range.End, _sendFirst))
            {
                if (Sequence.After(range.End, _sendNext)) Counters.BadAck++;
                continue;
            }
            for (var s = start; s != range.End; s++)
            {
                ref var slot = ref Slot(s);
                if (slot.State == SendState.Arrived) continue;
                NoteOrder(s, slot);
                if (Arrived(ref slot, now) is var trip and >= 0) sample = trip;
            }
            if (Sequence.After(range.End, _arrivedEnd)) _arrivedEnd = range.End;
        }
        if (sample >= 0) AddSample(sample, withData: false);
        DetectLosses(now);
    }

    /// <summary>Marks as lost what was sent sufficiently before something that has arrived.</summary>
    private void DetectLosses(long now)
    {
        _lossAt = Never;
        if (!Agreed(FrcpFeatures.SelectiveAck)) return;
        // Between two processors packets overtake each other by what a thread waits for its turn, however short the way is.
        var patience = Math.Clamp(_rtt.Smoothed / 4, _reorders ? LeastReordering : 0, 20 * FrcpParameters.Millisecond);
        for (var s = _sendFirst; Sequence.Before(s, _sendNext); s++)
        {
            ref var slot = ref Slot(s);
            if (slot.State != SendState.UnderWay) continue;
            // First transmissions leave in order, so what follows was sent later still.
            if (slot.LastSent > _newestArrived || (slot.Transmissions == 1 && !Sequence.Before(s, _arrivedEnd)))
            {
                if (slot.Transmissions == 1) break;
                continue;
            }
            var behind = _arrivedEnd - s;
            if (slot.LastSent + patience <= _newestArrived || (!_reorders && slot.Transmissions == 1 && behind > DuplicateAcks && Sequence.Before(s, _arrivedEnd)))
            {
                Lose(ref slot);
                Counters.FastRetransmits++;
                if (!_recovering) Recover(now);
            }
            else
            {
                _lossAt = Math.Min(_lossAt, now + Math.Max(FrcpParameters.Millisecond, patience));
                // Seen late enough after something newer, it is lost as well.
                if (now - slot.LastSent > _rtt.Smoothed + patience)
                {
                    Lose(ref slot);
                    Counters.FastRetransmits++;
                    if (!_recovering) Recover(now);
                }
            }
        }
    }

    private void Lose(ref SendSlot slot)
    {
        slot.State = SendState.Lost;
        _underWay--;
        _lost++;
        _congestion.OnLost();
    }

    private void Recover(long now)
    {
        _recovering = true;
        _needless = false;
        _recoveryEnd = _sendNext;
        _recoveryStart = now;
        _burst = 1;
        _congestion.OnRound(_rtt);
    }

    private void OnDuplicateAcks(long now)
    {
        ref var slot = ref Slot(_sendFirst);
        if (_recovering || slot.State != SendState.UnderWay) return;
        Recover(now);
        Lose(ref slot);
        Counters.FastRetransmits++;
    }

    /// <summary>The first hole is filled and there is another behind it: after twice as many each time, all that is missing has been sent again.</summary>
    private void LoseNext(long now)
    {
        // The first one was not missing at all: what acknowledgements show then may be no holes, only packets that take their time.
        var patience = _needless ? _rtt.Smoothed + (_rtt.Smoothed >> 2) : 0;
        var left = _burst;
        _burst = Math.Min(_burst * 2, _congestion.Size);
        for (var s = _sendFirst; s != _sendNext && left > 0; s++, left--)
        {
            ref var slot = ref Slot(s);
            if (slot.State == SendState.UnderWay && slot.LastSent <= _recoveryStart && now - slot.LastSent >= patience) Lose(ref slot);
        }
    }

    private void OnTimeout(long now)
    {
        _timeoutAt = Never;
        if (Outstanding == 0) return;
        ref var slot = ref Slot(_sendFirst);
        // As long as the peer acknowledges something, it lives.
        var since = Math.Max(slot.FirstSent, _progressAt);
        if (now - since > _parameters.RetransmitTime)
        {
            GiveUp();
            return;
        }
        Counters.Timeouts++;
        _backoff++;
        // A single one is a loss like any other: a peer without selective acknowledgements shows most of its losses only so.
        if (_backoff > 1) _congestion.OnTimeout();
        Recover(now);
        if (slot.State == SendState.UnderWay)
        {
            Lose(ref slot);
        }
        else if (slot.State == SendState.Arrived)
        {
            // Said to have arrived, and yet not acknowledged for a whole time-out: whoever said so did not tell the truth.
            slot.State = SendState.Lost;
            _lost++;
        }
        Nudge(LeastNudges);
        _timeoutAt = Math.Min(now + Rto, since + _parameters.RetransmitTime + FrcpParameters.Millisecond);
    }

    /// <summary>Nothing was heard of the last packets for longer than it takes: sends one of them again, so that the peer says what is missing.</summary>
    private void OnProbe(long now)
    {
        _probeAt = Never;
        if (Outstanding == 0 || _lost != 0 || _blocked) return;
        for (var s = _sendNext - 1; !Sequence.Before(s, _sendFirst); s--)
        {
            ref var slot = ref Slot(s);
            if (slot.State != SendState.UnderWay) continue;
            _probed = true;
            Counters.Probes++;
            if (Transmit(s, ref slot, now)) Counters.Retransmissions++;
            return;
        }
    }

    private void ArmProbe(long now)
    {
        if (_probed || Outstanding == 0 || !Agreed(FrcpFeatures.SelectiveAck) || _rtt.Smoothed == 0)
        {
            _probeAt = Never;
            return;
        }
        var asked = Slot(_sendNext - 1).AskedForAck;
        _probeAt = now + Math.Min(2 * _rtt.Smoothed, Rto) + (asked ? FrcpParameters.Millisecond : _parameters.AckDelay + (5 * FrcpParameters.Millisecond));
    }

    private void Retransmit(long now)
    {
        if (_lost == 0 || _blocked) return;
        for (var s = _sendFirst; Sequence.Before(s, _sendNext) && _lost > 0; s++)
        {
            ref var slot = ref Slot(s);
            if (slot.State != SendState.Lost) continue;
            // The oldest one always goes: everything waits for it.
            if (_underWay >= _congestion.Size && s != _sendFirst) return;
            if (!Transmit(s, ref slot, now)) return;
            _lost--;
            _underWay++;
            Counters.Retransmissions++;
            if (_timeoutAt == Never) _timeoutAt = now + Rto;
        }
    }
}
