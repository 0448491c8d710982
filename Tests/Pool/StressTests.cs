using System.Collections.Concurrent;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

/// <summary>
/// Everything at once for a second or two: many threads, random delays and sizes. What each thread does follows from the seed; how the
/// threads interleave is the machine's affair. Nothing may be lost, come twice, or stay out.
/// </summary>
[TestFixture]
public sealed class StressTests : PoolTest
{
    private const int Seed = 20260101;
    private static readonly TimeSpan Forever = Timeout.InfiniteTimeSpan;

    [Test]
    public async Task Writers_and_readers_of_one_ring_lose_nothing_and_get_nothing_twice([Values(1, 3)] int writers, [Values(1, 3)] int readers)
    {
        const int PerWriter = 6000;
        PacketPool pool = Use(Pools.Global());
        var ring = new PacketRing(37);
        var seen = new int[writers * PerWriter];
        Task[] writing = [.. Enumerable.Range(0, writers).Select(w => OnThread(() =>
        {
            var random = new Random(Seed + w);
            var batch = new Packet[9];
            for (int i = 0; i < PerWriter;)
            {
                int n = Math.Min(random.Next(1, batch.Length), PerWriter - i);
                for (int k = 0; k < n; k++) batch[k] = Marked(pool, w, i + k);
                int done = random.Next(2) == 0 ? ring.WriteBatch(batch.AsSpan(0, n)) : 0;
                for (; done < n; done++) Assert.That(ring.Write(batch[done], Forever), Is.EqualTo(FlowError.None));
                i += n;
            }
        }))];
        Task[] reading = [.. Enumerable.Range(0, readers).Select(r => OnThread(() =>
        {
            var random = new Random(Seed - r);
            var last = new int[writers];
            Array.Fill(last, -1);
            var batch = new Packet[9];
            while (true)
            {
                int n = random.Next(2) == 0 ? ring.ReadBatch(batch) : 0;
                if (n == 0)
                {
                    FlowError error = ring.Read(out batch[0], Forever);
                    if (error == FlowError.FlowDown) return;
                    Assert.That(error, Is.EqualTo(FlowError.None));
                    n = 1;
                }
                foreach (Packet p in batch.AsSpan(0, n))
                {
                    (int w, int i) = (BitConverter.ToInt32(p.Span), BitConverter.ToInt32(p.Span[4..]));
                    if (i <= last[w]) throw new InvalidOperationException($"{i} of writer {w} after {last[w]}; seed {Seed}");
                    last[w] = i;
                    Interlocked.Increment(ref seen[(w * PerWriter) + i]);
                    p.Dispose();
                }
            }
        }))];
        await Task.WhenAll(writing).WaitAsync(Patience);
        ring.ChangeState(RingState.FlowDown, default);
        await Task.WhenAll(reading).WaitAsync(Patience);
        Assert.That(seen, Is.All.EqualTo(1), $"seed {Seed}");
    }

    [Test]
    public async Task Tasks_that_wait_on_both_ends_of_a_ring_lose_nothing()
    {
        const int PerWriter = 5000;
        PacketPool pool = Use(Pools.Global());
        var ring = new PacketRing(5);
        int read = 0;
        Task[] reading = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                FlowError error = ring.TryRead(out Packet p);
                if (error == FlowError.None)
                {
                    p.Dispose();
                    Interlocked.Increment(ref read);
                }
                else if (error == FlowError.FlowDown)
                {
                    return;
                }
                else
                {
                    await ring.WaitReadableAsync(Forever);
                }
            }
        }))];
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < PerWriter; i++)
            {
                Packet p = pool.Rent(8);
                while (ring.TryWrite(p) != FlowError.None) await ring.WaitWritableAsync(Forever);
            }
        }))).WaitAsync(Patience);
        ring.ChangeState(RingState.FlowDown, default);
        await Task.WhenAll(reading).WaitAsync(Patience);
        Assert.That(read, Is.EqualTo(3 * PerWriter));
    }

    [Test]
    public async Task Readers_of_a_set_get_every_packet_of_every_member([Values] bool onePerEvent)
    {
        const int Flows = 12, PerFlow = 2000;
        PacketPool pool = Use(Pools.Global());
        var set = new ReadySet<PacketRing>();
        PacketRing[] rings = [.. Enumerable.Range(0, Flows).Select(_ => new PacketRing(8))];
        using var done = new CancellationTokenSource();
        int read = 0, ups = 0;

        int Read(ReadOnlySpan<ReadyEvent<PacketRing>> events)
        {
            int n = 0;
            foreach (ReadyEvent<PacketRing> e in events)
            {
                if ((e.Events & FlowEventType.Up) != 0) Interlocked.Increment(ref ups);
                while (e.Member.TryRead(out Packet p) == FlowError.None)
                {
                    p.Dispose();
                    n++;
                    if (onePerEvent) break;
                }
            }
            return n;
        }

        async Task ReadAll(bool blocking)
        {
            var events = new ReadyEvent<PacketRing>[3];
            try
            {
                while (true)
                {
                    int n = blocking ? set.Wait(events, Forever, done.Token) : await set.WaitAsync(events, Forever, done.Token);
                    if (Interlocked.Add(ref read, Read(events.AsSpan(0, n))) == Flows * PerFlow) await done.CancelAsync();
                }
            }
            catch (OperationCanceledException)
            {
                // All are read.
            }
        }

        Task[] reading = [OnThread(() => ReadAll(blocking: true).GetAwaiter().GetResult()), Task.Run(() => ReadAll(blocking: false))];
        Task[] writing = [.. Enumerable.Range(0, 3).Select(w => OnThread(() =>
        {
            var random = new Random(Seed + w);
            PacketRing[] mine = [.. rings.Where((_, i) => i % 3 == w)];
            int[] left = [.. mine.Select(_ => PerFlow)];
            for (int i = 0; i < mine.Length; i++) set.Add(mine[i], mine[i]);
            while (left.Sum() > 0)
            {
                int i = random.Next(mine.Length);
                if (left[i] == 0) continue;
                Assert.That(mine[i].Write(pool.Rent(1), Forever), Is.EqualTo(FlowError.None));
                left[i]--;

                // A member may leave and come back at any time.
                if (random.Next(50) == 0 && set.Remove(mine[i])) set.Add(mine[i], mine[i]);
            }
        }))];
        await Task.WhenAll(writing).WaitAsync(Patience);
        await Task.WhenAll(reading).WaitAsync(Patience);
        Assert.That(read, Is.EqualTo(Flows * PerFlow), $"seed {Seed}");
        foreach (PacketRing ring in rings) set.Notify(ring, FlowEventType.Up);
        var rest = new ReadyEvent<PacketRing>[Flows];
        Read(rest.AsSpan(0, set.Wait(rest, TimeSpan.Zero)));
        Assert.That(ups, Is.EqualTo(Flows), "the set still works");
    }

    [Test]
    public async Task Packets_that_wander_between_threads_are_never_shared_by_two_owners()
    {
        const int Threads = 4, Steps = 15_000;
        PacketPool pool = Use(Pools.Global(Pools.Options with
        {
            Counts = new PoolCounts { Blocks384 = 256, Blocks512 = 64, Blocks2K = 16 },
            ThreadCache = 4,
        }));
        var wandering = new ConcurrentQueue<Packet>();
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(t => OnThread(() =>
        {
            var random = new Random(Seed + t);
            var mine = new List<(Packet Packet, byte Mark)>();
            for (int step = 0; step < Steps; step++)
            {
                int what = random.Next(8);
                if (what < 4 && pool.TryRent(random.Next(1, 400), out Packet p))
                {
                    byte mark = (byte)random.Next(256);
                    p.Span.Fill(mark);
                    mine.Add((p, mark));
                }
                else if (mine.Count > 0)
                {
                    int i = random.Next(mine.Count);
                    (Packet own, byte mark) = mine[i];
                    if (own.Span.IndexOfAnyExcept(mark) >= 0) throw new InvalidOperationException($"{own} has two owners; seed {Seed}");
                    mine.RemoveAt(i);
                    if (what == 7) wandering.Enqueue(own);
                    else own.Dispose();
                }
                if (wandering.TryDequeue(out Packet other)) other.Dispose();
            }
            foreach ((Packet own, _) in mine) own.Dispose();
        }))).WaitAsync(Patience);
        DisposeAll(wandering);
        PoolStatistics s = pool.GetStatistics();
        Assert.That(s.Rented, Is.GreaterThan(Threads * Steps / 4));
        Assert.That(s.Rented, Is.EqualTo(s.Returned));
        Assert.That(s.BadReleases, Is.Zero);
        List<Packet> all = Exhaust(pool, 1);
        Assert.That(all, Has.Count.EqualTo(256 + 64 + 16));
        Assert.That(all, Is.Unique);
        DisposeAll(all);
    }

    [Test]
    public async Task Waiters_and_hurriers_of_an_exhausted_pool_all_come_to_an_end()
    {
        const int PerTask = 1500;
        PacketPool pool = Use(Pools.Global(Pools.Options with
        {
            Counts = new PoolCounts { Blocks384 = 260, Blocks512 = 2 },
            FallbackSizes = 1,
            ThreadCache = 4,
        }));
        List<Packet> most = [.. Enumerable.Range(0, 256).Select(_ => pool.Rent(1))];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => t % 2 == 0
            ? Task.Run(async () =>
            {
                for (int i = 0; i < PerTask; i++)
                {
                    Packet p = await pool.RentAsync(i % 3 == 0 ? 100 : 1, Forever);
                    if (i % 5 == 0) await Task.Yield();
                    p.Dispose();
                }
            })
            : OnThread(() =>
            {
                for (int i = 0; i < PerTask; i++)
                {
                    if (pool.TryRent(1, out Packet hurried)) hurried.Dispose();
                    pool.Rent(1, Forever).Dispose();
                }
            }))).WaitAsync(Patience);
        Assert.That(pool.GetStatistics().Waiting, Is.Zero);
        DisposeAll(most);
    }

    [Test]
    public async Task Changes_of_state_wake_every_sleeper_however_often()
    {
        PacketPool pool = Use(Pools.Global());
        for (int round = 0; round < 300; round++)
        {
            var ring = new PacketRing(1);
            var full = new PacketRing(1);
            full.TryWrite(pool.Rent(1));
            Task<FlowError> read = Task.Run(async () => await ring.WaitReadableAsync(Forever));
            Task<FlowError> write = Task.Run(async () => await full.WaitWritableAsync(Forever));
            if (round % 3 == 0) await Task.Yield();
            ring.ChangeState(RingState.FlowDown, default);
            full.ChangeState(RingState.FlowDown, default);
            Assert.That(await read.WaitAsync(Patience), Is.EqualTo(FlowError.FlowDown));
            Assert.That(await write.WaitAsync(Patience), Is.EqualTo(FlowError.FlowDown));
            full.Drain();
        }
    }

    [Test]
    public async Task The_memory_of_a_retired_pool_goes_with_its_last_packet_also_when_both_happen_at_once()
    {
        for (int round = 0; round < 300; round++)
        {
            PacketPool pool = Pools.Small(1);
            Packet p = pool.Rent(1);
            using var start = new Barrier(2);
            Task other = Task.Run(() =>
            {
                start.SignalAndWait();
                p.Dispose();
            });
            start.SignalAndWait();
            pool.Retire();
            await other.WaitAsync(Patience);
            InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => _ = p.Length)!;
            Assert.That(e.Message, Does.Contain("its pool was disposed"), $"round {round}");
        }
    }

    private static Packet Marked(PacketPool pool, int writer, int number)
    {
        Packet p = pool.Rent(8);
        BitConverter.TryWriteBytes(p.Span, writer);
        BitConverter.TryWriteBytes(p.Span[4..], number);
        return p;
    }
}
