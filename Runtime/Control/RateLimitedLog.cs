using Serilog;

namespace Ouroboros.Runtime.Control;

/// <summary>Writes at most one warning a second, and how many were left out in between: a client cannot fill a disk.</summary>
internal sealed class RateLimitedLog(ILogger log, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _last;
    private long _suppressed;
    private bool _any;

    public void Warning(string message, params object?[] values)
    {
        long suppressed;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_any && time.GetElapsedTime(_last, now) < TimeSpan.FromSeconds(1))
            {
                _suppressed++;
                return;
            }
            _any = true;
            _last = now;
            suppressed = _suppressed;
            _suppressed = 0;
        }
        if (suppressed == 0) log.Warning(message, values);
        else log.Warning(message + " (and {Suppressed} more like it)", [.. values, suppressed]);
    }
}
