namespace Ouroboros.Pool;

/// <summary>Where everything lies in the memory of a pool; the numbers of the notes, sections 2 and 3.1. See README.md.</summary>
internal sealed class PoolLayout
{
    /// <summary>Bytes before the payload (reference: SSM_PK_BUFF_HEADSPACE).</summary>
    public const int HeadSpace = 256;

    /// <summary>Bytes after the payload (reference: SSM_PK_BUFF_TAILSPACE).</summary>
    public const int TailSpace = 32;

    /// <summary>Bytes of a block that are nobody's: the reference's block header, which lies elsewhere here. Keeps its limits.</summary>
    public const int BlockOverhead = 28;

    /// <summary>What a block needs beside the payload.</summary>
    public const int Overhead = BlockOverhead + HeadSpace + TailSpace;

    public const int Classes = 9;
    public const ulong Magic = 0x31306C6F6F50724F;
    public const uint Version = 1;
    public const int HeaderSize = 4096;
    public const int ClassRecords = 64;
    public const int Line = 64;
    private const int Page = 4096;

    /// <summary>Block sizes, ascending. The reference's smallest, 256, holds no packet at all; 384 holds up to 68 bytes.</summary>
    public static readonly int[] BlockSizes = [384, 512, 1024, 2048, 4096, 16384, 65536, 262144, 1048576];

    public readonly int[] Counts;
    public readonly long[] Lists = new long[Classes];
    public readonly long[] Descriptors = new long[Classes];
    public readonly long[] Data = new long[Classes];
    public readonly int Shards;
    public readonly long Size;

    public PoolLayout(int[] counts, int shards)
    {
        Counts = counts;
        Shards = shards;
        long at = HeaderSize;
        for (int c = 0; c < Classes; c++)
        {
            Lists[c] = at;
            at += (shards + 1) * Line;
        }
        for (int c = 0; c < Classes; c++)
        {
            at = (at + Page - 1) / Page * Page;
            Descriptors[c] = at;
            at += (long)counts[c] * BlockDescriptor.Size;
        }
        for (int c = 0; c < Classes; c++)
        {
            at = (at + Page - 1) / Page * Page;
            Data[c] = at;
            at += (long)counts[c] * Stride(c);
        }
        Size = (at + Page - 1) / Page * Page;
    }

    /// <summary>Distance of two blocks: a cache line more than their size, so that their first bytes spread over the whole cache.</summary>
    public static int Stride(int c) => BlockSizes[c] + Line;

    /// <summary>Largest payload of the smallest block.</summary>
    public const int SmallestPayload = 384 - Overhead;

    public static int Capacity(int c) => BlockSizes[c] - BlockOverhead;

    public static int MaxPayload(int c) => BlockSizes[c] - Overhead;
}
