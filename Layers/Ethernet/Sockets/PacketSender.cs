using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ouroboros.Layers.Devices;
using Ouroboros.Pool;
using static Ouroboros.Layers.Devices.SystemCalls;
using static Ouroboros.Layers.Ethernet.Sockets.Libc;

namespace Ouroboros.Layers.Ethernet.Sockets;

/// <summary>Batches of frames out of packet memory with <c>sendmmsg</c>. A frame that the kernel refuses is counted and left behind.</summary>
internal sealed unsafe class PacketSender : IBatchSender, IDisposable
{
    private readonly PacketSocket _socket;
    private readonly LinkCounters _counters;
    private readonly MessageHeader* _messages;
    private readonly IoVector* _vectors;

    /// <summary>Made by the device that owns the socket.</summary>
    public PacketSender(PacketSocket socket, LinkCounters counters)
    {
        _socket = socket;
        _counters = counters;
        _messages = (MessageHeader*)NativeMemory.AllocZeroed(SendPump.BatchSize, (nuint)sizeof(MessageHeader));
        _vectors = (IoVector*)NativeMemory.AllocZeroed(SendPump.BatchSize, (nuint)sizeof(IoVector));
        for (var i = 0; i < SendPump.BatchSize; i++)
        {
            _messages[i].Vectors = _vectors + i;
            _messages[i].VectorCount = 1;
        }
    }

    /// <inheritdoc/>
    public int SendBatch(ReadOnlySpan<Packet> frames)
    {
        for (var i = 0; i < frames.Length; i++)
        {
            var span = frames[i].Span;
            _vectors[i].Base = Unsafe.AsPointer(ref MemoryMarshal.GetReference(span));
            _vectors[i].Length = (nuint)span.Length;
        }
        var done = 0;
        while (done < frames.Length)
        {
            var sent = SendMany(_socket.Packet, _messages + done, (uint)(frames.Length - done), MsgDontWait);
            if (sent > 0)
            {
                long bytes = 0;
                for (var i = done; i < done + sent; i++)
                {
                    bytes += (long)_vectors[i].Length;
                    frames[i].Dispose();
                }
                _counters.NoteSent(sent, bytes);
                done += sent;
                continue;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error == Eintr) continue;
            if (error == Eagain) break;
            _counters.NoteDrop(error switch
            {
                Enetdown or Enxio or Enodev => LinkDrop.LinkDown,
                Emsgsize => LinkDrop.TooLong,
                _ => LinkDrop.SendFailed,
            });
            frames[done++].Dispose();
        }
        return done;
    }

    /// <inheritdoc/>
    public void WaitWritable(int milliseconds)
    {
        var fd = new PollFd { Fd = _socket.Packet, Events = PollOut };
        _ = Poll(&fd, 1, milliseconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
    }
}
