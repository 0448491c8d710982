namespace Ouroboros.Layers.Unicast.Congestion;

/// <summary>
/// Congestion avoidance of one flow, both directions. Any thread may call anything: a gate of a few instructions keeps two writers of one flow apart;
/// nothing waits for time to pass in it.
/// </summary>
public sealed class FlowCongestion
{
    private const long LongestWait = 1_000_000_000;

    private CongestionSender _sender;
    private CongestionReceiver _receiver;
    private SpinLock _senderGate = new(enableThreadOwnerTracking: false);
    private SpinLock _receiverGate = new(enableThreadOwnerTracking: false);
    private long _resumeAt;

    /// <summary>The state of a new flow.</summary>
    internal FlowCongestion(long now)
    {
        _sender = new CongestionSender(now, smooth: true);
        // In the past, and far enough from the end of the numbers that a difference to it is one.
        _resumeAt = now;
    }

    /// <summary>When the flow may send again, nanoseconds; in the past when it may now.</summary>
    public long ResumeAt => Volatile.Read(ref _resumeAt);

    /// <summary>A copy of the sender's state.</summary>
    public CongestionSender Sender
    {
        get
        {
            var taken = false;
            _senderGate.Enter(ref taken);
            var copy = _sender;
            _senderGate.Exit();
            return copy;
        }
    }

    /// <summary>A copy of the receiver's state.</summary>
    public CongestionReceiver Receiver
    {
        get
        {
            var taken = false;
            _receiverGate.Enter(ref taken);
            var copy = _receiver;
            _receiverGate.Exit();
            return copy;
        }
    }

    /// <summary>
    /// Counts a packet that is sent. The one that is ahead of the pace still leaves, and those behind it wait: the reference sleeps instead before it sends
    /// that packet, in a thread that others need.
    /// </summary>
    public void OnSent(int length, long now)
    {
        var taken = false;
        _senderGate.Enter(ref taken);
        var wait = _sender.OnSent(length, now);
        _senderGate.Exit();
        if (wait > 0) Volatile.Write(ref _resumeAt, now + Math.Min(wait, LongestWait));
    }

    /// <summary>The receiver told its level.</summary>
    public void OnUpdate(ushort level)
    {
        var taken = false;
        _senderGate.Enter(ref taken);
        _sender.OnUpdate(level);
        _senderGate.Exit();
    }

    /// <summary>Counts a packet that arrived.</summary>
    /// <param name="mark">Its mark.</param>
    /// <param name="level">What to tell the sender.</param>
    /// <returns>Whether to tell it.</returns>
    public bool OnReceived(byte mark, out ushort level)
    {
        level = 0;
        if (!_receiver.Concerns(mark)) return false;
        var taken = false;
        _receiverGate.Enter(ref taken);
        var tell = _receiver.OnReceived(mark);
        level = _receiver.Level;
        _receiverGate.Exit();
        return tell;
    }
}
