using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

[TestFixture]
public sealed class RentTests : PoolTest
{
    private static readonly int[] GlobalBlocks = [384, 512, 1024, 2048, 4096, 16384, 65536, 262144, 1048576];

    private static readonly PacketPoolOptions NoFallback = Pools.Options with { FallbackSizes = 0 };

    [Test]
    public void A_new_pool_has_all_its_blocks_and_none_out()
    {
        PacketPool pool = Use(Pools.Global());
        PoolStatistics s = pool.GetStatistics();
        Assert.That(s.Sizes.Select(z => z.BlockSize), Is.EqualTo(GlobalBlocks));
        Assert.That(s.Sizes.Select(z => z.Free), Is.EqualTo(s.Sizes.Select(z => z.Blocks)));
        Assert.That((s.Rented, s.Returned, pool.Outstanding), Is.EqualTo((0L, 0L, 0L)));
    }

    [Test]
    public void A_pool_that_is_disposed_rents_no_more()
    {
        PacketPool pool = Pools.Global();
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.TryRent(1, out _));
        Assert.Throws<ObjectDisposedException>(() => pool.Rent(1));
        Assert.Throws<ObjectDisposedException>(() => pool.RentAsync(1, Timeout.InfiniteTimeSpan));
    }

    [Test]
    public void Statistics_can_be_read_after_the_pool_is_disposed()
    {
        PacketPool pool = Pools.Global();
        pool.Rent(100).Dispose();
        pool.Dispose();
        PoolStatistics s = pool.GetStatistics();
        Assert.That((s.Rented, s.Returned, s.Outstanding), Is.EqualTo((1L, 1L, 0L)));
    }

    [Test]
    public void Three_packets_return_in_another_order()
    {
        PacketPool pool = Use(Pools.Global());
        Packet a = pool.Rent(256), b = pool.Rent(256), c = pool.Rent(256);
        Assert.That(new[] { a, b, c }, Is.Unique);
        Assert.That(pool.Outstanding, Is.EqualTo(3));
        b.Dispose();
        a.Dispose();
        c.Dispose();
        Assert.That(pool.Outstanding, Is.Zero);
    }

    [Test]
    public async Task Two_mebibytes_are_too_long_however_one_asks_and_the_pool_still_works()
    {
        PacketPool pool = Use(Pools.Global());
        Assert.That(ErrorOf(() => pool.TryRent(2 << 20, out _)), Is.EqualTo(FlowError.MessageTooLong));
        Assert.That(ErrorOf(() => pool.Rent(2 << 20)), Is.EqualTo(FlowError.MessageTooLong));
        Assert.That(ErrorOf(() => pool.Rent(2 << 20, Timeout.InfiniteTimeSpan)), Is.EqualTo(FlowError.MessageTooLong));
        Assert.That(
            await ErrorOf(Task.Run(async () => await pool.RentAsync(2 << 20, Timeout.InfiniteTimeSpan))), Is.EqualTo(FlowError.MessageTooLong));
        using Packet p = pool.Rent(256);
        Assert.That(p.Length, Is.EqualTo(256));
    }

    [Test]
    public void Too_long_is_said_before_exhausted()
    {
        PacketPool pool = Blocks(1);
        using Packet p = pool.Rent(1);
        Assert.That(ErrorOf(() => pool.TryRent(197, out _)), Is.EqualTo(FlowError.MessageTooLong));
        Assert.That(ErrorOf(() => pool.Rent(197, Timeout.InfiniteTimeSpan)), Is.EqualTo(FlowError.MessageTooLong));
        Assert.That(pool.GetStatistics().Waited, Is.Zero);
    }

    [Test]
    public void A_negative_length_is_refused()
    {
        PacketPool pool = Use(Pools.Global());
        Assert.That(() => pool.TryRent(-1, out _), Throws.InstanceOf<ArgumentException>().Or.InstanceOf<FlowException>());
        Assert.That(() => pool.Rent(int.MinValue), Throws.InstanceOf<ArgumentException>().Or.InstanceOf<FlowException>());
    }

    [Test]
    public void A_packet_may_be_empty()
    {
        PacketPool pool = Use(Pools.Global());
        using Packet p = pool.Rent(0);
        Assert.That((p.Length, p.HeadRoom, p.IsNull), Is.EqualTo((0, 256, false)));
    }

    [Test]
    public void Fifty_rounds_of_two_sizes_with_every_second_one_returned_at_once()
    {
        PacketPool pool = Use(Pools.Global());
        var kept = new List<Packet>();
        for (int i = 0; i < 50; i++)
        {
            Packet small = pool.Rent(256), large = pool.Rent(1024);
            Assert.That((small.Length, large.Length), Is.EqualTo((256, 1024)));
            (i % 2 == 0 ? small : large).Dispose();
            kept.Add(i % 2 == 0 ? large : small);
        }
        Assert.That(pool.Outstanding, Is.EqualTo(50));
        Assert.That(kept, Is.Unique);
        DisposeAll(kept);
    }

    [TestCaseSource(nameof(GlobalBlocks))]
    public void The_largest_payload_of_a_block_stays_in_it_and_one_byte_more_goes_to_the_next(int block)
    {
        PacketPool pool = Use(Pools.Global());
        int largest = block - 316;
        using (Packet p = pool.Rent(largest))
        {
            Assert.That(p.Length, Is.EqualTo(largest));
            Assert.That(p.HeadRoom, Is.EqualTo(256));
            Assert.That(p.TailRoom, Is.EqualTo(32));
            Assert.That(InUse(pool), Is.EqualTo(new[] { block }));
            p.Span.Fill(0x5A);
        }
        if (largest == pool.MaxLength)
        {
            Assert.That(ErrorOf(() => pool.TryRent(largest + 1, out _)), Is.EqualTo(FlowError.MessageTooLong));
            return;
        }
        using Packet q = pool.Rent(largest + 1);
        Assert.That(q.Length, Is.EqualTo(largest + 1));
        Assert.That(InUse(pool), Is.EqualTo(new[] { GlobalBlocks.First(b => b > block) }));
    }

    [Test]
    public void A_users_pool_ends_at_the_largest_payload_of_the_reference()
    {
        PacketPool pool = Use(Pools.User());
        Assert.That((pool.MaxLength, Pools.Options.Counts), Is.EqualTo((261_828, (PoolCounts?)null)));
        pool.Rent(261_828).Dispose();
        Assert.That(ErrorOf(() => pool.Rent(261_829)), Is.EqualTo(FlowError.MessageTooLong));
        PacketPool global = Use(Pools.Global());
        Assert.That(global.MaxLength, Is.EqualTo(1_048_260));
    }

    [Test]
    public void A_size_without_blocks_is_skipped()
    {
        PacketPool pool = Use(Pools.Global(NoFallback with { Counts = new PoolCounts { Blocks384 = 1, Blocks4K = 1 } }));
        Assert.That(pool.GetStatistics().Sizes.Select(s => s.BlockSize), Is.EqualTo(new[] { 384, 4096 }));
        using Packet p = pool.Rent(69);
        Assert.That(InUse(pool), Is.EqualTo(new[] { 4096 }));
        Assert.That(p.TailRoom, Is.EqualTo(4096 - 28 - 256 - 69));
        Assert.That(pool.TryRent(69, out _), Is.False);
    }

    [Test]
    public void An_exhausted_size_says_so_until_blocks_return()
    {
        PacketPool pool = Use(Pools.Global(NoFallback));
        List<Packet> all = Exhaust(pool, 256);
        Assert.That(all, Has.Count.EqualTo(PoolCounts.Global.Blocks1K));
        Assert.That(all, Is.Unique);
        for (int i = 0; i < 5; i++) Assert.That(ErrorOf(() => pool.Rent(256)), Is.EqualTo(FlowError.TryAgain));
        DisposeAll(all);
        List<Packet> again = Exhaust(pool, 256);
        Assert.That(again, Has.Count.EqualTo(all.Count));
        DisposeAll(again);
    }

    [Test]
    public void The_message_of_an_exhausted_pool_says_which_pool_and_what_to_do()
    {
        PacketPool pool = Use(Pools.User(4711, Pools.Options with { Counts = new PoolCounts { Blocks512 = 1 } }));
        using Packet p = pool.Rent(1);
        FlowException e = Assert.Throws<FlowException>(() => pool.Rent(100))!;
        Assert.That(e.Message, Does.Contain("user 4711").And.Contain("100 bytes").And.Contain("1 in use").And.Contain("raise"));
        Assert.That(e.Number, Is.EqualTo(-11));
    }

    [Test]
    public void An_exhausted_size_falls_back_to_as_many_larger_ones_as_allowed()
    {
        var counts = new PoolCounts { Blocks384 = 2, Blocks512 = 3, Blocks1K = 4, Blocks2K = 5 };
        PacketPool pool = Use(Pools.Global(Pools.Options with { Counts = counts, FallbackSizes = 2 }));
        List<Packet> all = Exhaust(pool, 10);
        Assert.That(all, Has.Count.EqualTo(2 + 3 + 4));
        Assert.That(pool.GetStatistics().LargerUsed, Is.EqualTo(3 + 4));
        Assert.That(all.Select(p => p.Length), Is.All.EqualTo(10));
        using (Packet other = pool.Rent(1000)) Assert.That(other.Length, Is.EqualTo(1000));
        DisposeAll(all);
        Assert.That(pool.GetStatistics().Sizes.Select(s => s.Free), Is.EqualTo(new[] { 2, 3, 4, 5 }));
    }

    [Test]
    public void A_size_is_preferred_again_as_soon_as_it_has_blocks()
    {
        var counts = new PoolCounts { Blocks384 = 1, Blocks512 = 1 };
        PacketPool pool = Use(Pools.Global(Pools.Options with { Counts = counts }));
        Packet small = pool.Rent(1), large = pool.Rent(1);
        Assert.That(large.TailRoom, Is.GreaterThan(small.TailRoom));
        small.Dispose();
        Packet again = pool.Rent(1);
        Assert.That(pool.GetStatistics().LargerUsed, Is.EqualTo(1));
        again.Dispose();
        large.Dispose();
    }

    [Test]
    public void Statistics_count_what_happens()
    {
        PacketPool pool = Blocks(2);
        Packet a = pool.Rent(1), b = pool.Rent(1);
        Assert.That(pool.TryRent(1, out Packet none), Is.False);
        Assert.That(none.IsNull, Is.True);
        Assert.Throws<FlowException>(() => pool.Rent(1));
        a.Dispose();
        PoolStatistics s = pool.GetStatistics();
        Assert.That((s.Rented, s.Returned, s.Outstanding, s.Exhausted), Is.EqualTo((2L, 1L, 1L, 2L)));
        Assert.That(s.Sizes.Single(), Has.Property(nameof(PoolSizeStatistics.Free)).EqualTo(1)
            .And.Property(nameof(PoolSizeStatistics.Blocks)).EqualTo(2)
            .And.Property(nameof(PoolSizeStatistics.MaxPayload)).EqualTo(196));
        b.Dispose();
    }

    [Test]
    public void Packets_of_two_pools_do_not_mix()
    {
        PacketPool one = Use(Pools.Global()), two = Use(Pools.User());
        Packet p = one.Rent(5), q = two.Rent(5);
        Assert.That((p.Pool, q.Pool), Is.EqualTo((one, two)));
        Assert.That((one.Outstanding, two.Outstanding), Is.EqualTo((1L, 1L)));
        p.Dispose();
        Assert.That((one.Outstanding, two.Outstanding), Is.EqualTo((0L, 1L)));
        q.Dispose();
    }

    [Test]
    public void Wrong_options_are_refused_and_named()
    {
        (PacketPoolOptions Options, string Name)[] wrong =
        [
            (Pools.Options with { Counts = new PoolCounts() }, "Counts"),
            (Pools.Options with { Counts = new PoolCounts { Blocks1M = -1 } }, "Counts"),
            (Pools.Options with { Counts = new PoolCounts { Blocks1M = int.MaxValue } }, "Counts"),
            (Pools.Options with { Shards = 3 }, "Shards"),
            (Pools.Options with { Shards = 128 }, "Shards"),
            (Pools.Options with { Shards = -1 }, "Shards"),
            (Pools.Options with { ThreadCache = 65 }, "ThreadCache"),
            (Pools.Options with { FallbackSizes = -1 }, "FallbackSizes"),
            (Pools.Options with { Prefix = "a/b" }, "Prefix"),
        ];
        foreach ((PacketPoolOptions options, string name) in wrong)
        {
            FlowException e = Assert.Throws<FlowException>(() => Pools.Global(options), name)!;
            Assert.That(e.Error, Is.EqualTo(FlowError.InvalidArgument));
            Assert.That(e.Message, Does.Contain(name));
        }
        Assert.That(ErrorOf(() => Pools.User(0)), Is.EqualTo(FlowError.InvalidArgument));
    }

    [Test]
    public void Renting_and_returning_allocate_nothing_on_the_managed_heap()
    {
        PacketPool pool = Use(Pools.Global());
        var packets = new Packet[100];
        Assert.That(Allocations.Of(() =>
        {
            for (int i = 0; i < packets.Length; i++) packets[i] = pool.Rent(100);
            foreach (Packet packet in packets) packet.Dispose();
        }), Is.Zero);
    }

    private static IEnumerable<int> InUse(PacketPool pool)
        => pool.GetStatistics().Sizes.Where(s => s.Free < s.Blocks).Select(s => s.BlockSize);
}
