using System.Runtime.CompilerServices;

namespace Ouroboros.Layers.Unicast;

/// <content>
/// Writers that have to wait: until the flow is no longer ahead of its pace, or until the adjacency takes packets again. Only they wait; no thread that
/// others need does.
/// </content>
public sealed partial class UnicastFlow
{
    private const long Millisecond = 1_000_000;

    private WriterPauses? _pauses;

    /// <inheritdoc/>
    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_isReleased) return new ValueTask<FlowError>(FlowError.FlowDown);
        if (_congestion is { } congestion)
        {
            var left = congestion.ResumeAt - _dataTransfer.Clock.Now;
            if (left > 0) return WaitForPaceAsync(left, timeout, cancellationToken);
        }
        return NextAdjacency() is { } next ? WaitForRoomAsync(next, timeout, cancellationToken) : new ValueTask<FlowError>(FlowError.None);
    }

    /// <inheritdoc/>
    public void WakeWriters() => Volatile.Read(ref _pauses)?.WakeAll();

    private ValueTask<FlowError> WaitForPaceAsync(long left, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // Timers count whole milliseconds: one that ends too early would have to be followed by one of none.
        var wait = TimeSpan.FromMilliseconds((left + Millisecond - 1) / Millisecond);
        var isShort = timeout != Timeout.InfiniteTimeSpan && timeout < wait;
        var pauses = Volatile.Read(ref _pauses);
        if (pauses is null)
        {
            var mine = new WriterPauses(_dataTransfer.Time);
            pauses = Interlocked.CompareExchange(ref _pauses, mine, null) ?? mine;
        }
        var waiting = isShort ? pauses.WaitAsync(timeout, FlowError.TimedOut, cancellationToken) : pauses.WaitAsync(wait, FlowError.None, cancellationToken);
        // Released since: nobody else would wake us.
        if (_isReleased) pauses.WakeAll();
        return waiting;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlowError> WaitForRoomAsync(Adjacency next, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var error = await next.WaitForRoomAsync(Cube, timeout, cancellationToken).ConfigureAwait(false);
        // That an adjacency has gone is no end of the flow: there may be another way.
        return error == FlowError.TimedOut ? error : FlowError.None;
    }
}
