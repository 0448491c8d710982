using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Ouroboros.Tests.Benchmarks.Udp;

/// <summary>A bare sendmmsg loop in one thread and a bare recvmmsg loop in another, 64 datagrams a call: what the machine can do.</summary>
internal sealed unsafe partial class BareLoop : IDisposable
{
    private const int Batch = 64;
    private const int WaitForOne = 0x10000;

    private readonly Socket _from;
    private readonly Socket _to;
    private readonly Message* _out;
    private readonly Message* _in;
    private readonly byte* _memory;
    private volatile bool _stop;

    public BareLoop(Socket from, Socket to, IPEndPoint destination, int size)
    {
        (_from, _to) = (from, to);
        var memory = 2 * Batch * (sizeof(Message) + sizeof(Vector) + 2048);
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)(memory + 16));
        _out = (Message*)_memory;
        _in = _out + Batch;
        var vectors = (Vector*)(_in + Batch);
        var data = (byte*)(vectors + (2 * Batch));
        var name = _memory + memory;
        name[0] = 2;
        name[2] = (byte)(destination.Port >> 8);
        name[3] = (byte)destination.Port;
        destination.Address.GetAddressBytes().CopyTo(new Span<byte>(name + 4, 4));
        for (var i = 0; i < 2 * Batch; i++)
        {
            vectors[i] = new Vector { Base = data + (i * 2048), Length = (nuint)(i < Batch ? size : 2048) };
            _out[i] = new Message { Name = i < Batch ? name : null, NameLength = i < Batch ? 16u : 0, Vectors = vectors + i, VectorCount = 1 };
        }
    }

    public (long Sent, long Received, double Seconds) Run(TimeSpan duration)
    {
        var received = 0L;
        var reader = new Thread(() =>
        {
            while (!_stop)
            {
                var n = ReceiveMany((int)_to.Handle, _in, Batch, WaitForOne, null);
                if (n > 0) received += n;
            }
        });
        reader.Start();
        var (sent, start) = (0L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            var n = SendMany((int)_from.Handle, _out, Batch, 0);
            if (n > 0) sent += n;
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _stop = true;
        _ = Shutdown((int)_to.Handle, 2);
        reader.Join();
        return (sent, received, seconds);
    }

    public void Dispose() => NativeMemory.Free(_memory);

    [LibraryImport("libc", EntryPoint = "recvmmsg")]
    private static partial int ReceiveMany(int fd, Message* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg")]
    private static partial int SendMany(int fd, Message* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    private static partial int Shutdown(int fd, int how);

    /// <summary>struct mmsghdr, 64 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct Message
    {
        [FieldOffset(0)] public void* Name;
        [FieldOffset(8)] public uint NameLength;
        [FieldOffset(16)] public Vector* Vectors;
        [FieldOffset(24)] public nuint VectorCount;
    }

    /// <summary>struct iovec.</summary>
    private struct Vector
    {
        public void* Base;
        public nuint Length;
    }
}
