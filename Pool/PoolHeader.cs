using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ouroboros.Pool;

/// <summary>First bytes of a pool's memory: all that another process needs to attach. Layout: README.md.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PoolHeader
{
    public ulong Magic;
    public uint Version;
    public int Pid;
    public uint Owner;
    public uint Group;
    public ulong Size;
    public uint Shards;
    public uint Classes;
    public uint HeadSpace;
    public uint TailSpace;
    public uint FirstGeneration;
    public uint DescriptorSize;
    private ulong _reserved;
    public ClassRecords Records;

    public static PoolHeader Of(PoolLayout layout, uint owner, uint group, ushort firstGeneration)
    {
        var header = new PoolHeader
        {
            Magic = PoolLayout.Magic,
            Version = PoolLayout.Version,
            Pid = PacketPool.Pid,
            Owner = owner,
            Group = group,
            Size = (ulong)layout.Size,
            Shards = (uint)layout.Shards,
            Classes = PoolLayout.Classes,
            HeadSpace = PoolLayout.HeadSpace,
            TailSpace = PoolLayout.TailSpace,
            FirstGeneration = firstGeneration,
            DescriptorSize = BlockDescriptor.Size,
        };
        for (int c = 0; c < PoolLayout.Classes; c++)
        {
            header.Records[c] = new ClassRecord
            {
                BlockSize = (uint)PoolLayout.BlockSizes[c],
                Count = (uint)layout.Counts[c],
                Stride = (uint)PoolLayout.Stride(c),
                Capacity = (uint)PoolLayout.Capacity(c),
                Lists = (ulong)layout.Lists[c],
                Descriptors = (ulong)layout.Descriptors[c],
                Data = (ulong)layout.Data[c],
            };
        }
        return header;
    }

    /// <summary>One size of block.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ClassRecord
    {
        public uint BlockSize;
        public uint Count;
        public uint Stride;
        public uint Capacity;
        public ulong Lists;
        public ulong Descriptors;
        public ulong Data;
    }

    [InlineArray(PoolLayout.Classes)]
    public struct ClassRecords
    {
        private ClassRecord _first;
    }
}
