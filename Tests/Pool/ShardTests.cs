using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

[TestFixture]
public sealed class ShardTests : PoolTest
{
    private const int Count = 256;

    [Test]
    public void All_blocks_of_a_new_pool_belong_to_shard_0()
    {
        PacketPool pool = Pool(threadCache: 0);
        Assert.That(Size(pool).FreeByShard, Is.EqualTo(new[] { Count, 0, 0, 0 }));
    }

    [Test]
    public async Task A_block_returns_to_the_shard_of_the_thread_that_rented_it_whoever_returns_it()
    {
        PacketPool pool = Pool(threadCache: 0);
        pool.Rent(1).Dispose();
        Packet p = await OnThread(() => pool.Rent(1));
        await OnThread(() => p.Dispose());
        IReadOnlyList<int> free = Size(pool).FreeByShard;
        Assert.That(free.Sum(), Is.EqualTo(Count));
        Assert.That(free[1], Is.EqualTo(1), "the second thread of a pool has shard 1");
        Assert.That(free[2], Is.Zero, "the third thread only returned a block");
    }

    [Test]
    public async Task Half_of_a_size_returned_leaves_the_free_count_and_can_be_rented_again([Values(0, 4)] int threadCache)
    {
        PacketPool pool = Pool(threadCache);
        List<Packet> half = await OnThread(() => Enumerable.Range(0, Count / 2).Select(_ => pool.Rent(1)).ToList());
        Assert.That(Size(pool).Free, Is.EqualTo(Count / 2));
        await OnThread(() => DisposeAll(half));
        Assert.That(Size(pool).Free, Is.EqualTo(Count));
        List<Packet> all = Exhaust(pool, 1);
        Assert.That(all, Has.Count.EqualTo(Count));
        DisposeAll(all);
    }

    [Test]
    public async Task Exhaustion_over_all_shards_and_caches_stays_exhausted([Values(0, 4)] int threadCache)
    {
        PacketPool pool = Pool(threadCache);
        var all = new List<Packet>();
        for (int t = 0; t < 4; t++)
        {
            List<Packet> some = await OnThread(() => Enumerable.Range(0, Count / 4).Select(_ => pool.Rent(1)).ToList());
            all.AddRange(some);
        }
        Assert.That(all, Is.Unique);
        for (int t = 0; t < 4; t++) Assert.That(await OnThread(() => pool.TryRent(1, out _)), Is.False);
        DisposeAll(all);
    }

    [Test]
    public async Task A_thread_without_blocks_steals_from_other_shards()
    {
        PacketPool pool = Pool(threadCache: 0);
        pool.Rent(1).Dispose();
        DisposeAll(Exhaust(pool, 1));
        Assert.That(Size(pool).FreeByShard[0], Is.EqualTo(Count));
        Assert.That(pool.GetStatistics().Stolen, Is.Zero);
        Packet p = await OnThread(() => pool.Rent(1));
        Assert.That(pool.GetStatistics().Stolen, Is.EqualTo(1));
        p.Dispose();
        Assert.That(Size(pool).FreeByShard, Is.EqualTo(new[] { Count - 1, 1, 0, 0 }));
    }

    [Test]
    public void What_a_living_thread_keeps_is_found_when_all_else_is_gone()
    {
        PacketPool pool = Pool(threadCache: 4);
        using var kept = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        Task other = OnThread(() =>
        {
            pool.Rent(1).Dispose();
            kept.Set();
            end.Wait();
        });
        Assert.That(kept.Wait(Patience), Is.True);
        Assert.That(Size(pool).Cached, Is.GreaterThan(0));
        List<Packet> all = Exhaust(pool, 1);
        Assert.That(all, Has.Count.EqualTo(Count));
        end.Set();
        Assert.That(other.Wait(Patience), Is.True);
        DisposeAll(all);
    }

    [Test]
    public async Task What_a_thread_kept_outlives_the_thread()
    {
        PacketPool pool = Pool(threadCache: 4);
        for (int t = 0; t < 20; t++) await OnThread(() => pool.Rent(1).Dispose());
        List<Packet> all = Exhaust(pool, 1);
        Assert.That(all, Has.Count.EqualTo(Count));
        Assert.That(pool.GetStatistics().Rented, Is.EqualTo(20 + Count));
        DisposeAll(all);
    }

    [Test]
    public async Task Four_threads_rent_and_return_at_once()
    {
        PacketPool pool = Pool(threadCache: 4);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => OnThread(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Packet p = pool.Rent(16);
                p.Span.Fill((byte)t);
                Assert.That(p.Span.IndexOfAnyExcept((byte)t), Is.Negative);
                p.Dispose();
            }
        }))).WaitAsync(Patience);
        Assert.That(Size(pool).Free, Is.EqualTo(Count));
    }

    private PacketPool Pool(int threadCache) => Use(Pools.Global(
        Pools.Options with { Counts = new PoolCounts { Blocks512 = Count }, Shards = 4, ThreadCache = threadCache }));

    private static PoolSizeStatistics Size(PacketPool pool) => pool.GetStatistics().Sizes.Single();
}
