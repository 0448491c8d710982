using System.Runtime.CompilerServices;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow;

/// <content>Reading: whole packets, or bytes with the remainder of a packet kept for the next read.</content>
public sealed partial class FlowEndpoint
{
    private Packet _remainder;
    private bool _endMark;

    /// <summary>Whether a read returns something now.</summary>
    public bool IsReadable => _receive.Count != 0 || !_remainder.IsNull;

    /// <summary>Takes the next packet, or what is left of one, without waiting.</summary>
    /// <returns><see cref="FlowError.None"/> and a packet that the caller owns; else TryAgain, FlowDown, PeerDead, NotAllocated.</returns>
    public FlowError TryRead(out Packet packet)
    {
        _endMark = false;
        if (TakeRemainder(out packet)) return FlowError.None;
        var error = _receive.TryRead(out packet);
        if (error == FlowError.None)
        {
            _stage?.OnRead();
            return error;
        }
        return error != FlowError.None && IsClosed ? FlowError.NotAllocated : error;
    }

    /// <summary>Takes up to <paramref name="packets"/>.Length packets that wait; the caller owns them.</summary>
    /// <returns>How many; 0 when none waits.</returns>
    public int ReadBatch(Span<Packet> packets)
    {
        if (packets.IsEmpty) return 0;
        _endMark = false;
        var count = TakeRemainder(out packets[0]) ? 1 + _receive.ReadBatch(packets[1..]) : _receive.ReadBatch(packets);
        if (count != 0) _stage?.OnRead();
        return count;
    }

    /// <summary>
    /// Reads bytes of one packet without waiting. With partial reads (the default) a packet larger than the buffer is continued by the next
    /// read, and one that fills the buffer exactly is followed by a read of 0 bytes, the end of packet.
    /// </summary>
    /// <param name="buffer">Where to; its length decides how much of the packet is taken.</param>
    /// <param name="length">Bytes read.</param>
    public FlowError TryRead(Span<byte> buffer, out int length)
    {
        length = 0;
        if (_endMark)
        {
            _endMark = false;
            return FlowError.None;
        }
        var error = TryRead(out Packet packet);
        if (error != FlowError.None) return error;
        var partial = (Flags & FlowFlags.ReadNoPartial) == 0;
        if (packet.Length > buffer.Length)
        {
            if (!partial)
            {
                packet.Dispose();
                return FlowError.MessageTooLong;
            }
            packet.PopHeader(buffer.Length).CopyTo(buffer);
            length = buffer.Length;
            KeepRemainder(packet);
            return FlowError.None;
        }
        length = packet.Length;
        packet.Span.CopyTo(buffer);
        packet.Dispose();
        _endMark = partial && length == buffer.Length;
        return FlowError.None;
    }

    /// <summary>Reads bytes of one packet; waits unless the flow is non-blocking.</summary>
    /// <returns>Bytes read; 0 is the end mark of a packet that filled the previous buffer exactly.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.NotAllocated"/>, <see cref="FlowError.TryAgain"/> (non-blocking), <see cref="FlowError.TimedOut"/>,
    /// <see cref="FlowError.FlowDown"/>, <see cref="FlowError.PeerDead"/>, <see cref="FlowError.MessageTooLong"/> (no partial reads).
    /// </exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<int>(cancellationToken);
        var error = TryRead(buffer.Span, out var length);
        if (error == FlowError.None) return new ValueTask<int>(length);
        return MayWait(error, FlowFlags.ReadNoBlock)
            ? ReadSlowAsync(buffer, cancellationToken)
            : ValueTask.FromException<int>(Failure(error, "read"));
    }

    /// <summary>Takes the next packet; waits unless the flow is non-blocking. The caller owns it.</summary>
    /// <exception cref="FlowException">As <see cref="ReadAsync"/>.</exception>
    public ValueTask<Packet> ReadPacketAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<Packet>(cancellationToken);
        var error = TryRead(out Packet packet);
        if (error == FlowError.None) return new ValueTask<Packet>(packet);
        return MayWait(error, FlowFlags.ReadNoBlock)
            ? ReadPacketSlowAsync(cancellationToken)
            : ValueTask.FromException<Packet>(Failure(error, "read"));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadSlowAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var deadline = Deadline.After(_time, ReadTimeout);
        while (true)
        {
            await WaitReadableAsync(deadline, cancellationToken).ConfigureAwait(false);
            var error = TryRead(buffer.Span, out var length);
            if (error == FlowError.None) return length;
            if (error != FlowError.TryAgain) Throw(error, "read");
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Packet> ReadPacketSlowAsync(CancellationToken cancellationToken)
    {
        var deadline = Deadline.After(_time, ReadTimeout);
        while (true)
        {
            await WaitReadableAsync(deadline, cancellationToken).ConfigureAwait(false);
            var error = TryRead(out Packet packet);
            if (error == FlowError.None) return packet;
            if (error != FlowError.TryAgain) Throw(error, "read");
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitReadableAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        var error = await _receive.WaitReadableAsync(deadline.Remaining, cancellationToken).ConfigureAwait(false);
        if (error != FlowError.None) Throw(IsClosed ? FlowError.NotAllocated : error, "read");
    }

    // Closing may run in another thread at any moment: whoever exchanges the handle owns the packet.
    private bool TakeRemainder(out Packet packet)
    {
        packet = _remainder.IsNull ? default : ExchangeRemainder(default);
        return !packet.IsNull;
    }

    private void KeepRemainder(Packet packet)
    {
        ExchangeRemainder(packet);
        // Nobody would come back for it.
        if (IsClosed) DropRemainder();
        else Notify(FlowEventType.Packet);
    }

    private void DropRemainder()
    {
        var rest = ExchangeRemainder(default);
        if (!rest.IsNull) rest.Dispose();
        _endMark = false;
    }

    private Packet ExchangeRemainder(Packet packet) =>
        Packet.FromHandle(Interlocked.Exchange(ref Unsafe.As<Packet, ulong>(ref _remainder), packet.Handle));

    private string Explain(FlowError error, string action) => error switch
    {
        FlowError.NotAllocated when IsClosed => $"cannot {action}: the flow has been deallocated; allocate a new one",
        FlowError.NotAllocated => $"cannot {action}: the other side takes no packets (its flow is write-only), or the flow is not allocated yet",
        FlowError.NotPermitted => $"cannot {action}: the flow is read-only; set FlowFlags.ReadWrite to write",
        FlowError.MessageTooLong when action == "write" => $"cannot {action}: the packet is larger than {MaxPacketSize} bytes; send smaller packets",
        FlowError.MessageTooLong => "the packet was larger than the buffer and has been dropped; use a larger buffer or allow partial reads",
        FlowError.TryAgain when action == "write" => $"cannot {action} now: no room or packet memory, and the flow is non-blocking; try again later",
        FlowError.TryAgain => "nothing to read now, and the flow is non-blocking; wait for an event",
        FlowError.TimedOut => $"the {action} timed out; raise the flow's {(action == "write" ? "WriteTimeout" : "ReadTimeout")} or look at the peer",
        FlowError.FlowDown => $"cannot {action}: the flow is down (the peer released it or does not acknowledge, or the layer failed); deallocate it and allocate a new one",
        FlowError.PeerDead => $"cannot {action}: the peer has not been heard of within {Qos.Timeout} ms; deallocate the flow",
        _ => $"cannot {action}: error {-(int)error}",
    };
}
