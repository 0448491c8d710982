using System.Runtime.CompilerServices;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow;

/// <content>Writing: bytes are copied into one packet, packets are handed over; both run down to the sink in the caller's thread.</content>
public sealed partial class FlowEndpoint
{
    /// <summary>Rents a packet of this end's pool without waiting.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.MessageTooLong"/>, or <see cref="FlowError.TryAgain"/> when the pool is exhausted.</exception>
    public Packet Rent(int length)
    {
        if (length > MaxPacketSize) Throw(FlowError.MessageTooLong, "write");
        return Pool.Rent(length);
    }

    /// <summary>Writes one packet of bytes without waiting.</summary>
    public FlowError TryWrite(ReadOnlySpan<byte> data)
    {
        var error = CheckWrite(data.Length);
        if (error != FlowError.None) return error;
        if (!Pool.TryRent(data.Length, out var packet)) return FlowError.TryAgain;
        data.CopyTo(packet.Span);
        error = Send(packet);
        if (error != FlowError.None) packet.Dispose();
        return error;
    }

    /// <summary>Hands over a packet without waiting. On anything but <see cref="FlowError.None"/> the caller still owns it.</summary>
    public FlowError TryWrite(Packet packet)
    {
        var error = CheckWrite(packet.Length);
        return error == FlowError.None ? Send(packet) : error;
    }

    /// <summary>Writes one packet of bytes; waits for memory and room unless the flow is non-blocking.</summary>
    /// <returns>Bytes written, all of them.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.NotAllocated"/>, <see cref="FlowError.NotPermitted"/> (read-only), <see cref="FlowError.MessageTooLong"/>,
    /// <see cref="FlowError.TryAgain"/> (non-blocking), <see cref="FlowError.TimedOut"/>, <see cref="FlowError.FlowDown"/>, <see cref="FlowError.PeerDead"/>.
    /// </exception>
    public ValueTask<int> WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<int>(cancellationToken);
        var error = TryWrite(data.Span);
        if (error == FlowError.None) return new ValueTask<int>(data.Length);
        return MayWait(error, FlowFlags.WriteNoBlock)
            ? WriteSlowAsync(data, cancellationToken)
            : ValueTask.FromException<int>(Failure(error, "write"));
    }

    /// <summary>Hands over a packet; waits for room unless the flow is non-blocking. The packet is gone whatever happens.</summary>
    /// <exception cref="FlowException">As <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>.</exception>
    public ValueTask WriteAsync(Packet packet, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            packet.Dispose();
            return ValueTask.FromCanceled(cancellationToken);
        }
        var error = TryWrite(packet);
        if (error == FlowError.None) return ValueTask.CompletedTask;
        if (MayWait(error, FlowFlags.WriteNoBlock)) return SendSlowAsync(packet, Deadline.After(_time, WriteTimeout), cancellationToken);
        packet.Dispose();
        return ValueTask.FromException(Failure(error, "write"));
    }

    private FlowError Send(Packet packet) => _stage is { } stage ? stage.Write(packet) : _lower!.Send(packet);

    private FlowError CheckWrite(int length)
    {
        var lower = _lower;
        if (lower is null || IsClosed) return FlowError.NotAllocated;
        var flags = Flags;
        if ((flags & FlowFlags.AccessMode) == FlowFlags.ReadOnly) return FlowError.NotPermitted;
        if ((_receive.State & (RingState.FlowDown | RingState.PeerDead)) != 0)
        {
            return (_receive.State & RingState.FlowDown) != 0 ? FlowError.FlowDown : FlowError.PeerDead;
        }
        if (length > Pool.MaxLength) return FlowError.MessageTooLong;
        return _stage is { } stage ? stage.Admits(length, lower) : length > lower.MaxPacketSize ? FlowError.MessageTooLong : FlowError.None;
    }

    internal ValueTask<FlowError> WaitWritableAsync(int length, TimeSpan timeout, CancellationToken cancellationToken) =>
        _stage is { } stage ? stage.WaitWritableAsync(length, timeout, cancellationToken) : _lower!.WaitWritableAsync(timeout, cancellationToken);

    private bool MayWait(FlowError error, FlowFlags noBlock) => error == FlowError.TryAgain && (Flags & noBlock) == 0;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WriteSlowAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var deadline = Deadline.After(_time, WriteTimeout);
        var packet = await RentAsync(data.Length, deadline, cancellationToken).ConfigureAwait(false);
        data.Span.CopyTo(packet.Span);
        await SendSlowAsync(packet, deadline, cancellationToken).ConfigureAwait(false);
        return data.Length;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendSlowAsync(Packet packet, Deadline deadline, CancellationToken cancellationToken)
    {
        var sent = false;
        try
        {
            var error = TryWrite(packet);
            while (error == FlowError.TryAgain)
            {
                var wait = await WaitWritableAsync(packet.Length, deadline.Remaining, cancellationToken).ConfigureAwait(false);
                // What is wrong at this end comes first: that it was released, above all.
                error = wait == FlowError.None ? TryWrite(packet) : CheckWrite(packet.Length) is var own and not FlowError.None ? own : wait;
            }
            if (error != FlowError.None) Throw(error, "write");
            sent = true;
        }
        finally
        {
            if (!sent) packet.Dispose();
        }
    }
}
