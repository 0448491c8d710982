using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

/// <summary>What costs nothing on the managed heap once it has been done before, and what the default counts are good for.</summary>
[TestFixture]
public sealed class SteadyStateTests : PoolTest
{
    private const int Waits = 200;

    [Test]
    public void Renting_and_returning_allocates_nothing()
    {
        PacketPool pool = Use(Pools.Global());
        Assert.That(Least(() =>
        {
            for (int i = 0; i < Waits; i++) pool.Rent(100).Dispose();
        }), Is.Zero);
    }

    [Test]
    public void Waiting_for_a_ring_allocates_nothing([Values] bool timeout, [Values] bool cancellable)
    {
        PacketPool pool = Use(Pools.Global());
        var ring = new PacketRing();
        using var cancel = new CancellationTokenSource();
        Packet p = pool.Rent(1);
        Assert.That(Least(() =>
        {
            for (int i = 0; i < Waits; i++)
            {
                ValueTask<FlowError> wait = ring.WaitReadableAsync(
                    timeout ? TimeSpan.FromHours(1) : Timeout.InfiniteTimeSpan, cancellable ? cancel.Token : default);
                ring.TryWrite(p);
                Finish(wait);
                ring.TryRead(out _);
            }
        }), Is.LessThan(Waits), "bytes, whatever else ran: less than one a wait");
        p.Dispose();
    }

    [Test]
    public void Waiting_for_a_set_allocates_nothing()
    {
        var set = new ReadySet<PacketRing>();
        var ring = new PacketRing();
        set.Add(ring, ring);
        var events = new ReadyEvent<PacketRing>[2];
        Assert.That(Least(() =>
        {
            for (int i = 0; i < Waits; i++)
            {
                ValueTask<int> wait = set.WaitAsync(events, Timeout.InfiniteTimeSpan);
                set.Notify(ring, FlowEventType.Up);
                Finish(wait);
            }
        }), Is.LessThan(Waits), "bytes, whatever else ran: less than one a wait");
    }

    [Test]
    public void Waiting_for_a_block_allocates_nothing()
    {
        PacketPool pool = Use(Pools.Small(1));
        Assert.That(Least(() =>
        {
            Packet p = pool.Rent(1);
            for (int i = 0; i < Waits; i++)
            {
                ValueTask<Packet> wait = pool.RentAsync(1, Timeout.InfiniteTimeSpan);
                p.Dispose();
                p = Finish(wait);
            }
            p.Dispose();
        }), Is.LessThan(Waits), "bytes, whatever else ran: less than one a wait");
    }

    [Test]
    public void A_ring_can_be_filled_with_small_packets_of_either_kind_of_pool([Values(12, 64, 196, 708, 1500)] int length)
    {
        foreach (PacketPool pool in new[] { Use(Pools.Global()), Use(Pools.User()) })
        {
            var ring = new PacketRing();
            while (ring.TryWrite(pool.Rent(length)) == FlowError.None && ring.Count < ring.Capacity)
            {
                // Until it is full.
            }
            Assert.That(ring.Count, Is.EqualTo(1023));
            ring.Drain();
        }
    }

    [Test]
    public void Default_counts_are_the_references_at_least()
    {
        // Packet-pool notes, section 3.1, from 512 bytes up.
        Compare(Use(Pools.Global()), 768, 512, 384, 256, 128, 64, 32, 16);
        Compare(Use(Pools.User()), 96, 64, 48, 32, 16, 8, 2);

        static void Compare(PacketPool pool, params int[] reference)
        {
            int[] ours = [.. pool.GetStatistics().Sizes.Where(s => s.BlockSize >= 512).Select(s => s.Blocks)];
            Assert.That(ours, Has.Length.EqualTo(reference.Length));
            Assert.That(ours.Zip(reference, (a, b) => a >= b), Is.All.True);
        }
    }

    [Test]
    public void A_handle_is_refused_when_its_pools_number_is_another_pools()
    {
        var old = new List<Packet>();
        for (int i = 0; i < 600; i++)
        {
            PacketPool pool = Pools.Small(4);
            old.Add(pool.Rent(1));
            old[^1].Dispose();
            pool.Dispose();
        }
        List<Packet> now = Exhaust(Use(Pools.Small(4)), 1);
        foreach (Packet p in old) Assert.Throws<InvalidOperationException>(() => _ = p.Length);
        DisposeAll(now);
    }

    /// <summary>Bytes allocated by the best of some runs; other threads of the test runner allocate as well.</summary>
    private static long Least(Action run)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            run();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return least;
    }

    private static TResult Finish<TResult>(ValueTask<TResult> wait)
    {
        var spin = new SpinWait();
        while (!wait.IsCompleted) spin.SpinOnce();
        return wait.GetAwaiter().GetResult();
    }
}
