using System.Numerics;
using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.Secrets;

/// <summary>
/// Native memory for secrets, in slabs that are locked into physical memory and left out of core dumps, where the system allows that. Blocks
/// come in powers of two, so that a 32-byte key does not take a page of the few that a process may lock. Slabs are kept for the next secret.
/// </summary>
internal static unsafe partial class SecretMemory
{
    private const int SlabLength = 64 * 1024;
    private const int Smallest = 32;
    private const int DoNotDump = 16;
    private const int NoAccess = 0;
    private const int PrivateAnonymous = 0x22;
    private const uint LockOnFault = 1;

    private static readonly Lock Gate = new();
    private static readonly Stack<nint>[] Free = [.. Enumerable.Range(0, 12).Select(_ => new Stack<nint>())];
    private static long _locked;
    private static long _unlocked;

    /// <summary>Bytes of slabs that are locked.</summary>
    public static long LockedBytes => Interlocked.Read(ref _locked);

    /// <summary>Bytes of slabs that the system did not lock (RLIMIT_MEMLOCK): they may be written to swap space.</summary>
    public static long UnlockedBytes => Interlocked.Read(ref _unlocked);

    /// <summary>Largest block, bytes.</summary>
    public static int Largest => Smallest << (Free.Length - 1);

    /// <summary>Takes a block of zeros.</summary>
    public static byte* Rent(int length)
    {
        var order = Order(length);
        lock (Gate)
        {
            var free = Free[order];
            if (free.Count == 0) AddSlab(free, Smallest << order);
            return (byte*)free.Pop();
        }
    }

    /// <summary>Wipes a block and gives it back.</summary>
    public static void Return(byte* block, int length)
    {
        var order = Order(length);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(new Span<byte>(block, Smallest << order));
        lock (Gate) Free[order].Push((nint)block);
    }

    /// <summary>Whether the system would lock so many bytes more, at this moment. Pages that are never touched take no memory.</summary>
    public static bool CanLock(long length)
    {
        if (!OperatingSystem.IsLinux()) return false;
        var trial = mmap(null, (nuint)length, NoAccess, PrivateAnonymous, -1, 0);
        if (trial == (void*)-1) return false;
        try
        {
            // No page of it can be touched, so none is made: only the limit is asked about.
            return mlock2((byte*)trial, (nuint)length, LockOnFault) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
        finally
        {
            _ = munmap(trial, (nuint)length);
        }
    }

    private static int Order(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Largest);
        return length <= Smallest ? 0 : BitOperations.Log2((uint)(length - 1) / Smallest) + 1;
    }

    private static void AddSlab(Stack<nint> free, int block)
    {
        var slab = (byte*)NativeMemory.AlignedAlloc(SlabLength, (nuint)Environment.SystemPageSize);
        NativeMemory.Clear(slab, SlabLength);
        var locked = !OperatingSystem.IsWindows() && mlock(slab, SlabLength) == 0;
        Interlocked.Add(ref locked ? ref _locked : ref _unlocked, SlabLength);
        if (OperatingSystem.IsLinux()) _ = madvise(slab, SlabLength, DoNotDump);
        for (var offset = SlabLength - block; offset >= 0; offset -= block) free.Push((nint)(slab + offset));
    }

    [LibraryImport("libc")]
    private static partial int mlock(byte* address, nuint length);

    [LibraryImport("libc")]
    private static partial int madvise(byte* address, nuint length, int advice);

    [LibraryImport("libc")]
    private static partial int mlock2(byte* address, nuint length, uint flags);

    [LibraryImport("libc")]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int munmap(void* address, nuint length);
}
