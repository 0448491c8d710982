using System.Runtime.InteropServices;
using Ouroboros.Pool.Interop;

namespace Ouroboros.Pool;

/// <summary>
/// The bytes of a pool: zero at first, committed when they are first touched. When disposed they are given back to the system at once,
/// but the addresses stay good until nobody can use them: a handle that outlived its pool finds zeros, not a fault.
/// </summary>
internal sealed unsafe class PoolMemory : IDisposable
{
    private readonly bool _isMapped;
    private readonly SharedFile? _file;
    private int _disposed;

    private PoolMemory(byte* address, long size, bool isMapped, SharedFile? file)
    {
        Address = address;
        Size = size;
        _isMapped = isMapped;
        _file = file;
    }

    ~PoolMemory()
    {
        if (_isMapped) _ = Libc.Unmap((nint)Address, (nuint)Size);
        else NativeMemory.Free(Address);
    }

    public byte* Address { get; }

    public long Size { get; }

    /// <summary>Where other processes find it; null when they cannot.</summary>
    public string? Path => _file?.Path;

    /// <summary>Memory of this process only, beginning with the header.</summary>
    public static PoolMemory Anonymous(in PoolHeader header, long size)
    {
        PoolMemory memory;
        if (OperatingSystem.IsLinux())
        {
            nint address = Libc.Map(0, (nuint)size, Libc.ProtReadWrite, Libc.MapPrivate | Libc.MapAnonymous | Libc.MapNoReserve, -1, 0);
            if (address == -1) throw new FlowException(FlowError.OutOfMemory, $"no {size} bytes for a packet pool: {Libc.LastError}");
            memory = new PoolMemory((byte*)address, size, isMapped: true, null);
        }
        else
        {
            memory = new PoolMemory((byte*)NativeMemory.AllocZeroed((nuint)size), size, isMapped: false, null);
        }
        *(PoolHeader*)memory.Address = header;
        return memory;
    }

    /// <summary>A file that other processes can attach; anonymous memory, and a warning, where that is not possible.</summary>
    public static PoolMemory Shared(
        string path, in PoolHeader header, long size, uint uid, uint? gid, uint mode, List<string> warnings)
    {
        string? reason = WhyNotShared(path, size);
        if (reason is not null)
        {
            warnings.Add($"packet pool {path} is memory of this process only, no other can attach it: {reason}");
            return Anonymous(header, size);
        }
        SharedFile file = SharedFile.Make(
            path, size, MemoryMarshal.AsBytes(new ReadOnlySpan<PoolHeader>(in header)), uid, gid, mode, warnings, out nint address);
        return new PoolMemory((byte*)address, size, isMapped: true, file);
    }

    /// <summary>Locks it in RAM.</summary>
    /// <returns>Null, or why not.</returns>
    public string? TryLock() => _isMapped && Libc.LockInMemory((nint)Address, (nuint)Size) == 0
        ? null
        : $"a packet pool of {Size} bytes cannot be locked in RAM: {(_isMapped ? Libc.LastError : "not supported here")}";

    /// <summary>Takes the file's name away, so that another pool may have it; the memory stays.</summary>
    public void RemoveName() => _file?.Dispose();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        RemoveName();
        if (_isMapped) _ = Libc.Advise((nint)Address, (nuint)Size, _file is null ? Libc.AdviseDontNeed : Libc.AdviseRemove);
    }

    private static string? WhyNotShared(string path, long size)
    {
        if (!OperatingSystem.IsLinux()) return "this system has no shared-memory folder";
        string folder = System.IO.Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder)) return $"there is no folder {folder}";

        // Pages are committed when they are touched, and a full folder would then kill the process: refuse while there is a choice.
        long free = new DriveInfo(folder).AvailableFreeSpace;
        return free < size ? $"{folder} has {free} bytes left, {size} are needed" : null;
    }
}
