using System.Buffers.Binary;
using Ouroboros.Layers.Flow.Frcp.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Frcp;

/// <content>Sending: the gate, messages, their parts, and data packets.</content>
internal sealed partial class FrcpConnection
{
    private const int FirstSlots = 16;

    // From a sequence number that was given back by mistake nothing may ever be reached.
    private const uint SaneWindow = 1 << 16;

    private bool _sending;
    private uint _sendFirst;
    private uint _sendNext;
    private uint _sendEdge;
    private long _lastDataSent;
    private SendSlot[] _slots = [];
    private Packet _message;
    private int _messageSent;
    private bool _hasMessage;
    private bool _blocked;
    private long _retryAt = Never;
    private long _rendezvousAt = Never;
    private long _rendezvousGap;
    private long _windowClosedSince;
    private long _paceAt = Never;
    private long _paceRefilled;
    private double _paceTokens;
    private int _sinceAckNow;

    /// <summary>Whether the next message would leave at once.</summary>
    public bool CanSend(long now) => !_hasMessage && GateIsOpen(now);

    /// <summary>Largest message that can be sent now.</summary>
    public int MaxMessage => Agreed(FrcpFeatures.Segmentation)
        ? (int)Math.Min((uint)Math.Min(_parameters.MaxMessage, _pool.MaxLength), _peerMaxMessage)
        : MaxSegment;

    /// <summary>Sends a message, or its first parts; the others follow with <see cref="Flush"/>.</summary>
    /// <returns>False: not now; the caller still owns it.</returns>
    public bool Send(Packet message, long now)
    {
        if (HasGivenUp || !CanSend(now)) return false;
        OpenSendRun();
        if (message.Length <= Segment) return SendData(message, 0, message.Length, FrcpFlags.None, now);
        if (message.Length > MaxMessage)
        {
            Counters.MessagesLost++;
            message.Dispose();
            return true;
        }
        _message = message;
        _messageSent = 0;
        _hasMessage = true;
        SendParts(now);
        return true;
    }

    private ref SendSlot Slot(uint sequence) => ref _slots[sequence & (uint)(_slots.Length - 1)];

    private uint Outstanding => _sendNext - _sendFirst;

    private bool WindowIsClosed => ObeyWindow && (_parameters.Reliable || _peerOffered) && !Sequence.Before(_sendNext, _sendEdge);

    private bool GateIsOpen(long now)
    {
        if (_blocked || HasGivenUp) return false;
        if (_sending && WindowIsClosed) return false;
        if (!_parameters.Reliable) return true;
        // What is lost goes first.
        if (_lost != 0 || _underWay >= _congestion.Size || Outstanding >= (uint)_parameters.MaxUnacknowledged) return false;
        return PaceAllows(now);
    }

    private void OpenSendRun()
    {
        if (_sending) return;
        // For the whole life of the flow: a run may go on however long it rested, and a new number could be taken for an old one (W3).
        _sending = true;
        _sendFirst = _sendNext = (uint)_random.NextInt64(1L << 32);
        _sendEdge = _sendNext + (uint)_parameters.StartWindow;
    }

    private void SendParts(long now)
    {
        while (_hasMessage && GateIsOpen(now))
        {
            var left = _message.Length - _messageSent;
            var first = _messageSent == 0;
            var length = Math.Min(left, Segment - (first ? Reassembler.Prefix : 0));
            var position = first ? FrcpFlags.Fragment : length == left ? FrcpFlags.FirstFragment : FrcpFlags.MoreFragments;
            // Each part holds a reference of its own; the last one has that of the message.
            var last = length == left;
            if (!last) _message.Retain();
            if (!SendData(_message, _messageSent, length, position, now))
            {
                if (!last) _message.Dispose();
                return;
            }
            _messageSent += length;
            if (last) _hasMessage = false;
        }
    }

    /// <summary>Sends one packet of new data and takes over a reference to its message, or refuses.</summary>
    private bool SendData(Packet message, int offset, int length, FrcpFlags position, long now)
    {
        if (!_parameters.Reliable) return SendOnce(message, offset, length, position, now);
        if (Outstanding >= (uint)_slots.Length) GrowSlots();
        ref var slot = ref Slot(_sendNext);
        slot = new SendSlot { Message = message, Offset = offset, Length = length, Fragment = position, FirstSent = now };
        _sendNext++;
        if (!Transmit(_sendNext - 1, ref slot, now))
        {
            _sendNext--;
            slot = default;
            return false;
        }
        _underWay++;
        Counters.DataSent++;
        Counters.RttProbes++;
        if (_timeoutAt == Never) _timeoutAt = now + Rto;
        if (Outstanding == 1) ArmNudge(now);
        ArmProbe(now);
        return true;
    }

    /// <summary>Sends or retransmits the packet of a slot: a copy, with the header of this moment (R8).</summary>
    private bool Transmit(uint sequence, ref SendSlot slot, long now)
    {
        var prefix = slot.Fragment == FrcpFlags.Fragment ? Reassembler.Prefix : 0;
        if (!_pool.TryRent(slot.Length + prefix, out var copy))
        {
            Counters.NoMemory++;
            return Block(now);
        }
        var payload = copy.Span;
        if (prefix != 0) BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)slot.Message.Length);
        slot.Message.Span.Slice(slot.Offset, slot.Length).CopyTo(payload[prefix..]);
        var flags = FrcpFlags.Data | slot.Fragment;
        if (sequence == _sendFirst) flags |= FrcpFlags.DataRun;
        var ask = AskForAck(slot.Transmissions != 0);
        if (ask) flags |= FrcpFlags.AckNow;
        var acked = WriteHeader(copy, flags, sequence);
        if (!_output.Transmit(copy))
        {
            copy.Dispose();
            return Block(now);
        }
        if (acked) NoteAckSent();
        if (ask) _sinceAckNow = 0;
        else _sinceAckNow++;
        slot.AskedForAck = ask;
        slot.State = SendState.UnderWay;
        slot.LastSent = now;
        if (slot.Transmissions < byte.MaxValue) slot.Transmissions++;
        _lastDataSent = now;
        _paceTokens = Math.Max(0, _paceTokens - 1);
        return true;
    }

    /// <summary>Sends a packet of an unreliable flow. Nothing is kept; without parts the message itself is the packet.</summary>
    private bool SendOnce(Packet message, int offset, int length, FrcpFlags position, long now)
    {
        var packet = message;
        var own = position != FrcpFlags.None || message.References > 1
            || message.HeadRoom < FrcpHeader.Length + _parameters.SealHeader || message.TailRoom < _parameters.SealTrailer;
        if (own)
        {
            var prefix = position == FrcpFlags.Fragment ? Reassembler.Prefix : 0;
            if (!_pool.TryRent(length + prefix, out packet))
            {
                Counters.NoMemory++;
                return Block(now);
            }
            if (prefix != 0) BinaryPrimitives.WriteUInt32BigEndian(packet.Span, (uint)message.Length);
            message.Span.Slice(offset, length).CopyTo(packet.Span[prefix..]);
        }
        var acked = WriteHeader(packet, FrcpFlags.Data | FrcpFlags.DataRun | position, _sendNext);
        if (!_output.Transmit(packet))
        {
            if (own) packet.Dispose();
            else packet.PopHeader(FrcpHeader.Length);
            return Block(now);
        }
        if (own) message.Dispose();
        if (acked) NoteAckSent();
        _sendFirst = ++_sendNext;
        _lastDataSent = now;
        Counters.DataSent++;
        return true;
    }

    /// <summary>Puts a header of data in front of a packet.</summary>
    /// <returns>Whether it carries what an acknowledgement would.</returns>
    private bool WriteHeader(Packet packet, FrcpFlags flags, uint sequence)
    {
        if (_receiving)
        {
            flags |= FrcpFlags.FlowControl;
            if (_parameters.Reliable) flags |= FrcpFlags.Ack;
            MoveReceiveEdge();
        }
        var header = new FrcpHeader(flags, _receiving ? _receiveEdge : 0, sequence, _receiving && _parameters.Reliable ? _receiveNext : 0);
        header.Write(packet.PushHeader(FrcpHeader.Length));
        return _receiving;
    }

    private bool Block(long now)
    {
        Counters.Blocked++;
        _blocked = true;
        _retryAt = now + FrcpParameters.Millisecond;
        return false;
    }

    private void GrowSlots()
    {
        var bigger = new SendSlot[Math.Max(FirstSlots, _slots.Length * 2)];
        for (var i = _sendFirst; i != _sendNext; i++) bigger[i & (uint)(bigger.Length - 1)] = Slot(i);
        _slots = bigger;
    }

    /// <summary>Whether this packet is one of the few whose arrival the sender wants to hear of without delay.</summary>
    private bool AskForAck(bool again)
    {
        if (!Agreed(FrcpFeatures.Pacing)) return false;
        if (again) return true;
        if (_sinceAckNow >= Math.Max(1, _congestion.Size / 4)) return true;
        return _underWay + 1 >= _congestion.Size || !Sequence.Before(_sendNext, _sendEdge);
    }

    /// <summary>Spreads packets over the round trip, in bursts of what leaves within two milliseconds.</summary>
    private bool PaceAllows(long now)
    {
        if (!Agreed(FrcpFeatures.Pacing) || _rtt.Samples == 0) return true;
        // Lost acknowledgements make round trips look long; that is no reason to send slowly.
        var trip = Math.Min(_rtt.Smoothed, (4 * _rtt.Least) + (10 * FrcpParameters.Millisecond));
        if (trip < 4 * FrcpParameters.Millisecond) return true;
        var perNanosecond = 1.25 * _congestion.Size / trip;
        var burst = Math.Max(8, perNanosecond * 2 * FrcpParameters.Millisecond);
        _paceTokens = Math.Min(burst, _paceTokens + ((now - _paceRefilled) * perNanosecond));
        _paceRefilled = now;
        if (_paceTokens >= 1) return true;
        _paceAt = now + Math.Max(FrcpParameters.Millisecond, (long)(burst / 2 / perNanosecond));
        return false;
    }

    /// <summary>Probes a closed window, ever more slowly, for as long as the flow lives (R6).</summary>
    private void WatchWindow(long now)
    {
        if (!_sending || !WindowIsClosed)
        {
            _rendezvousAt = Never;
            return;
        }
        if (_rendezvousAt != Never) return;
        _windowClosedSince = now;
        _rendezvousGap = _parameters.Rendezvous;
        _rendezvousAt = now + _rendezvousGap;
    }

    private void SendRendezvous(long now)
    {
        _rendezvousAt = Never;
        if (!WindowIsClosed) return;
        // The peer is silent although asked: without a peer time-out nothing else would ever notice.
        if (now - Math.Max(_windowClosedSince, _lastReceived) > _parameters.RetransmitTime)
        {
            GiveUp();
            return;
        }
        // An unreliable flow says where it is, so that a peer that saw none of the last packets opens the window behind them.
        var flags = _parameters.Reliable ? FrcpFlags.Rendezvous : FrcpFlags.Rendezvous | FrcpFlags.DataRun;
        if (Control(new FrcpHeader(flags, 0, _parameters.Reliable ? 0 : _sendNext, 0), [])) Counters.RendezvousSent++;
        _rendezvousGap = Math.Min(_rendezvousGap * 2, _parameters.MaxRendezvous);
        _rendezvousAt = now + _rendezvousGap;
    }
}
