using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow;

/// <content>
/// Waiting for packet memory. A pool knows nothing of flows, so these waits are cut short by a token when the state of the flow changes.
/// They are the rare case, a pool that is exhausted, and may allocate.
/// </content>
public sealed partial class FlowEndpoint
{
    private CancellationTokenSource? _interrupt;
    private int _memoryWanted;

    /// <summary>A token that the next change of state cancels. Look at the state after getting it, then wait.</summary>
    private CancellationToken InterruptToken()
    {
        lock (_stateLock) return (_interrupt ??= new CancellationTokenSource()).Token;
    }

    private void Interrupt()
    {
        CancellationTokenSource? interrupt;
        lock (_stateLock)
        {
            interrupt = _interrupt;
            _interrupt = null;
        }
        interrupt?.Cancel();
    }

    /// <summary>Rents from this end's pool; waits while it is exhausted and the flow can be written to.</summary>
    private async ValueTask<Packet> RentAsync(int length, Deadline deadline, CancellationToken cancellationToken)
    {
        if (Pool.TryRent(length, out var packet)) return packet;
        while (true)
        {
            var interrupt = InterruptToken();
            var error = CheckWrite(length);
            if (error != FlowError.None) Throw(error, "write");
            using var either = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(interrupt, cancellationToken) : null;
            try
            {
                return await Pool.RentAsync(length, deadline.Remaining, either?.Token ?? interrupt).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>A copy for this end found no memory: waits until there is some.</summary>
    private async ValueTask<FlowError> WaitForMemoryAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var interrupt = InterruptToken();
        // Down since the refusal: the next try says so.
        if ((_receive.State & (RingState.FlowDown | RingState.ReadOnly)) != 0) return FlowError.None;
        var length = Math.Max(1, Volatile.Read(ref _memoryWanted));
        using var either = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(interrupt, cancellationToken) : null;
        try
        {
            var probe = await Pool.RentAsync(length, timeout, either?.Token ?? interrupt).ConfigureAwait(false);
            Volatile.Write(ref _memoryWanted, 0);
            probe.Dispose();
            return FlowError.None;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return FlowError.None;
        }
        catch (FlowException e)
        {
            return e.Error;
        }
    }
}
