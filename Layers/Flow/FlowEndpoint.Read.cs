using System.Runtime.CompilerServices;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow;

/// <content>Reading: whole packets, or bytes with the remainder of a packet kept for the next read.</content>
public sealed partial class FlowEndpoint
{
    private Packet _remainder;
    private bool _endMark;

    /// <summary>Takes the next packet without waiting; empty packets (keepalives) are never shown.</summary>
    /// <returns><see cref="FlowError.None"/> and a packet that the caller owns; else TryAgain, FlowDown, PeerDead, NotAllocated.</returns>
    public FlowError TryRead(out Packet packet)
    {
        if (!_remainder.IsNull) return TakeRemainder(out packet);
        while (true)
        {
            var error = _receive.TryRead(out packet);
            if (error != FlowError.None) return IsClosed ? FlowError.NotAllocated : error;
            if (packet.Length != 0) return FlowError.None;
            packet.Dispose();
        }
    }

    /// <summary>Takes up to <paramref name="packets"/>.Length packets that wait; the caller owns them.</summary>
    /// <returns>How many; 0 when none waits.</returns>
    public int ReadBatch(Span<Packet> packets)
    {
        var count = _receive.ReadBatch(packets);
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (packets[i].Length != 0) packets[kept++] = packets[i];
            else packets[i].Dispose();
        }
        return kept;
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
        var error = TryRead(buffer.Span, out var length);
        if (error == FlowError.None) return new ValueTask<int>(length);
        if (!MayWait(error, FlowFlags.ReadNoBlock)) Throw(error, "read");
        return ReadSlowAsync(buffer, cancellationToken);
    }

    /// <summary>Takes the next packet; waits unless the flow is non-blocking. The caller owns it.</summary>
    /// <exception cref="FlowException">As <see cref="ReadAsync"/>.</exception>
    public ValueTask<Packet> ReadPacketAsync(CancellationToken cancellationToken = default)
    {
        var error = TryRead(out Packet packet);
        if (error == FlowError.None) return new ValueTask<Packet>(packet);
        if (!MayWait(error, FlowFlags.ReadNoBlock)) Throw(error, "read");
        return ReadPacketSlowAsync(cancellationToken);
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

    private FlowError TakeRemainder(out Packet packet)
    {
        packet = _remainder;
        _remainder = default;
        return FlowError.None;
    }

    private void KeepRemainder(Packet packet)
    {
        _remainder = packet;
        // Closing may have run meanwhile in another thread; nobody would come back for the remainder.
        if (IsClosed) DropRemainder();
    }

    private void DropRemainder()
    {
        var rest = Packet.FromHandle(Interlocked.Exchange(ref Unsafe.As<Packet, ulong>(ref _remainder), 0));
        if (!rest.IsNull) rest.Dispose();
        _endMark = false;
    }

    private string Explain(FlowError error, string action) => error switch
    {
        FlowError.NotAllocated when IsClosed => $"cannot {action}: the flow has been deallocated; allocate a new one",
        FlowError.NotAllocated => $"cannot {action}: the other side takes no packets, or the flow is not allocated yet",
        FlowError.NotPermitted => $"cannot {action}: the flow is read-only; set FlowFlags.ReadWrite to write",
        FlowError.MessageTooLong when action == "write" => $"cannot {action}: the packet is larger than {MaxPacketSize} bytes; send smaller packets",
        FlowError.MessageTooLong => "the packet was larger than the buffer and has been dropped; use a larger buffer or allow partial reads",
        FlowError.TryAgain when action == "write" => $"cannot {action} now: no room or packet memory, and the flow is non-blocking; try again later",
        FlowError.TryAgain => "nothing to read now, and the flow is non-blocking; wait for an event",
        FlowError.TimedOut => $"the {action} timed out; raise the flow's {(action == "write" ? "WriteTimeout" : "ReadTimeout")} or look at the peer",
        FlowError.FlowDown => $"cannot {action}: the flow is down (the peer released it or the layer failed); deallocate it and allocate a new one",
        FlowError.PeerDead => $"cannot {action}: the peer has not been heard of within {Qos.Timeout} ms; deallocate the flow",
        _ => $"cannot {action}: error {-(int)error}",
    };
}
