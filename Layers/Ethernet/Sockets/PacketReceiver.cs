using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ouroboros.Layers.Devices;
using Ouroboros.Pool;
using static Ouroboros.Layers.Devices.SystemCalls;
using static Ouroboros.Layers.Ethernet.Sockets.Libc;

namespace Ouroboros.Layers.Ethernet.Sockets;

/// <summary>
/// Batches of frames straight into pool packets: <c>recvmmsg</c> with one packet a message. Slots whose packet was handed on get a new one
/// before the next call; where the pool is exhausted they get a buffer whose frames are dropped, so the socket never stands still.
/// </summary>
internal sealed unsafe class PacketReceiver : IDisposable
{
    private readonly PacketPool _pool;
    private readonly LinkCounters _counters;
    private readonly int _batch;
    private readonly Packet[] _slots;
    private readonly Packet[] _received;
    private readonly MessageHeader* _messages;
    private readonly IoVector* _vectors;
    private byte* _waste;
    private int _capacity;

    /// <summary>Makes the slots, without packets.</summary>
    public PacketReceiver(PacketPool pool, LinkCounters counters, int batch)
    {
        _pool = pool;
        _counters = counters;
        _batch = batch;
        _slots = new Packet[batch];
        _received = new Packet[batch];
        _messages = (MessageHeader*)NativeMemory.AllocZeroed((nuint)batch, (nuint)sizeof(MessageHeader));
        _vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)batch, (nuint)sizeof(IoVector));
        for (var i = 0; i < batch; i++)
        {
            _messages[i].Vectors = _vectors + i;
            _messages[i].VectorCount = 1;
        }
    }

    /// <summary>How large frames can be from now on, link header included.</summary>
    public void SetFrameSize(int bytes)
    {
        if (bytes == _capacity) return;
        GiveBack();
        _capacity = bytes;
        NativeMemory.Free(_waste);
        _waste = (byte*)NativeMemory.Alloc((nuint)bytes);
    }

    /// <summary>Receives what is there.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="frames">The frames; valid until the next call, their packets are the caller's.</param>
    /// <returns>How many messages came, of which some may have been dropped; 0: none; negative: an error number.</returns>
    public int Receive(int fd, out ReadOnlySpan<Packet> frames)
    {
        frames = default;
        Fill();
        var count = ReceiveMany(fd, _messages, (uint)_batch, MsgDontWait, null);
        if (count < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is Eagain or Eintr ? 0 : -error;
        }
        var good = 0;
        long bytes = 0;
        for (var i = 0; i < count; i++)
        {
            var length = (int)_messages[i].Length;
            var packet = _slots[i];
            if (packet.IsNull)
            {
                _counters.NoteDrop(LinkDrop.NoMemory);
                continue;
            }
            if ((_messages[i].Flags & MsgTruncated) != 0 || length > _capacity)
            {
                // The packet stays in its slot.
                _counters.NoteDrop(LinkDrop.Truncated);
                continue;
            }
            _slots[i] = default;
            packet.Truncate(length);
            bytes += length;
            _received[good++] = packet;
        }
        if (good > 0) _counters.NoteReceived(good, bytes);
        frames = _received.AsSpan(0, good);
        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GiveBack();
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_waste);
    }

    private void Fill()
    {
        for (var i = 0; i < _batch; i++)
        {
            if (!_slots[i].IsNull) continue;
            if (_pool.TryRent(_capacity, out var packet))
            {
                _slots[i] = packet;
                _vectors[i].Base = Unsafe.AsPointer(ref MemoryMarshal.GetReference(packet.Span));
            }
            else
            {
                _vectors[i].Base = _waste;
            }
            _vectors[i].Length = (nuint)_capacity;
        }
    }

    private void GiveBack()
    {
        for (var i = 0; i < _batch; i++)
        {
            _slots[i].Dispose();
            _slots[i] = default;
        }
    }
}
