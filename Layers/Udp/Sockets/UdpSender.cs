using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ouroboros.Layers.Devices;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>
/// The sending direction of a <see cref="UdpSocket"/>: up to 64 packets a call. Each packet is [sockaddr of the destination | datagram]. Packets of
/// one size to one peer that follow each other go down as one message for the kernel to cut. One thread at a time uses it.
/// </summary>
public sealed unsafe class UdpSender : IBatchSender, IDisposable
{
    /// <summary>Packets that one call takes.</summary>
    public const int BatchSize = SendPump.BatchSize;

    /// <summary>Bytes that a message may have before it is cut; an IP packet has at most 65535.</summary>
    private const int MaxMessage = 65000;

    private readonly UdpSocket _socket;
    private readonly int _addressLength;
    private readonly byte* _memory;
    private readonly Libc.MessageHeader* _messages;
    private readonly Libc.Vector* _vectors;
    private readonly Libc.ControlNumber* _controls;
    private int _cutLimit;

    /// <summary>Makes the buffers.</summary>
    public UdpSender(UdpSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _socket = socket;
        _addressLength = socket.AddressLength;
        _cutLimit = socket.CanCut ? MaxMessage / 2 : 0;
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)(BatchSize * (sizeof(Libc.MessageHeader) + sizeof(Libc.Vector) + sizeof(Libc.ControlNumber))));
        _messages = (Libc.MessageHeader*)_memory;
        _vectors = (Libc.Vector*)(_messages + BatchSize);
        _controls = (Libc.ControlNumber*)(_vectors + BatchSize);
    }

    /// <summary>Sends packets, in order. What the system refuses is dropped and counted.</summary>
    /// <param name="packets">Up to <see cref="BatchSize"/> packets with their addresses.</param>
    /// <param name="wait">Whether to wait while the socket has no room.</param>
    /// <returns>How many are done with; they are disposed. The caller still owns the others, for which there was no room.</returns>
    public int Send(ReadOnlySpan<Packet> packets, bool wait)
    {
        var done = 0;
        while (done < packets.Length)
        {
            var n = SendSome(packets[done..], wait);
            if (n == 0) break;
            foreach (var packet in packets.Slice(done, n)) packet.Dispose();
            done += n;
        }
        return done;
    }

    int IBatchSender.SendBatch(ReadOnlySpan<Packet> frames) => Send(frames, wait: false);

    void IBatchSender.WaitWritable(int milliseconds) => _socket.WaitWritable(milliseconds);

    /// <summary>Frees the buffers.</summary>
    public void Dispose() => NativeMemory.Free(_memory);

    private int SendSome(ReadOnlySpan<Packet> packets, bool wait)
    {
        var messages = Build(packets);
        var sent = _socket.Send(_messages, messages, wait, out var error);
        if (sent > 0)
        {
            var (count, cut, bytes) = (0, 0, 0L);
            for (var i = 0; i < sent; i++)
            {
                var n = (int)_messages[i].VectorCount;
                count += n;
                if (n > 1) cut += n;
                bytes += _messages[i].Length;
            }
            _socket.Counters.NoteSent(count, bytes);
            _socket.Offload.NoteSend(cut);
            return count;
        }
        if (error is SystemCalls.Eagain) return 0;
        if (_messages[0].VectorCount > 1)
        {
            // Larger than the way takes uncut, or a device that cannot sum up what it cuts: from now on one by one, from this size on.
            _cutLimit = error is Libc.Einval or SystemCalls.Emsgsize ? (int)_vectors[0].Length - 1 : 0;
            return SendSome(packets, wait);
        }
        _socket.Counters.NoteDrop(error == SystemCalls.Emsgsize ? LinkDrop.TooLong : LinkDrop.SendFailed);
        return 1;
    }

    private int Build(ReadOnlySpan<Packet> packets)
    {
        var messages = 0;
        ref var message = ref _messages[0];
        var (total, size, open) = (0, 0, false);
        for (var i = 0; i < packets.Length && i < BatchSize; i++)
        {
            var span = packets[i].Span;
            var address = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(span));
            var length = span.Length - _addressLength;
            _vectors[i] = new Libc.Vector { Base = address + _addressLength, Length = (nuint)length };
            if (open && length <= size && length > 0 && total + length <= MaxMessage && span[.._addressLength].SequenceEqual(new ReadOnlySpan<byte>(message.Name, _addressLength)))
            {
                if (message.VectorCount++ == 1) SetSize(ref message, messages - 1, size);
                total += length;
                // A shorter one is the last.
                open = length == size;
                continue;
            }
            message = ref _messages[messages++];
            message = new Libc.MessageHeader { Name = address, NameLength = (uint)_addressLength, Vectors = _vectors + i, VectorCount = 1 };
            (total, size, open) = (length, length, length > 0 && length <= _cutLimit);
        }
        return messages;
    }

    private void SetSize(ref Libc.MessageHeader message, int index, int size)
    {
        _controls[index] = new Libc.ControlNumber { Length = (nuint)(sizeof(Libc.ControlNumber) - 6), Level = Libc.LevelUdp, Type = Libc.UdpSegment, Value = size };
        message.Control = _controls + index;
        message.ControlLength = (nuint)sizeof(Libc.ControlNumber);
    }
}
