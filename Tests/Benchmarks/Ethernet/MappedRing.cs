using System.Runtime.InteropServices;
using static Ouroboros.Layers.Devices.SystemCalls;
using static Ouroboros.Layers.Ethernet.Sockets.Libc;

namespace Ouroboros.Tests.Benchmarks.Ethernet;

/// <summary>
/// A receive ring of a packet socket that is mapped into the process, packet(7): the other way that a device could receive. Version 2 hands over
/// single frames, version 3 blocks of them, when they are full or a millisecond old.
/// </summary>
internal sealed unsafe partial class MappedRing : IDisposable
{
    private const int BlockSize = 1 << 18;
    private const int Blocks = 16;
    private const int FrameSize = 2048;
    private const int Frames = BlockSize / FrameSize * Blocks;
    private const int PacketVersion = 10;
    private const int PacketReceiveRing = 5;
    private const int RetireMilliseconds = 1;
    private const uint User = 1;

    private readonly int _fd;
    private readonly bool _inBlocks;
    private readonly byte* _memory;
    private readonly byte* _copy = (byte*)NativeMemory.Alloc(FrameSize);
    private int _next;

    public MappedRing(int fd, int version)
    {
        _fd = fd;
        _inBlocks = version == 3;
        var number = version - 1;
        // struct tpacket_req: block size and count, frame size and count; tpacket_req3 has time-out, private bytes and features, too.
        var request = stackalloc uint[7] { BlockSize, Blocks, FrameSize, Frames, RetireMilliseconds, 0, 0 };
        if (SetOption(fd, SolPacket, PacketVersion, &number, sizeof(int)) != 0 || SetOption(fd, SolPacket, PacketReceiveRing, request, _inBlocks ? 28u : 16u) != 0)
        {
            throw new InvalidOperationException($"no mapped ring: {ErrorText(Marshal.GetLastPInvokeError())}");
        }
        _memory = Map(null, BlockSize * Blocks, 3, 1, fd, 0);
        if (_memory == (byte*)-1) throw new InvalidOperationException($"cannot map the ring: {ErrorText(Marshal.GetLastPInvokeError())}");
    }

    /// <summary>Takes the frames that are there, copies each, and gives them back.</summary>
    /// <returns>How many there were; 0 after the time-out.</returns>
    public int Read(int milliseconds)
    {
        var count = _inBlocks ? ReadBlock() : ReadFrames();
        if (count > 0) return count;
        var fd = new PollFd { Fd = _fd, Events = PollIn };
        _ = Poll(&fd, 1, milliseconds);
        return 0;
    }

    private int ReadFrames()
    {
        var count = 0;
        while (count < 64)
        {
            // struct tpacket2_hdr: status at 0, captured bytes at 8, offset of the frame at 12.
            var header = _memory + ((nint)_next * FrameSize);
            if ((Volatile.Read(ref *(uint*)header) & User) == 0) break;
            Copy(header + *(ushort*)(header + 12), *(int*)(header + 8));
            Volatile.Write(ref *(uint*)header, 0);
            _next = (_next + 1) % Frames;
            count++;
        }
        return count;
    }

    private int ReadBlock()
    {
        // struct tpacket_block_desc: status at 8, frames at 12, offset of the first at 16.
        var block = _memory + ((nint)_next * BlockSize);
        if ((Volatile.Read(ref *(uint*)(block + 8)) & User) == 0) return 0;
        var count = *(int*)(block + 12);
        var header = block + *(uint*)(block + 16);
        for (var i = 0; i < count; i++)
        {
            // struct tpacket3_hdr: distance to the next at 0, captured bytes at 12, offset of the frame at 24.
            Copy(header + *(ushort*)(header + 24), *(int*)(header + 12));
            header += *(uint*)header;
        }
        Volatile.Write(ref *(uint*)(block + 8), 0);
        _next = (_next + 1) % Blocks;
        return count;
    }

    private void Copy(byte* frame, int length) => Buffer.MemoryCopy(frame, _copy, FrameSize, Math.Min(length, FrameSize));

    public void Dispose()
    {
        _ = Unmap(_memory, BlockSize * Blocks);
        NativeMemory.Free(_copy);
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
