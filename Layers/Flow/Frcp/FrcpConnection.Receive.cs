using Ouroboros.Layers.Flow.Frcp.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Frcp;

/// <content>Receiving: runs, order, duplicates, and delivery.</content>
internal sealed partial class FrcpConnection
{
    // An unreliable flow that jumps further than this is somebody else's, or has begun anew.
    private const int LongestJump = 1 << 24;

    private Packet[] _queue = [];
    private int _queued;
    private Reassembler _reassembler;
    private bool _receiving;
    private uint _receiveNext;
    private uint _receiveEdge;
    private uint _receiveHighest;
    private long _lastData;
    private long _lastReceived;

    /// <summary>Whether something waits for room at the user's end or should be told to the peer, once at most <see cref="WakeAt"/> messages are unread.</summary>
    public bool WantsRead { get; private set; }

    /// <summary>See <see cref="WantsRead"/>.</summary>
    public int WakeAt => _parameters.ReceiveWindow / 4;

    /// <summary>Takes a packet that has passed CRC and cipher. It owns it, whatever it is.</summary>
    public void Receive(Packet packet, long now)
    {
        if (HasGivenUp)
        {
            packet.Dispose();
            return;
        }
        if (!FrcpHeader.TryParse(packet.Span, out var header))
        {
            Counters.Short++;
            packet.Dispose();
            return;
        }
        _lastReceived = now;
        var data = header.Has(FrcpFlags.Data);
        if (!data) Counters.ControlReceived++;
        EnterRun(header, data, now);
        if (header.Has(FrcpFlags.Rendezvous)) OnRendezvous(header, now);
        else OnControl(packet, header, data, now);
        if (data && !header.Has(FrcpFlags.Rendezvous)) OnData(packet, header, now);
        else packet.Dispose();
        WatchReader();
    }

    /// <summary>The user has taken messages: there is room again.</summary>
    public void OnRead(long now)
    {
        if (HasGivenUp) return;
        if (_queued > 0 && DeliverQueued()) _ackWanted = true;
        if (_receiving && NewReceiveEdge() - _receiveEdge >= (uint)_parameters.ReceiveWindow / 2) _ackWanted = true;
        WatchReader();
    }

    /// <summary>
    /// Opens a run at the first packet that may begin one. It never ends for control packets, and begins anew only after no data came for so
    /// long that the sender may have forgotten where it was (R3): a reference peer does that, and takes a random number then.
    /// </summary>
    private void EnterRun(in FrcpHeader header, bool data, long now)
    {
        var run = header.Has(FrcpFlags.DataRun) && (data || !header.Has(FrcpFlags.Rendezvous) || !_parameters.Reliable);
        if (run && (!_receiving || (header.Sequence != _receiveNext && now - _lastData > _parameters.ReceiverInactivity)))
        {
            foreach (var packet in _queue) packet.Dispose();
            Array.Clear(_queue);
            _queued = 0;
            _reassembler.Drop();
            _receiving = true;
            _receiveNext = _receiveHighest = _lastAcked = header.Sequence;
            _receiveEdge = header.Sequence;
            MoveReceiveEdge();
            _lastData = now;
        }
        else if (run || (data && _receiving && _parameters.Reliable))
        {
            _lastData = now;
        }
    }

    private void OnControl(Packet packet, in FrcpHeader header, bool data, long now)
    {
        if (!data && packet.Length > FrcpHeader.Length)
        {
            if (FrcpExtension.TryParse(packet.Span[FrcpHeader.Length..], out var extension))
            {
                OnExtension(header, extension, now);
                return;
            }
            Counters.BadExtension++;
        }
        OnWindow(header, data, now);
    }

    /// <summary>What a packet says about our own direction; nothing before that has begun (R4).</summary>
    private void OnWindow(in FrcpHeader header, bool data, long now)
    {
        if (!_sending) return;
        if (_parameters.Reliable && header.Has(FrcpFlags.Ack)) OnAck(header.Acknowledgement, data, now);
        if (!header.Has(FrcpFlags.FlowControl)) return;
        var wasClosed = WindowIsClosed;
        if (!Sequence.TryMoveEdge(header.Window, _sendNext + SaneWindow, ref _sendEdge))
        {
            if (((header.Window - _sendEdge) & 0xFFFFFF) != 0) Counters.BadWindow++;
        }
        else if (wasClosed && !WindowIsClosed)
        {
            _rendezvousAt = Never;
        }
    }

    private void OnRendezvous(in FrcpHeader header, long now)
    {
        Counters.RendezvousReceived++;
        if (!_receiving) return;
        if (!_parameters.Reliable && header.Has(FrcpFlags.DataRun) && Sequence.After(header.Sequence, _receiveNext) && header.Sequence - _receiveNext < LongestJump)
        {
            // Everything before it has been sent, and was lost.
            _reassembler.Drop();
            _receiveNext = header.Sequence;
        }
        SendControl(FrcpFlags.None, now, window: true);
    }

    private void OnData(Packet packet, in FrcpHeader header, long now)
    {
        if (!_receiving)
        {
            // Where the run began is not known; the sender repeats the packet that says so.
            Counters.NoRun++;
            packet.Dispose();
            return;
        }
        if (header.Has(FrcpFlags.AckNow) && Offers(FrcpFeatures.Pacing)) _ackWanted = true;
        if (_parameters.Reliable) OnReliableData(packet, header, now);
        else OnUnreliableData(packet, header, now);
    }

    private void OnReliableData(Packet packet, in FrcpHeader header, long now)
    {
        if (Sequence.Before(header.Sequence, _receiveNext))
        {
            // The peer does not know that we have it, or has left what says so in its ring.
            Counters.Duplicates++;
            _ackWanted = true;
            Nudge(1);
            packet.Dispose();
            return;
        }
        if (header.Sequence - _receiveNext >= NewReceiveEdge() - _receiveNext)
        {
            Counters.OutOfWindow++;
            _ackWanted = true;
            packet.Dispose();
            return;
        }
        if (header.Sequence == _receiveNext)
        {
            if (!Accept(packet, header.Flags))
            {
                packet.Dispose();
                return;
            }
            Counters.DataReceived++;
            _receiveNext++;
            if (_queued > 0)
            {
                // A gap is closed: the peer waits for nothing else.
                DeliverQueued();
                _ackWanted = true;
            }
            NoteData(now);
            return;
        }
        if (_queue.Length == 0) _queue = new Packet[_parameters.ReceiveWindow];
        ref var slot = ref _queue[header.Sequence & (uint)(_queue.Length - 1)];
        _ackWanted = true;
        if (!slot.IsNull)
        {
            Counters.Duplicates++;
            packet.Dispose();
            return;
        }
        Counters.DataReceived++;
        Counters.Gaps++;
        slot = packet;
        _queued++;
        if (_queued == 1 || Sequence.After(header.Sequence + 1, _receiveHighest)) _receiveHighest = header.Sequence + 1;
    }

    private void OnUnreliableData(Packet packet, in FrcpHeader header, long now)
    {
        var distance = header.Sequence - _receiveNext;
        if ((int)distance < 0)
        {
            // A sender that jumped, or began anew: its packets count again when nothing else came for a while.
            if (now - _lastData > FrcpParameters.Second && _receiveNext - header.Sequence > LongestJump) _receiveNext = header.Sequence;
            else
            {
                Counters.Late++;
                packet.Dispose();
                return;
            }
        }
        else if (distance > LongestJump && now - _lastData <= FrcpParameters.Second)
        {
            Counters.OutOfWindow++;
            packet.Dispose();
            return;
        }
        if (header.Sequence != _receiveNext)
        {
            Counters.Gaps++;
            if (_reassembler.IsOpen)
            {
                Counters.MessagesLost++;
                _reassembler.Drop();
            }
        }
        _lastData = now;
        _receiveNext = header.Sequence + 1;
        Counters.DataReceived++;
        if (!Accept(packet, header.Flags)) packet.Dispose();
        NoteData(now);
    }

    private bool DeliverQueued()
    {
        var any = false;
        while (_queued > 0)
        {
            ref var slot = ref _queue[_receiveNext & (uint)(_queue.Length - 1)];
            if (slot.IsNull) break;
            FrcpHeader.TryParse(slot.Span, out var header);
            if (!Accept(slot, header.Flags)) break;
            slot = default;
            _queued--;
            _receiveNext++;
            any = true;
        }
        return any;
    }

    /// <summary>Passes a packet's payload on: to the user, or to the message that it is a part of.</summary>
    /// <returns>False: there is no room or memory; the packet is as it was and stays with the caller.</returns>
    private bool Accept(Packet packet, FrcpFlags flags)
    {
        packet.PopHeader(FrcpHeader.Length);
        var position = Offers(FrcpFeatures.Segmentation) ? flags & FrcpFlags.Fragment : FrcpFlags.None;
        if (position == FrcpFlags.None)
        {
            if (_reassembler.IsOpen)
            {
                Counters.BadFragment++;
                _reassembler.Drop();
            }
            if (packet.Length == 0)
            {
                // Data without data: no user ever sees an empty message.
                Counters.Short++;
                packet.Dispose();
                return true;
            }
            if (_output.Deliver(packet)) return true;
            Counters.Refused++;
        }
        else
        {
            switch (_reassembler.Add(packet.Span, position, out var message))
            {
                case PartResult.Taken:
                    packet.Dispose();
                    return true;
                case PartResult.Whole when _output.Deliver(message):
                    _reassembler.Complete();
                    packet.Dispose();
                    return true;
                case PartResult.Bad:
                    Counters.BadFragment++;
                    packet.Dispose();
                    return true;
                case PartResult.NoMemory:
                    Counters.NoMemory++;
                    break;
                default:
                    Counters.Refused++;
                    break;
            }
            // Without the first part the others are of no use.
            if (!_parameters.Reliable) _reassembler.Drop();
        }
        packet.PushHeader(FrcpHeader.Length);
        return false;
    }

    private void WatchReader()
    {
        // Queued packets at the front mean that the user's end had no room for them.
        var stuck = _queued > 0 && !_queue[_receiveNext & (uint)(_queue.Length - 1)].IsNull;
        WantsRead = stuck || (_receiving && _receiveEdge - _receiveNext < (uint)_parameters.ReceiveWindow / 2);
    }
}
