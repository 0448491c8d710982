namespace Ouroboros.Samples.Oping;

/// <summary>
/// When the next packet is due, against absolute time: the time that sending takes does not add up. After a stop of many intervals (a
/// laptop that slept) it goes on from now instead of catching up in one burst.
/// </summary>
internal sealed class Pacer(TimeProvider time, TimeSpan interval)
{
    private const int LongestCatchUp = 10;

    private readonly long _step = (long)(interval.TotalSeconds * time.TimestampFrequency);
    private long _due = time.GetTimestamp();

    /// <summary>Waits for the next due time; the first one is an interval after the start.</summary>
    public ValueTask NextAsync(CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        _due += _step;
        if (now - _due > LongestCatchUp * _step) _due = now;
        var wait = time.GetElapsedTime(now, _due);
        if (wait <= TimeSpan.Zero)
        {
            return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : ValueTask.CompletedTask;
        }
        // Timers count whole milliseconds; cutting the rest off would send too early.
        return new ValueTask(Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellationToken));
    }
}
