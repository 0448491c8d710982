using System.Runtime.CompilerServices;

namespace Ouroboros.Layers.Unicast;

/// <content>
/// Writers that have to wait: until the slot of congestion avoidance is over, or until the adjacency takes packets again. Only they wait; no thread
/// that others need does. It is the rare case and may allocate.
/// </content>
public sealed partial class UnicastFlow
{
    private const long Millisecond = 1_000_000;

    private TaskCompletionSource? _wake;

    /// <inheritdoc/>
    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_isReleased) return new ValueTask<FlowError>(FlowError.FlowDown);
        if (_congestion is { } congestion)
        {
            var left = congestion.ResumeAt - _dataTransfer.Clock.Now;
            if (left > 0) return WaitForSlotAsync(left, timeout, cancellationToken);
        }
        return NextAdjacency() is { } next ? WaitForRoomAsync(next, timeout, cancellationToken) : new ValueTask<FlowError>(FlowError.None);
    }

    /// <inheritdoc/>
    public void WakeWriters() => Interlocked.Exchange(ref _wake, null)?.TrySetResult();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlowError> WaitForSlotAsync(long left, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // Timers count whole milliseconds: one that ends too early would have to be followed by one of none.
        var wait = TimeSpan.FromMilliseconds((left + Millisecond - 1) / Millisecond);
        var isShort = timeout != Timeout.InfiniteTimeSpan && timeout < wait;
        var wake = WakeSource();
        // Released since: nobody would wake us.
        if (_isReleased) return FlowError.FlowDown;
        var delay = Task.Delay(isShort ? timeout : wait, _dataTransfer.Time, cancellationToken);
        var first = await Task.WhenAny(delay, wake.Task).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return isShort && first == delay ? FlowError.TimedOut : FlowError.None;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlowError> WaitForRoomAsync(Adjacency next, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var error = await next.WaitForRoomAsync(Cube, timeout, cancellationToken).ConfigureAwait(false);
        // That an adjacency has gone is no end of the flow: there may be another way.
        return error == FlowError.TimedOut ? error : FlowError.None;
    }

    private TaskCompletionSource WakeSource()
    {
        var known = Volatile.Read(ref _wake);
        if (known is not null) return known;
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Interlocked.CompareExchange(ref _wake, mine, null) ?? mine;
    }
}
