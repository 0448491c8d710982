namespace Ouroboros.Layers.Flow.Frcp;

/// <content>What it shows. May be read by any thread; values may be a moment old and not of the same moment.</content>
internal sealed partial class FrcpConnection
{
    /// <summary>Where it is and what it has counted.</summary>
    public FlowStatistics GetStatistics(long now) => new(
        _parameters.Mpl, _parameters.AckTime, _parameters.RetransmitTime, _rtt.Smoothed, _rtt.Deviation, Rto, _sendFirst, _sendEdge, now - _lastDataSent,
        _sendNext, _receiveNext, _receiveEdge, now - _lastData, _lastAcked, Counters.Retransmissions, Counters.RttProbes, _rtt.Samples,
        Counters.Duplicates, Counters.DelayedAcks, Counters.RendezvousSent, Counters.OutOfWindow)
    {
        DataSent = Counters.DataSent,
        DataReceived = Counters.DataReceived,
        ControlSent = Counters.ControlSent,
        ControlReceived = Counters.ControlReceived,
        Timeouts = Counters.Timeouts,
        FoundLost = Counters.FastRetransmits,
        Probes = Counters.Probes,
        Nudges = Counters.Nudges,
        LeastRtt = _rtt.Samples == 0 ? 0 : _rtt.Least,
        CongestionWindow = _congestion.Size,
        Features = Features,
        Drops = CollectDrops(),
    };

    private Dictionary<string, long> CollectDrops()
    {
        var drops = new Dictionary<string, long>();
        void Add(string reason, long count)
        {
            if (count != 0) drops[reason] = count;
        }
        Add("shorter than a header, or data without data", Counters.Short);
        Add("no run has begun", Counters.NoRun);
        Add("duplicate", Counters.Duplicates);
        Add("late on an unreliable flow", Counters.Late);
        Add("beyond the window", Counters.OutOfWindow);
        Add("no room at the user's end", Counters.Refused);
        Add("no packet memory", Counters.NoMemory);
        Add("part of no message", Counters.BadFragment);
        Add("message incomplete or too long for the peer", Counters.MessagesLost);
        Add("acknowledgement of what was not sent", Counters.BadAck);
        Add("window that moves back or too far", Counters.BadWindow);
        Add("unknown bytes behind a header", Counters.BadExtension);
        return drops;
    }
}
