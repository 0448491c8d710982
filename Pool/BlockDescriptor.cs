using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ouroboros.Pool;

/// <summary>
/// What is known of one block; lies in the pool's memory, apart from the blocks, where other processes can see it. Layout: README.md.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct BlockDescriptor
{
    public const int Size = 32;

    /// <summary>Free-list link: index of the next free block of the size plus one; 0 ends the list.</summary>
    [FieldOffset(0)] public uint Next;

    /// <summary>Generation (high half) and number of references (low half); 0 references = free.</summary>
    [FieldOffset(4)] public uint State;

    /// <summary>Offset of the first payload byte in the block (low half) and one past the last (high half), in one word.</summary>
    [FieldOffset(8)] public ulong Ends;

    /// <summary>Process that rented it last (low half) and shard to whose list it returns (high half).</summary>
    [FieldOffset(16)] public ulong Renter;

    /// <summary>Makes a packet of a free block that the caller has taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Packet Open(BlockDescriptor* descriptors, uint index, ulong handleBase, int length, ulong renter)
    {
        BlockDescriptor* block = descriptors + index;
        uint generation = block->State & 0xFFFF0000;
        block->Ends = MakeEnds(PoolLayout.HeadSpace, (uint)(PoolLayout.HeadSpace + length));
        block->Renter = renter;
        Volatile.Write(ref block->State, generation | 1);
        return new Packet(handleBase | ((ulong)generation << 16) | index);
    }

    public static ulong MakeRenter(int shard) => ((ulong)(uint)shard << 32) | (uint)PacketPool.Pid;

    public static ulong MakeEnds(uint head, uint tail) => ((ulong)tail << 32) | head;
}
