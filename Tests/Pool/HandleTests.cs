using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

/// <summary>Handles that are no good: disposed, stale, of a pool that has gone, or made up.</summary>
[TestFixture]
public sealed class HandleTests : PoolTest
{
    private const int Seed = 20260101;

    private static readonly (string Name, Action<Packet> Use)[] Uses =
    [
        ("Length", p => _ = p.Length),
        ("Span", p => _ = p.Span),
        ("Memory", p => _ = p.Memory),
        ("HeadRoom", p => _ = p.HeadRoom),
        ("TailRoom", p => _ = p.TailRoom),
        ("References", p => _ = p.References),
        ("Pool", p => _ = p.Pool),
        ("PushHeader", p => p.PushHeader(1)),
        ("TryPushHeader", p => p.TryPushHeader(1, out _)),
        ("PopHeader", p => p.PopHeader(1)),
        ("TryPopHeader", p => p.TryPopHeader(1, out _)),
        ("PushTrailer", p => p.PushTrailer(1)),
        ("TryPushTrailer", p => p.TryPushTrailer(1, out _)),
        ("PopTrailer", p => p.PopTrailer(1)),
        ("TryPopTrailer", p => p.TryPopTrailer(1, out _)),
        ("TryPushEnvelope", p => p.TryPushEnvelope(1, 1, out _)),
        ("PopEnvelope", p => p.PopEnvelope(1, 1)),
        ("Truncate", p => p.Truncate(0)),
        ("Retain", p => p.Retain()),
        ("TryCopy", p => p.TryCopy(out _)),
        ("Dispose", p => p.Dispose()),
    ];

    [Test]
    public void Pools_are_checked_in_tests() => Assert.That(PacketPool.Checked, Is.True);

    [Test]
    public void No_packet_is_refused_by_all_but_Dispose()
    {
        foreach ((string name, Action<Packet> use) in Uses.Where(u => u.Name != "Dispose"))
            Assert.Throws<InvalidOperationException>(() => use(default), name);
        Assert.DoesNotThrow(() => default(Packet).Dispose());
        Assert.That((default(Packet).IsNull, default(Packet).Handle, default(Packet).ToString()), Is.EqualTo((true, 0UL, "no packet")));
    }

    [Test]
    public void A_disposed_packet_is_refused_by_all()
    {
        PacketPool pool = Blocks(4);
        Packet p = pool.Rent(10);
        p.Dispose();
        foreach ((string name, Action<Packet> use) in Uses) Assert.Throws<InvalidOperationException>(() => use(p), name);
        Assert.That(pool.GetStatistics().BadReleases, Is.EqualTo(1));
    }

    [Test]
    public void A_stale_handle_does_not_touch_the_packet_that_has_its_block_now()
    {
        PacketPool pool = Blocks(1);
        Packet old = pool.Rent(10);
        old.Dispose();
        using Packet now = pool.Rent(20);
        now.Span.Fill(1);
        Assert.That((uint)now.Handle, Is.EqualTo((uint)old.Handle), "one block only");
        foreach ((string name, Action<Packet> use) in Uses) Assert.Throws<InvalidOperationException>(() => use(old), name);
        Assert.That((now.Length, now.HeadRoom, now.References), Is.EqualTo((20, 256, 1)));
        Assert.That(now.Span.ToArray(), Is.All.EqualTo(1));
        Assert.That(old, Is.Not.EqualTo(now));
    }

    [Test]
    public void A_packet_of_a_pool_that_has_gone_is_refused()
    {
        PacketPool pool = Pools.Small(1);
        Packet p = pool.Rent(10);
        p.Dispose();
        pool.Dispose();
        PacketPool next = Blocks(1);
        using Packet q = next.Rent(10);
        foreach ((string name, Action<Packet> use) in Uses) Assert.Throws<InvalidOperationException>(() => use(p), name);
        Assert.That(q.Length, Is.EqualTo(10));
    }

    [Test]
    public void A_packet_returns_unharmed_by_way_of_its_handle()
    {
        PacketPool pool = Blocks(1);
        Packet p = pool.Rent(10);
        Packet same = Packet.FromHandle(p.Handle);
        Assert.That(same == p && same.Equals(p) && same.Equals((object)p) && same.GetHashCode() == p.GetHashCode(), Is.True);
        Assert.That(same != default, Is.True);
        same.Dispose();
        Assert.Throws<InvalidOperationException>(p.Dispose);
    }

    [Test]
    public void Random_garbage_is_refused_and_harms_nothing()
    {
        PacketPool pool = Use(Pools.Global());
        List<Packet> live = [.. Enumerable.Range(0, 64).Select(i => Marked(pool, i))];
        var random = new Random(Seed);
        for (int i = 0; i < 20_000; i++) Refused((ulong)random.NextInt64(long.MinValue, long.MaxValue), i);
        Unharmed(pool, live);
    }

    [Test]
    public void Garbage_that_names_a_real_pool_is_refused_and_harms_nothing()
    {
        PacketPool pool = Use(Pools.Global());
        List<Packet> live = [.. Enumerable.Range(0, 64).Select(i => Marked(pool, i))];
        HashSet<ulong> real = [.. live.Select(p => p.Handle)];
        var random = new Random(Seed);
        ulong number = live[0].Handle >> 48 << 48;
        for (int i = 0; i < 20_000; i++)
        {
            // Sizes and indices that exist and some that do not, right and wrong generations, bits of real handles flipped.
            ulong handle = (i % 3) switch
            {
                0 => number | ((ulong)random.NextInt64() & 0xFFFF_FFFF_FFFF),
                1 => number | ((ulong)random.Next(1 << 16) << 32) | ((ulong)random.Next(16) << 28) | (uint)random.Next(8192),
                _ => live[random.Next(live.Count)].Handle ^ (1UL << random.Next(64)),
            };
            if (!real.Contains(handle)) Refused(handle, i);
        }
        Unharmed(pool, live);
    }

    [Test]
    public void Disposing_one_packet_on_many_threads_returns_it_once()
    {
        PacketPool pool = Blocks(8);
        for (int round = 0; round < 200; round++)
        {
            Packet p = pool.Rent(1);
            int worked = 0;
            Parallel.For(0, 4, _ =>
            {
                try
                {
                    p.Dispose();
                    Interlocked.Increment(ref worked);
                }
                catch (InvalidOperationException)
                {
                    // All but one.
                }
            });
            Assert.That(worked, Is.EqualTo(1));
        }
        List<Packet> all = Exhaust(pool, 1);
        Assert.That(all, Has.Count.EqualTo(8));
        Assert.That(all, Is.Unique);
        DisposeAll(all);
    }

    [Test]
    public void A_block_keeps_working_when_its_generations_have_gone_round()
    {
        PacketPool pool = Blocks(1);
        for (int i = 0; i < (1 << 16) + 10; i++)
        {
            Packet p = pool.Rent(1);
            if (p.References != 1 || p.Length != 1) Assert.Fail($"round {i}: {p}, {p.References} references");
            p.Dispose();
        }
        Assert.That(pool.GetStatistics().BadReleases, Is.Zero);
    }

    [Test]
    public void Disposing_a_pool_says_where_what_is_out_was_rented()
    {
        PacketPool pool = Pools.Small(8);
        Packet a = pool.Rent(1); int line = Line();
        Packet b = pool.Rent(1), c = pool.Rent(1);
        pool.Rent(1).Dispose();
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(pool.Dispose)!;
        Assert.That(e.Message, Does.Contain("3 packets are out"));
        Assert.That(e.Message, Does.Contain($"1 x 512-byte block rented at {File()}:{line}"));
        Assert.That(e.Message, Does.Contain($"2 x 512-byte block rented at {File()}:{line + 1}"));
        Assert.That(e.Message, Does.Not.Contain($":{line + 2}"));
        DisposeAll([a, b, c]);
        Assert.That(pool.Outstanding, Is.Zero);
    }

    [Test]
    public async Task The_leak_report_names_the_place_of_every_kind_of_rent()
    {
        PacketPool pool = Pools.Small(3);
        pool.TryRent(1, out Packet a); int line = Line();
        Packet b = await pool.RentAsync(1, Timeout.InfiniteTimeSpan);
        Packet c = pool.Rent(1, Timeout.InfiniteTimeSpan);
        ValueTask<Packet> waiting = pool.RentAsync(1, Timeout.InfiniteTimeSpan);
        a.Dispose();
        Packet d = await waiting;
        string report = Assert.Throws<InvalidOperationException>(pool.Dispose)!.Message;
        for (int i = 1; i <= 3; i++) Assert.That(report, Does.Contain($"{File()}:{line + i}"));
        DisposeAll([b, c, d]);
        Assert.That(pool.Outstanding, Is.Zero);
    }

    private static Packet Marked(PacketPool pool, int i)
    {
        Packet p = pool.Rent(50 + i);
        p.Span.Fill((byte)i);
        return p;
    }

    private static void Refused(ulong handle, int round)
    {
        (string name, Action<Packet> use) = Uses[round % Uses.Length];
        if (handle == 0 && name == "Dispose") return;
        try
        {
            use(Packet.FromHandle(handle));
        }
        catch (InvalidOperationException)
        {
            return;
        }
        Assert.Fail($"{name} took {handle:X16}, {Packet.FromHandle(handle)}; seed {Seed}");
    }

    private static void Unharmed(PacketPool pool, List<Packet> live)
    {
        Assert.That(pool.Outstanding, Is.EqualTo(live.Count));
        for (int i = 0; i < live.Count; i++)
        {
            Assert.That((live[i].Length, live[i].HeadRoom, live[i].References), Is.EqualTo((50 + i, 256, 1)), $"packet {i}");
            Assert.That(live[i].Span.ToArray(), Is.All.EqualTo((byte)i));
        }
        DisposeAll(live);
        List<Packet> all = Exhaust(pool, 1);
        Assert.That(all, Is.Unique);
        DisposeAll(all);
        Assert.That(pool.GetStatistics().Sizes, Is.All.Matches<PoolSizeStatistics>(s => s.Free == s.Blocks));
    }

    private static int Line([System.Runtime.CompilerServices.CallerLineNumber] int line = 0) => line;

    private static string File([System.Runtime.CompilerServices.CallerFilePath] string file = "") => file;
}
