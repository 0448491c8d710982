using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

[TestFixture]
public sealed class RentWaitTests : PoolTest
{
    private static readonly TimeSpan Forever = Timeout.InfiniteTimeSpan;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void A_free_block_is_rented_without_waiting()
    {
        PacketPool pool = Blocks(1);
        ValueTask<Packet> rent = pool.RentAsync(7, Forever);
        Assert.That(rent.IsCompletedSuccessfully, Is.True);
        using Packet p = rent.Result;
        Assert.That(p.Length, Is.EqualTo(7));
        Assert.That(pool.GetStatistics().Waited, Is.Zero);
    }

    [Test]
    public async Task A_waiter_gets_the_block_that_returns()
    {
        PacketPool pool = Blocks(1);
        Packet first = pool.Rent(1);
        Task<Packet> rent = pool.RentAsync(9, Forever).AsTask();
        Assert.That(pool.GetStatistics().Waiting, Is.EqualTo(1));
        first.Dispose();
        using Packet p = await rent.WaitAsync(Patience);
        Assert.That((p.Length, p.References), Is.EqualTo((9, 1)));
        PoolStatistics s = pool.GetStatistics();
        Assert.That((s.Waiting, s.Waited, s.TimedOut, s.Cancelled, s.Outstanding), Is.EqualTo((0, 1L, 0L, 0L, 1L)));
    }

    [Test]
    public async Task Waiters_are_served_in_the_order_in_which_they_came()
    {
        PacketPool pool = Blocks(2);
        Packet a = pool.Rent(1), b = pool.Rent(1);
        Task<Packet>[] waits = [.. Enumerable.Range(0, 6).Select(i => pool.RentAsync(i, Forever).AsTask())];
        Packet[] held = [a, b];
        for (int i = 0; i < waits.Length; i++)
        {
            held[i % 2].Dispose();
            held[i % 2] = await waits[i].WaitAsync(Patience);
            Assert.That(held[i % 2].Length, Is.EqualTo(i));
            Assert.That(pool.GetStatistics().Waiting, Is.EqualTo(waits.Length - i - 1), "each return wakes one");
        }
        DisposeAll(held);
    }

    [Test]
    public async Task Order_holds_between_blocked_threads_and_tasks()
    {
        PacketPool pool = Blocks(1);
        Packet held = pool.Rent(0);
        var waits = new List<Task<Packet>>();
        for (int i = 0; i < 6; i++)
        {
            int length = i;
            waits.Add(i % 2 == 0 ? OnThread(() => pool.Rent(length, Forever)) : pool.RentAsync(length, Forever).AsTask());
            Until(() => pool.GetStatistics().Waiting == waits.Count, "the next one sleeps");
        }
        for (int i = 0; i < waits.Count; i++)
        {
            held.Dispose();
            held = await waits[i].WaitAsync(Patience);
            Assert.That(held.Length, Is.EqualTo(i));
        }
        held.Dispose();
    }

    [Test]
    public async Task Nobody_who_does_not_wait_overtakes_those_who_do()
    {
        PacketPool pool = Blocks(2);
        Packet a = pool.Rent(1), b = pool.Rent(1);
        Task<Packet>[] waits = [.. Enumerable.Range(0, 4).Select(_ => pool.RentAsync(1, Forever).AsTask())];
        Packet[] held = [a, b];
        foreach (Task<Packet> wait in waits)
        {
            held[0].Dispose();
            Assert.That(pool.TryRent(1, out _), Is.False, "the block belongs to a waiter");
            held[0] = await wait.WaitAsync(Patience);
        }
        DisposeAll(held);
    }

    [Test]
    public async Task Greedy_callers_do_not_starve_a_waiter()
    {
        PacketPool pool = Use(Pools.Global(Pools.Options with { Counts = new PoolCounts { Blocks512 = 256 }, TimeProvider = Clock }));
        using var stop = new CancellationTokenSource();
        Task[] greedy = [.. Enumerable.Range(0, 3).Select(_ => OnThread(() =>
        {
            var mine = new Queue<Packet>();
            while (!stop.IsCancellationRequested)
            {
                while (pool.TryRent(1, out Packet p)) mine.Enqueue(p);
                if (mine.TryDequeue(out Packet old)) old.Dispose();
            }
            DisposeAll(mine);
        }))];
        Until(() => pool.GetStatistics().Exhausted > 10, "the pool is exhausted");
        for (int i = 0; i < 100; i++)
        {
            Packet p = await pool.RentAsync(1, Forever).AsTask().WaitAsync(Patience);
            p.Dispose();
        }
        await stop.CancelAsync();
        await Task.WhenAll(greedy).WaitAsync(Patience);
    }

    [Test]
    public async Task A_waiter_is_woken_whichever_thread_and_shard_returns_the_block([Values(0, 4)] int threadCache)
    {
        PacketPool pool = Use(Pools.Global(Pools.Options with
        {
            Counts = new PoolCounts { Blocks512 = 256 },
            Shards = 8,
            ThreadCache = threadCache,
            TimeProvider = Clock,
        }));
        for (int round = 0; round < 8; round++)
        {
            List<Packet> all = await OnThread(() => Exhaust(pool, 1));
            Assert.That(all, Has.Count.EqualTo(256));
            Task<Packet> blocked = OnThread(() => pool.Rent(1, Forever));
            Until(() => pool.GetStatistics().Waiting == 1, "a thread sleeps");
            Packet first = all[0];
            await OnThread(() => first.Dispose());
            all[0] = await blocked.WaitAsync(Patience);
            DisposeAll(all);
        }
    }

    [Test]
    public void A_waiter_takes_what_an_idle_thread_keeps()
    {
        PacketPool pool = Use(Pools.Global(Pools.Options with { Counts = new PoolCounts { Blocks512 = 256 }, ThreadCache = 4 }));
        using var kept = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        Task other = OnThread(() =>
        {
            DisposeAll(Exhaust(pool, 1));
            kept.Set();
            end.Wait();
        });
        Assert.That(kept.Wait(Patience), Is.True);
        int cached = pool.GetStatistics().Sizes[0].Cached;
        Assert.That(cached, Is.GreaterThan(0));
        var all = new List<Packet>();
        for (int i = 0; i < 256; i++) all.Add(pool.RentAsync(1, Patience).AsTask().GetAwaiter().GetResult());
        Assert.That(all, Is.Unique);
        end.Set();
        Assert.That(other.Wait(Patience), Is.True);
        DisposeAll(all);
    }

    [Test]
    public async Task A_waiter_takes_a_larger_block_when_that_returns_first()
    {
        PacketPool pool = Use(Pools.Global(Pools.Options with { Counts = new PoolCounts { Blocks384 = 1, Blocks512 = 1 } }));
        Packet small = pool.Rent(1), large = pool.Rent(100);
        Task<Packet> wait = pool.RentAsync(1, Forever).AsTask();
        large.Dispose();
        using Packet p = await wait.WaitAsync(Patience);
        Assert.That((p.Length, p.TailRoom), Is.EqualTo((1, 512 - 28 - 256 - 1)));
        small.Dispose();
    }

    [Test]
    public async Task Among_waiters_of_two_sizes_a_block_goes_to_the_oldest_whom_it_helps()
    {
        PacketPool pool = Use(Pools.Global(Pools.Options with { Counts = new PoolCounts { Blocks384 = 1, Blocks512 = 1 } }));
        Packet small = pool.Rent(1), large = pool.Rent(100);
        Task<Packet> needsLarge = pool.RentAsync(100, Forever).AsTask(), any = pool.RentAsync(1, Forever).AsTask();
        small.Dispose();
        Packet p = await any.WaitAsync(Patience);
        Assert.That(needsLarge.IsCompleted, Is.False, "a small block does not help");
        large.Dispose();
        DisposeAll([p, await needsLarge.WaitAsync(Patience)]);
    }

    [Test]
    public async Task A_wait_ends_when_its_time_is_over_and_not_before()
    {
        PacketPool pool = Blocks(1);
        using Packet p = pool.Rent(1);
        Task<Packet> wait = pool.RentAsync(1, Second).AsTask();
        Clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.That(pool.GetStatistics().Waiting, Is.EqualTo(1));
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(await ErrorOf(wait), Is.EqualTo(FlowError.TimedOut));
        PoolStatistics s = pool.GetStatistics();
        Assert.That((s.Waiting, s.Waited, s.TimedOut, s.Outstanding), Is.EqualTo((0, 1L, 1L, 1L)));
        Assert.That(Clock.PendingTimers, Is.Zero);
    }

    [Test]
    public async Task A_blocked_thread_times_out_too()
    {
        PacketPool pool = Blocks(1);
        using Packet p = pool.Rent(1);
        Task<Packet> wait = OnThread(() => pool.Rent(1, Second));
        Until(() => Clock.PendingTimers == 1, "the thread sleeps");
        Clock.Advance(Second);
        Assert.That(await ErrorOf(wait), Is.EqualTo(FlowError.TimedOut));
    }

    [Test]
    public async Task A_block_that_returns_before_the_time_is_over_stops_the_clock()
    {
        PacketPool pool = Blocks(1);
        Packet p = pool.Rent(1);
        Task<Packet> wait = pool.RentAsync(1, Second).AsTask();
        p.Dispose();
        using Packet q = await wait.WaitAsync(Patience);
        Clock.Advance(Second * 2);
        Assert.That(q.Length, Is.EqualTo(1));
        Assert.That(pool.GetStatistics().TimedOut, Is.Zero);
        Assert.That(Clock.PendingTimers, Is.Zero);
    }

    [Test]
    public void No_time_at_all_is_over_at_once()
    {
        PacketPool pool = Blocks(1);
        using Packet p = pool.Rent(1);
        Assert.That(ErrorOf(() => pool.Rent(1, TimeSpan.Zero)), Is.EqualTo(FlowError.TimedOut));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(1, TimeSpan.FromTicks(-5)));
        Assert.That(pool.GetStatistics().Waited, Is.Zero);
    }

    [Test]
    public async Task A_cancelled_wait_ends_and_the_others_move_up()
    {
        PacketPool pool = Blocks(1);
        Packet p = pool.Rent(1);
        using var cancel = new CancellationTokenSource();
        Task<Packet> first = pool.RentAsync(1, Forever, cancel.Token).AsTask(), second = pool.RentAsync(2, Forever).AsTask();
        await cancel.CancelAsync();
        OperationCanceledException e = Assert.CatchAsync<OperationCanceledException>(() => first.WaitAsync(Patience))!;
        Assert.That(e.CancellationToken, Is.EqualTo(cancel.Token));
        p.Dispose();
        using Packet q = await second.WaitAsync(Patience);
        Assert.That(q.Length, Is.EqualTo(2));
        Assert.That(pool.GetStatistics().Cancelled, Is.EqualTo(1));
    }

    [Test]
    public async Task A_blocked_thread_is_cancelled_too()
    {
        PacketPool pool = Blocks(1);
        using Packet p = pool.Rent(1);
        using var cancel = new CancellationTokenSource();
        Task<Packet> wait = OnThread(() => pool.Rent(1, Forever, cancel.Token));
        Until(() => pool.GetStatistics().Waiting == 1, "the thread sleeps");
        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => wait.WaitAsync(Patience));
    }

    [Test]
    public void A_wait_that_is_cancelled_beforehand_takes_nothing()
    {
        PacketPool pool = Blocks(1);
        var cancelled = new CancellationToken(canceled: true);
        Assert.CatchAsync<OperationCanceledException>(async () => await pool.RentAsync(1, Forever, cancelled));
        Assert.Catch<OperationCanceledException>(() => pool.Rent(1, Forever, cancelled));
        Assert.That(pool.GetStatistics().Rented, Is.Zero);
    }

    [Test]
    public async Task When_the_pool_goes_its_waiters_hear_of_it()
    {
        PacketPool pool = Blocks(1);
        Packet p = pool.Rent(1);
        Task<Packet> task = pool.RentAsync(1, Forever).AsTask(), thread = OnThread(() => pool.Rent(1, Forever));
        Until(() => pool.GetStatistics().Waiting == 2, "both sleep");
        pool.Retire();
        Assert.That(await ErrorOf(task), Is.EqualTo(FlowError.BrokenPipe));
        Assert.That(await ErrorOf(thread), Is.EqualTo(FlowError.BrokenPipe));
        p.Dispose();
    }

    [Test]
    public async Task A_wait_that_is_cancelled_or_due_after_the_block_was_handed_over_gets_the_block([Values] bool blocking, [Values] bool cancelled)
    {
        PacketPool pool = Blocks(1);
        Packet held = pool.Rent(1);
        using var cancel = new CancellationTokenSource();
        Task<Packet> wait = blocking ? OnThread(() => pool.Rent(2, Second, cancel.Token)) : pool.RentAsync(2, Second, cancel.Token).AsTask();
        Until(() => pool.GetStatistics().Waiting == 1, "it sleeps");
        held.Dispose();
        Assert.That(pool.GetStatistics().Waiting, Is.Zero, "out of line before it has woken");
        if (cancelled) await cancel.CancelAsync();
        else Clock.Advance(Second);
        using Packet p = await wait.WaitAsync(Patience);
        PoolStatistics s = pool.GetStatistics();
        Assert.That((p.Length, s.Cancelled, s.TimedOut, s.Outstanding), Is.EqualTo((2, 0L, 0L, 1L)));
    }

    [Test]
    public async Task Waits_that_end_in_all_ways_at_once_lose_no_block()
    {
        PacketPool pool = Use(Pools.Small(4));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(async () =>
        {
            var mine = new Random(t);
            for (int i = 0; i < 400; i++)
            {
                using var cancel = new CancellationTokenSource();
                try
                {
                    // Who does not wait at all, as 0 ticks say, is refused by the call itself.
                    ValueTask<Packet> wait = pool.RentAsync(1, mine.Next(3) == 0 ? TimeSpan.FromTicks(mine.Next(50) * 40) : Forever, cancel.Token);
                    if (mine.Next(3) == 0) cancel.Cancel();
                    Packet p = await wait;
                    if (mine.Next(2) == 0) await Task.Yield();
                    p.Dispose();
                }
                catch (OperationCanceledException)
                {
                    // One of the ways.
                }
                catch (FlowException e) when (e.Error == FlowError.TimedOut)
                {
                    // Another.
                }
            }
        }))).WaitAsync(Patience);
        PoolStatistics s = pool.GetStatistics();
        Assert.That((s.Waiting, s.Outstanding, s.Sizes[0].Free), Is.EqualTo((0, 0L, 4)));
    }

    [Test]
    public async Task Many_tasks_share_few_blocks_to_the_end()
    {
        PacketPool pool = Blocks(3);
        int inside = 0, most = 0;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 40; i++)
            {
                Packet p = await pool.RentAsync(1, Forever);
                int now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
                p.Dispose();
            }
        }))).WaitAsync(Patience);
        Assert.That(most, Is.InRange(1, 3));
        Assert.That(pool.GetStatistics().Rented, Is.EqualTo(50 * 40));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int old;
        while (value > (old = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, old) != old)
        {
        }
    }
}
