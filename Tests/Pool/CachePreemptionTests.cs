using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

/// <summary>
/// A thread that loses its processor between the two stores that bracket a change of its cache. That cannot be arranged from outside, so
/// the test plays the thread: it sets and clears the mark by hand.
/// </summary>
[TestFixture]
public sealed class CachePreemptionTests : PoolTest
{
    // Number, Shard, Busy, Locked: the first fields of ThreadCacheState, four bytes each.
    private const int Busy = 8;

    [Test]
    public async Task A_waiter_gets_what_a_thread_keeps_that_lost_its_processor_while_it_changed_its_cache()
    {
        PacketPool pool = Use(Pools.Global(Pools.Options with { Counts = new PoolCounts { Blocks512 = 256 }, ThreadCache = 4 }));
        using var kept = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var rest = new List<Packet>();
        Task other = OnThread(() =>
        {
            List<Packet> all = Exhaust(pool, 1);
            all[0].Dispose();
            rest.AddRange(all[1..]);
            kept.Set();
            end.Wait();
        });
        Assert.That(kept.Wait(Patience), Is.True);
        Assert.That(pool.GetStatistics().Sizes[0].Cached, Is.EqualTo(1), "the only free block");
        nint cache = OnlyCache(pool);
        Marshal.WriteInt32(cache, Busy, 1);
        Task<Packet> wait = OnThread(() => pool.Rent(1, Timeout.InfiniteTimeSpan));
        Until(() => pool.GetType().GetField("_waiting", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(pool) is 1, "it waits");
        Assert.That(wait.Wait(TimeSpan.FromMilliseconds(50)), Is.False, "the cache is not to be touched now");
        Marshal.WriteInt32(cache, Busy, 0);
        Packet p = await wait.WaitAsync(Patience);
        end.Set();
        await other.WaitAsync(Patience);
        p.Dispose();
        DisposeAll(rest);
    }

    private static unsafe nint OnlyCache(PacketPool pool)
    {
        var caches = (IList)pool.GetType().GetField("_caches", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(pool)!;
        object cache = caches.Cast<object>().Single();
        return (nint)Pointer.Unbox(cache.GetType().GetProperty("State")!.GetValue(cache)!);
    }
}
