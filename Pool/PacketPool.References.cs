using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Ouroboros.Pool;

public sealed unsafe partial class PacketPool
{
    internal static void Retain(ulong handle)
    {
        ref ClassEntry entry = ref PoolTable.Find(handle);
        uint index = (uint)handle & PoolTable.IndexMask;
        if (index >= entry.Count) ThrowForged(handle);
        ref uint state = ref (entry.Blocks + index)->State;
        while (true)
        {
            uint old = Volatile.Read(ref state);
            if (old >> 16 != (ushort)(handle >> 32) || (ushort)old == 0) ThrowStale(handle);
            if ((ushort)old == ushort.MaxValue) throw new InvalidOperationException("a packet has at most 65,535 references");
            if (Interlocked.CompareExchange(ref state, old + 1, old) == old) return;
        }
    }

    internal static void Release(ulong handle)
    {
        ref ClassEntry entry = ref PoolTable.Find(handle);
        uint index = (uint)handle & PoolTable.IndexMask;
        if (index >= entry.Count)
        {
            RefuseForged(handle);
            return;
        }

        // The last reference: the next generation starts, and only the thread that started it may put the block on a list.
        ref uint state = ref (entry.Blocks + index)->State;
        uint mine = ((uint)(handle >> 16) & 0xFFFF0000) | 1;
        if (Interlocked.CompareExchange(ref state, mine + ushort.MaxValue, mine) == mine || ReleaseSlowly(ref state, entry.Class, handle))
            entry.Class.Pool.Give(entry.Class, (int)((uint)handle >> PoolTable.IndexBits), index);
    }

    [DoesNotReturn]
    internal static void ThrowForged(ulong handle)
        => throw new InvalidOperationException(handle == 0
            ? "this is no packet: it is the default value"
            : $"{Packet.FromHandle(handle)} does not exist: its pool was disposed, or the handle was made up");

    [DoesNotReturn]
    internal static void ThrowStale(ulong handle)
        => throw new InvalidOperationException($"{Packet.FromHandle(handle)} was disposed before, or passed to somebody who did");

    [DoesNotReturn]
    internal static void ThrowDamaged(ulong handle)
        => throw new InvalidOperationException($"the descriptor of {Packet.FromHandle(handle)} was overwritten by another process");

    /// <summary>Not the only reference, or none at all.</summary>
    /// <returns>True when it was the last one after all.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool ReleaseSlowly(ref uint state, SizeClass sizeClass, ulong handle)
    {
        while (true)
        {
            uint old = Volatile.Read(ref state);
            if (old >> 16 != (ushort)(handle >> 32) || (ushort)old == 0)
            {
                RefuseStale(sizeClass, handle);
                return false;
            }
            bool last = (ushort)old == 1;
            if (Interlocked.CompareExchange(ref state, last ? old + ushort.MaxValue : old - 1, old) == old) return last;
        }
    }

    private static void RefuseForged(ulong handle)
    {
        if (Checked) ThrowForged(handle);
    }

    private static void RefuseStale(SizeClass sizeClass, ulong handle)
    {
        Interlocked.Increment(ref sizeClass.Pool._badReleases);
        if (Checked) ThrowStale(handle);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Give(SizeClass sizeClass, int c, uint index)
    {
        ThreadCacheState* cache = CacheOfThread();
        if (!cache->TryPut(c, index)) cache->PutSlowly(sizeClass, index);
        if (Volatile.Read(ref sizeClass.Attention) != 0) Attend(sizeClass);
    }

    /// <summary>A block of this size may be in this thread's cache, and somebody sleeps, or the pool is to go.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Attend(SizeClass sizeClass)
    {
        if (IsRetired)
        {
            ReleaseIfUnused();
            return;
        }
        TakeAwayFromOwnCache(sizeClass);
        Dispatch();
    }
}
