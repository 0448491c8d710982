using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

/// <summary>Pools for tests: in memory of this process, and small where a test exhausts them.</summary>
internal static class Pools
{
    public static readonly PacketPoolOptions Options = new() { Backing = PoolBacking.Anonymous };

    public static PacketPool Global(PacketPoolOptions? options = null) => PacketPool.CreateGlobal(options ?? Options);

    public static PacketPool User(uint uid = 1000, PacketPoolOptions? options = null)
        => PacketPool.CreateForUser(uid, uid, options ?? Options);

    /// <summary>Only 512-byte blocks, so many of them.</summary>
    public static PacketPool Small(int blocks, TimeProvider? time = null) => Global(Options with
    {
        Counts = new PoolCounts { Blocks512 = blocks },
        TimeProvider = time ?? TimeProvider.System,
    });
}
