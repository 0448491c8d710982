using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ouroboros.Pool;

/// <summary>
/// Free blocks that one thread keeps for itself, so that renting and returning touch no shared memory, and that thread's counts. Lies
/// outside the GC heap: a thread-static number is found in a third of the time of a thread-static object (2 against 6 ns here, twice per
/// packet). Only its thread calls what is here; <see cref="ThreadCache"/> has what others may call, and how they agree.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ThreadCacheState
{
    /// <summary>The pool's number; 0 when the pool has gone.</summary>
    public int Number;

    /// <summary>The thread's shard.</summary>
    public int Shard;

    /// <summary>The thread is between the two stores that bracket each change of the slots.</summary>
    public int Busy;

    /// <summary>Another thread wants the slots.</summary>
    public int Locked;

    public ulong Renter;
    public long Rented;
    public long Returned;

    private Slots _slots;

    /// <summary>Makes a packet of a block that is here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRent(int c, int length, out Packet packet)
    {
        Volatile.Write(ref Busy, 1);
        Slot* slot = SlotOf(c);
        int n = slot->Count - 1;
        if (Volatile.Read(ref Locked) != 0 || n < 0)
        {
            Volatile.Write(ref Busy, 0);
            packet = default;
            return false;
        }
        uint index = slot->Blocks[n];
        slot->Count = n;
        Volatile.Write(ref Busy, 0);
        Rented++;
        packet = BlockDescriptor.Open(slot->Descriptors, index, slot->HandleBase, length, Renter);
        return true;
    }

    /// <summary>Puts a free block in and counts it, unless this is full.</summary>
    /// <returns>False when it is still the caller's: full, or another thread is taking blocks away.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPut(int c, uint index)
    {
        Volatile.Write(ref Busy, 1);
        Slot* slot = SlotOf(c);
        int n = slot->Count;
        if (Volatile.Read(ref Locked) != 0 || n >= slot->Limit)
        {
            Volatile.Write(ref Busy, 0);
            return false;
        }
        slot->Blocks[n] = index;
        slot->Count = n + 1;
        Volatile.Write(ref Busy, 0);
        Returned++;
        return true;
    }

    /// <summary>After <see cref="TryPut"/> refused: makes room by moving the older half to the shards, or puts the block there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void PutSlowly(SizeClass sizeClass, uint index)
    {
        bool put = false;
        Slot* slot = SlotOf(sizeClass.Index);
        if (slot->Limit > 0)
        {
            Volatile.Write(ref Busy, 1);
            if (Volatile.Read(ref Locked) == 0)
            {
                if (slot->Count == slot->Limit) Flush(sizeClass, slot->Limit / 2);
                slot->Blocks[slot->Count++] = index;
                put = true;
            }
            Volatile.Write(ref Busy, 0);
        }
        if (!put) sizeClass.Push(sizeClass.HomeOf(index), new ReadOnlySpan<uint>(in index));
        Volatile.Write(ref Returned, Returned + 1);
    }

    /// <summary>Gets half of what may be kept from the shards.</summary>
    /// <returns>False when the shards have none, this size is not kept here, or another thread is taking blocks away.</returns>
    public bool TryRefill(SizeClass sizeClass, out bool stolen)
    {
        stolen = false;
        Slot* slot = SlotOf(sizeClass.Index);
        int wanted = Math.Min((slot->Limit + 1) / 2, slot->Limit - slot->Count);
        if (wanted <= 0) return false;
        int n = 0;
        Volatile.Write(ref Busy, 1);
        if (Volatile.Read(ref Locked) == 0)
        {
            n = sizeClass.Take(Shard, new Span<uint>(slot->Blocks + slot->Count, wanted), out stolen);
            slot->Count += n;
        }
        Volatile.Write(ref Busy, 0);
        return n > 0;
    }

    /// <summary>Says where the blocks of a class are to be kept, and how many.</summary>
    public void SetUp(SizeClass sizeClass, uint* blocks, int limit) => *SlotOf(sizeClass.Index) = new Slot
    {
        Descriptors = sizeClass.Descriptors,
        HandleBase = PoolTable.Handle(Number, sizeClass.Index, 0, 0),
        Blocks = blocks,
        Limit = limit,
    };

    /// <summary>Blocks of a class; exact only while nobody changes it.</summary>
    public int Count(int c) => Volatile.Read(ref SlotOf(c)->Count);

    /// <summary>Whoever may change the slots: moves the oldest blocks of a class to the shards that they came from.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Flush(SizeClass sizeClass, int n)
    {
        Slot* slot = SlotOf(sizeClass.Index);
        var blocks = new Span<uint>(slot->Blocks, slot->Count);
        for (int i = 0; i < n;)
        {
            int home = sizeClass.HomeOf(blocks[i]);
            int end = i + 1;
            while (end < n && sizeClass.HomeOf(blocks[end]) == home) end++;
            sizeClass.Push(home, blocks[i..end]);
            i = end;
        }
        blocks[n..].CopyTo(blocks);
        slot->Count -= n;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Slot* SlotOf(int c) => (Slot*)Unsafe.AsPointer(ref _slots) + c;

    /// <summary>What is kept of one size, and what it takes to make a packet of it.</summary>
    private struct Slot
    {
        public BlockDescriptor* Descriptors;
        public ulong HandleBase;
        public uint* Blocks;
        public int Limit;
        public int Count;
    }

    [InlineArray(PoolLayout.Classes)]
    private struct Slots
    {
        private Slot _first;
    }
}
