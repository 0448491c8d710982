using System.Buffers.Binary;

namespace Ouroboros.Crypto.Oap;

/// <summary>
/// Which handshake requests have been seen of late. Two generations, each at most <see cref="Generation"/> long in time and
/// <see cref="Capacity"/> in number, so memory is bounded and nothing has to be walked. Safe from any thread.
/// </summary>
public sealed class ReplayWindow
{
    /// <summary>How old a request may be (reference: OAP_REPLAY_TIMER, 20 s).</summary>
    public static readonly TimeSpan Generation = TimeSpan.FromSeconds(20);

    /// <summary>How far in the future (reference: TIMESYNC_SLACK, 100 ms).</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(100);

    /// <summary>Requests that one generation remembers.</summary>
    public const int Capacity = 1 << 16;

    private readonly Lock _lock = new();
    private HashSet<(UInt128 Id, long Timestamp)> _young = [];
    private HashSet<(UInt128 Id, long Timestamp)> _old = [];
    private long _since = long.MinValue;

    /// <summary>Generations that were closed early because they were full; a replay of what they held might pass.</summary>
    public long Overflows { get; private set; }

    /// <summary>Whether a request may be served, before anything is noted.</summary>
    /// <param name="id">Its 16 bytes.</param>
    /// <param name="timestamp">The sender's clock, nanoseconds since 1970.</param>
    /// <param name="now">Our clock, nanoseconds since 1970.</param>
    /// <returns><see cref="OapFailure.None"/>, <see cref="OapFailure.TooOld"/>, <see cref="OapFailure.FromTheFuture"/> or <see cref="OapFailure.Replayed"/>.</returns>
    public OapFailure Check(ReadOnlySpan<byte> id, long timestamp, long now)
    {
        // The sender's number is anything: a difference must not wrap round. Whole milliseconds, cut off, as the reference counts them.
        var milliseconds = ((Int128)now - timestamp) / 1_000_000;
        if (milliseconds < -(Int128)Slack.TotalMilliseconds) return OapFailure.FromTheFuture;
        if (milliseconds > (Int128)Generation.TotalMilliseconds) return OapFailure.TooOld;
        var key = (BinaryPrimitives.ReadUInt128BigEndian(id), timestamp);
        lock (_lock) return _old.Contains(key) || _young.Contains(key) ? OapFailure.Replayed : OapFailure.None;
    }

    /// <summary>Notes a request; parameters as for <see cref="Check"/>.</summary>
    /// <returns>false: seen before, too old, or from the future.</returns>
    public bool TryAdd(ReadOnlySpan<byte> id, long timestamp, long now)
    {
        if (Check(id, timestamp, now) != OapFailure.None) return false;
        var key = (BinaryPrimitives.ReadUInt128BigEndian(id), timestamp);
        lock (_lock)
        {
            var full = _young.Count >= Capacity;
            if (full) Overflows++;
            // What is young for a whole life cannot be repeated once it is old and gone: it has left the time window by then.
            if (full || _since == long.MinValue || now - _since > (Generation + Slack).Ticks * TimeSpan.NanosecondsPerTick)
            {
                (_old, _young) = (_young, _old);
                _young.Clear();
                _since = now;
            }
            return !_old.Contains(key) && _young.Add(key);
        }
    }
}
