namespace Ouroboros.Pool;

/// <summary>
/// Number of blocks of each size. A block of size B takes payloads of up to B - 316 bytes (packet-pool notes, section 3.1). Zero leaves
/// the size out; then packets go to the next one.
/// </summary>
public sealed record PoolCounts
{
    /// <summary>Defaults of the global pool: about 50 MiB of address space, committed as it is used; see Pool/README.md.</summary>
    public static PoolCounts Global { get; } = new()
    {
        Blocks384 = 4096,
        Blocks512 = 4096,
        Blocks1K = 2048,
        Blocks2K = 4096,
        Blocks4K = 1024,
        Blocks16K = 256,
        Blocks64K = 64,
        Blocks256K = 32,
        Blocks1M = 16,
    };

    /// <summary>Defaults of a user's pool: about 8 MiB of address space, committed as it is used; no 1-MiB blocks, as in the reference.</summary>
    public static PoolCounts User { get; } = new()
    {
        Blocks384 = 1536,
        Blocks512 = 1536,
        Blocks1K = 1024,
        Blocks2K = 1024,
        Blocks4K = 256,
        Blocks16K = 32,
        Blocks64K = 8,
        Blocks256K = 2,
        Blocks1M = 0,
    };

    /// <summary>Blocks of 384 bytes: payloads up to 68 bytes.</summary>
    public int Blocks384 { get; init; }

    /// <summary>Blocks of 512 bytes: payloads up to 196 bytes.</summary>
    public int Blocks512 { get; init; }

    /// <summary>Blocks of 1,024 bytes: payloads up to 708 bytes.</summary>
    public int Blocks1K { get; init; }

    /// <summary>Blocks of 2,048 bytes: payloads up to 1,732 bytes.</summary>
    public int Blocks2K { get; init; }

    /// <summary>Blocks of 4,096 bytes: payloads up to 3,780 bytes.</summary>
    public int Blocks4K { get; init; }

    /// <summary>Blocks of 16,384 bytes: payloads up to 16,068 bytes.</summary>
    public int Blocks16K { get; init; }

    /// <summary>Blocks of 65,536 bytes: payloads up to 65,220 bytes.</summary>
    public int Blocks64K { get; init; }

    /// <summary>Blocks of 262,144 bytes: payloads up to 261,828 bytes.</summary>
    public int Blocks256K { get; init; }

    /// <summary>Blocks of 1,048,576 bytes: payloads up to 1,048,260 bytes.</summary>
    public int Blocks1M { get; init; }

    /// <summary>The counts in ascending order of size.</summary>
    internal int[] ToArray() =>
        [Blocks384, Blocks512, Blocks1K, Blocks2K, Blocks4K, Blocks16K, Blocks64K, Blocks256K, Blocks1M];
}
