namespace Ouroboros.Layers.Flow.Frcp;

/// <summary>
/// How many packets may be under way, by what the network showed. Doubles each round trip until the first loss, then grows by one. A loss
/// shrinks it when round trips are longer than they could be, or when a round loses much: then a queue has overflowed. A loss without
/// either is noise of a link, which a smaller window would not cure (as in TCP Veno). The reference has no such limit.
/// </summary>
internal struct CongestionWindow
{
    private const int Least = 4;
    private const long QueueSlack = 2 * FrcpParameters.Millisecond;

    private readonly int _max;
    private int _threshold;
    private int _credit;
    private int _lostInRound;

    public CongestionWindow(int start, int max)
    {
        _max = _threshold = max;
        Size = Math.Min(start, max);
    }

    /// <summary>Packets.</summary>
    public int Size { get; private set; }

    /// <summary>Packets were acknowledged while the window was full enough to matter.</summary>
    public void OnAcked(int packets)
    {
        if (Size >= _max) return;
        if (Size < _threshold)
        {
            Size = Math.Min(_max, Size + packets);
            return;
        }
        _credit += packets;
        if (_credit < Size) return;
        _credit -= Size;
        Size++;
    }

    /// <summary>A packet was found lost.</summary>
    public void OnLost() => _lostInRound++;

    /// <summary>First loss of a round.</summary>
    public void OnRound(in RttEstimator rtt)
    {
        var queue = rtt.Samples > 0 && rtt.Smoothed > rtt.Least + (rtt.Least >> 2) + QueueSlack;
        var heavy = _lostInRound > Math.Max(4, Size / 5);
        if (queue || heavy) Size = Math.Max(Least, Size * 7 / 10);
        _threshold = Math.Max(Least, Size);
        _lostInRound = 0;
    }

    /// <summary>Nothing came back for a whole time-out.</summary>
    public void OnTimeout()
    {
        Size = Math.Max(Least, Size / 2);
        _threshold = Math.Max(Least, Size);
        _lostInRound = 0;
    }
}
