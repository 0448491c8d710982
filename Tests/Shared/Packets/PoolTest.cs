using Ouroboros.Pool;

namespace Ouroboros.Tests;

/// <summary>A pool for each test, that must have got every packet back at the end.</summary>
public abstract class PoolTest
{
    protected PacketPool Pool { get; private set; } = null!;

    [SetUp]
    public void MakePool() => Pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });

    [TearDown]
    public void PacketsAreBack()
    {
        Assert.That(Pool.Outstanding, Is.Zero, "packets are out at the end of the test");
        Pool.Dispose();
    }
}
