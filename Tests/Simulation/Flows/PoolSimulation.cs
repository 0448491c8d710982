using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>A pool for each test, that must have got every packet back at the end.</summary>
public abstract class PoolSimulation
{
    protected PacketPool Pool { get; private set; } = null!;

    [SetUp]
    public void MakePool() => Pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });

    [TearDown]
    public void DropPool()
    {
        Assert.That(Pool.Outstanding, Is.Zero, "every packet has come back");
        Pool.Dispose();
    }
}
