using System.Buffers;

namespace Ouroboros.Pool;

/// <summary>
/// The blocks of one size of one pool: lock-free lists of free blocks, one per shard, and the blocks that were never used, which belong
/// to shard 0 and are handed out when a shard has none (lazy distribution). All state lies in the pool's memory.
/// </summary>
/// <remarks>A list's head is one word, [changes 32 | index of first block + 1, 32]; the count of changes makes a stale head fail.</remarks>
internal sealed unsafe class SizeClass
{
    public readonly PacketPool Pool;
    public readonly int Index;
    public readonly uint Count;
    public readonly int BlockSize;
    public readonly int MaxPayload;

    /// <summary>In <see cref="Attention"/>: the pool is to go.</summary>
    public const int Retired = 1 << 30;

    /// <summary>Sleepers that a block of this size would help, and whom others must not overtake; plus <see cref="Retired"/>.</summary>
    public int Attention;

    public readonly BlockDescriptor* Descriptors;
    private readonly byte* _lists;
    private readonly int _shards;
    private readonly ushort _firstGeneration;
    private readonly BlockMemoryManager _memory;

    // Checked only: where each block was rented.
    private readonly (string File, int Line)[]? _sites;

    public SizeClass(PacketPool pool, int index, byte* memory, PoolLayout layout, ushort firstGeneration)
    {
        Pool = pool;
        Index = index;
        Count = (uint)layout.Counts[index];
        BlockSize = PoolLayout.BlockSizes[index];
        MaxPayload = PoolLayout.MaxPayload(index);
        Descriptors = (BlockDescriptor*)(memory + layout.Descriptors[index]);
        _lists = memory + layout.Lists[index];
        _shards = layout.Shards;
        _firstGeneration = firstGeneration;
        _memory = new BlockMemoryManager(pool, memory + layout.Data[index], (int)(Count * (long)PoolLayout.Stride(index)));
        if (PacketPool.Checked) _sites = new (string, int)[Count];
    }

    /// <summary>Blocks of a shard's list, as far as it can be known while others use it; shard 0 includes the never used.</summary>
    public int FreeIn(int shard)
    {
        long n = Volatile.Read(ref *CountOf(shard));
        if (shard == 0) n += Count - (long)Math.Min(Volatile.Read(ref *Fresh), Count);
        return (int)Math.Clamp(n, 0, Count);
    }

    public Memory<byte> MemoryAt(byte* first, int length) => _memory.At(first, length);

    /// <summary>Takes free blocks: from the shard, else never used ones, else from another shard.</summary>
    /// <returns>How many; at least one unless all lists are empty.</returns>
    public int Take(int shard, Span<uint> blocks, out bool stolen)
    {
        stolen = false;
        int n = Pop(shard, blocks);
        if (n > 0) return n;
        n = TakeFresh(blocks);
        if (n > 0) return n;
        for (int i = 1; i < _shards; i++)
        {
            n = Pop((shard + i) & (_shards - 1), blocks);
            if (n == 0) continue;
            stolen = true;
            return n;
        }
        return 0;
    }

    /// <summary>Puts free blocks on a shard's list, in one step.</summary>
    public void Push(int shard, ReadOnlySpan<uint> blocks)
    {
        for (int i = 0; i < blocks.Length - 1; i++) Descriptors[blocks[i]].Next = blocks[i + 1] + 1;
        uint* end = &Descriptors[blocks[^1]].Next;
        ulong* head = HeadOf(shard);
        while (true)
        {
            ulong old = Volatile.Read(ref *head);
            Volatile.Write(ref *end, (uint)old);
            ulong changed = (((old >> 32) + 1) << 32) | (blocks[0] + 1);
            if (Interlocked.CompareExchange(ref *head, changed, old) == old) break;
            Thread.SpinWait(8);
        }
        Interlocked.Add(ref *CountOf(shard), blocks.Length);
    }

    /// <summary>Makes a packet of a free block that the caller has taken.</summary>
    public Packet Open(uint index, int length, int shard)
        => BlockDescriptor.Open(Descriptors, index, PoolTable.Handle(Pool.Number, Index, 0, 0), length, BlockDescriptor.MakeRenter(shard));

    /// <summary>Checked only: notes where a packet was rented.</summary>
    public void Note(Packet packet, string file, int line)
    {
        if (_sites is not null) _sites[(uint)packet.Handle & PoolTable.IndexMask] = (file, line);
    }

    /// <summary>Shard to which a block returns.</summary>
    public int HomeOf(uint index) => (int)(Descriptors[index].Renter >> 32) & (_shards - 1);

    /// <summary>Where blocks that are in use now were rented, most frequent first. Only when checked.</summary>
    public IEnumerable<string> Sites()
    {
        for (uint i = 0; i < Count; i++)
        {
            if ((ushort)StateOf(i) != 0) yield return $"{BlockSize}-byte block rented at {SiteOf(i)}";
        }
    }

    private string SiteOf(uint index)
        => _sites is not null && _sites[index].File is { } file ? $"{file}:{_sites[index].Line}" : "an unknown place";

    private uint StateOf(uint index) => Volatile.Read(ref Descriptors[index].State);

    private ulong* Fresh => (ulong*)_lists;

    private ulong* HeadOf(int shard) => (ulong*)(_lists + ((shard + 1) * PoolLayout.Line));

    private long* CountOf(int shard) => (long*)(_lists + ((shard + 1) * PoolLayout.Line) + 8);

    private int Pop(int shard, Span<uint> blocks)
    {
        ulong* head = HeadOf(shard);
        while (true)
        {
            ulong old = Volatile.Read(ref *head);
            uint at = (uint)old;
            if (at == 0) return 0;
            int n = 0;
            while (at != 0 && n < blocks.Length)
            {
                // Beyond the end: another process wrote into its pool's lists. Cut the list here; the rest of it is lost.
                if (at > Count)
                {
                    at = 0;
                    break;
                }
                blocks[n++] = at - 1;
                at = Volatile.Read(ref Descriptors[at - 1].Next);
            }
            ulong changed = (((old >> 32) + 1) << 32) | at;
            if (Interlocked.CompareExchange(ref *head, changed, old) == old)
            {
                if (n > 0) Interlocked.Add(ref *CountOf(shard), -n);
                return n;
            }
            Thread.SpinWait(8);
        }
    }

    private int TakeFresh(Span<uint> blocks)
    {
        while (true)
        {
            ulong used = Volatile.Read(ref *Fresh);
            if (used >= Count) return 0;
            int n = (int)Math.Min((ulong)blocks.Length, Count - used);
            if (Interlocked.CompareExchange(ref *Fresh, used + (ulong)n, used) != used) continue;
            for (int i = 0; i < n; i++)
            {
                blocks[i] = (uint)used + (uint)i;
                Descriptors[blocks[i]].State = (uint)_firstGeneration << 16;
            }
            return n;
        }
    }

    /// <summary>Lets a block be seen as <see cref="Memory{T}"/>.</summary>
    private sealed class BlockMemoryManager(PacketPool pool, byte* data, int size) : MemoryManager<byte>
    {
        public Memory<byte> At(byte* first, int length) => CreateMemory((int)(first - data), length);

        public override Span<byte> GetSpan()
        {
            ObjectDisposedException.ThrowIf(pool.IsGone, pool);
            return new Span<byte>(data, size);
        }

        public override MemoryHandle Pin(int elementIndex = 0) => new(data + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
