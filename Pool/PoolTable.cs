using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ouroboros.Pool;

/// <summary>All pools of this process by number: what turns the 64 bits of a handle into a block, or rejects them.</summary>
internal static class PoolTable
{
    /// <summary>Handle: [pool 16 | generation 16 | size class 4 | index 28], high bits first.</summary>
    public const int ClassBits = 4;
    public const int IndexBits = 28;
    public const uint IndexMask = (1u << IndexBits) - 1;
    private const int MaxPools = ushort.MaxValue;

    // A number rests for a while before it is given out again, so that a handle that outlived its pool hits nothing.
    private const int Resting = 256;

    private static readonly Lock Gate = new();
    private static readonly Queue<int> Freed = new();
    private static int s_next = 1;
    private static ClassEntry[] s_entries = new ClassEntry[8 << ClassBits];

    /// <summary>The entry of a handle; one with count 0 when there is no such pool or class.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref ClassEntry Find(ulong handle)
    {
        ClassEntry[] entries = s_entries;
        uint i = ((uint)(handle >> 48) << ClassBits) | ((uint)handle >> IndexBits);
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(entries), (nint)(i < (uint)entries.Length ? i : 0));
    }

    public static ulong Handle(int pool, int sizeClass, uint index, uint generation)
        => ((ulong)(uint)pool << 48) | ((ulong)generation << 32) | ((uint)sizeClass << IndexBits) | index;

    public static int NewNumber()
    {
        lock (Gate)
        {
            if (Freed.Count > Resting || (s_next > MaxPools && Freed.Count > 0)) return Freed.Dequeue();
            if (s_next > MaxPools) throw new FlowException(FlowError.OutOfMemory, $"{MaxPools} packet pools are open; dispose some");
            int number = s_next++;
            int needed = (number + 1) << ClassBits;
            if (needed > s_entries.Length)
            {
                var bigger = new ClassEntry[Math.Max(needed, s_entries.Length * 2)];
                s_entries.CopyTo(bigger, 0);
                Volatile.Write(ref s_entries, bigger);
            }
            return number;
        }
    }

    public static void Publish(int pool, int sizeClass, in ClassEntry entry)
    {
        lock (Gate)
        {
            ref ClassEntry slot = ref s_entries[(pool << ClassBits) | sizeClass];
            uint count = entry.Count;
            slot = entry with { Count = 0 };
            Volatile.Write(ref slot.Count, count);
        }
    }

    public static void Withdraw(int pool)
    {
        lock (Gate)
        {
            for (int i = 0; i < 1 << ClassBits; i++) Volatile.Write(ref s_entries[(pool << ClassBits) | i].Count, 0);
            for (int i = 0; i < 1 << ClassBits; i++) s_entries[(pool << ClassBits) | i].Class = null!;
            Freed.Enqueue(pool);
        }
    }
}
