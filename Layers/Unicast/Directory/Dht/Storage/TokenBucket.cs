namespace Ouroboros.Layers.Unicast.Directory.Dht.Storage;

/// <summary>So many a second, with a burst.</summary>
internal struct TokenBucket(int perSecond, int burst)
{
    private readonly int _interval = 1000 / perSecond;
    private readonly int _burst = burst;
    private long _spent;

    /// <summary>Takes one; false when it is empty.</summary>
    public bool TryTake(long now)
    {
        var spent = Math.Max(_spent, now - ((long)_burst * _interval));
        if (spent + _interval > now) return false;
        _spent = spent + _interval;
        return true;
    }
}
