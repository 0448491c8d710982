namespace Ouroboros.Layers.Shim;

/// <summary>How many requests each source may still make: a bucket per source that fills up again with time. Bounded, oldest forgotten first.</summary>
internal sealed class RequestLimiter<TSource>(int burst, int perSecond)
    where TSource : notnull
{
    private const int MaxSources = 1024;

    private readonly Dictionary<TSource, Bucket> _buckets = [];

    /// <summary>Sources that are remembered.</summary>
    public int Count => _buckets.Count;

    /// <summary>Takes one request of a source; false when it has none left.</summary>
    public bool TryTake(TSource source, TimeSpan now)
    {
        if (!_buckets.TryGetValue(source, out var bucket))
        {
            if (_buckets.Count >= MaxSources) Forget(now);
            // Sources can be made up: with all buckets in use, newcomers share what is left of nothing.
            if (_buckets.Count >= MaxSources) return false;
            bucket = new Bucket(burst, now);
        }
        var left = LeftAt(bucket, now);
        if (left < 1) return false;
        _buckets[source] = new Bucket(left - 1, now);
        return true;
    }

    /// <summary>Forgets the sources whose bucket is full again: it makes no difference.</summary>
    private void Forget(TimeSpan now)
    {
        foreach (var (source, bucket) in _buckets)
        {
            if (LeftAt(bucket, now) >= burst) _buckets.Remove(source);
        }
    }

    private double LeftAt(Bucket bucket, TimeSpan now) => Math.Min(burst, bucket.Left + ((now - bucket.At).TotalSeconds * perSecond));

    private readonly record struct Bucket(double Left, TimeSpan At);
}
