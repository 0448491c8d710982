namespace Ouroboros.Layers.Actors;

/// <summary>Whether something fails too often: so many times within a while. One thread at a time.</summary>
/// <param name="time">The clock.</param>
/// <param name="most">How many failures are too many.</param>
/// <param name="window">Within what time.</param>
internal sealed class FailureWindow(TimeProvider time, int most, TimeSpan window)
{
    private readonly Queue<long> _failures = new();

    /// <summary>Notes one now.</summary>
    /// <returns>false: that was one too many.</returns>
    public bool Note()
    {
        var now = time.GetTimestamp();
        while (_failures.TryPeek(out var first) && time.GetElapsedTime(first, now) > window) _failures.Dequeue();
        _failures.Enqueue(now);
        return _failures.Count < most;
    }
}
