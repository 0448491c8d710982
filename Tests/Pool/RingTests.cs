using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

/// <summary>What a ring does without waiting: order, capacity, batches, and the table of states (packet-pool notes, 5.3).</summary>
[TestFixture]
public sealed class RingTests : PoolTest
{
    private PacketPool _pool = null!;

    [SetUp]
    public void MakePool() => _pool = Use(Pools.Global(Pools.Options with { TimeProvider = Clock }));

    [Test]
    public void What_is_written_is_read()
    {
        var ring = new PacketRing();
        Assert.That((ring.Count, ring.Capacity, ring.State), Is.EqualTo((0, 1023, RingState.ReadWrite)));
        Packet p = Numbered(42);
        Assert.That(ring.TryWrite(p), Is.EqualTo(FlowError.None));
        Assert.That(ring.Count, Is.EqualTo(1));
        Assert.That(ring.TryRead(out Packet q), Is.EqualTo(FlowError.None));
        Assert.That((q, Number(q), ring.Count), Is.EqualTo((p, 42, 0)));
        q.Dispose();
    }

    [Test]
    public void An_empty_ring_has_nothing_to_read()
    {
        var ring = new PacketRing();
        Assert.That(ring.TryRead(out Packet p), Is.EqualTo(FlowError.TryAgain));
        Assert.That(p.IsNull, Is.True);
        Assert.That(ring.ReadBatch(new Packet[4]), Is.Zero);
        Assert.That(ring.ReadBatch([]), Is.Zero);
    }

    [Test]
    public void It_holds_1023_packets_and_not_one_more_and_keeps_their_order()
    {
        var ring = new PacketRing();
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 1023; i++)
            {
                Assert.That(ring.TryWrite(Numbered(i)), Is.EqualTo(FlowError.None));
                Assert.That(ring.Count, Is.EqualTo(i + 1));
            }
            using Packet late = Numbered(1023);
            Assert.That(ring.TryWrite(late), Is.EqualTo(FlowError.TryAgain));
            Assert.That(late.Length, Is.EqualTo(4), "a refused packet is still the caller's");
            for (int i = 0; i < 1023; i++) Assert.That(ReadNumber(ring), Is.EqualTo(i));
            Assert.That(ring.TryRead(out _), Is.EqualTo(FlowError.TryAgain));
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(16)]
    [TestCase(17)]
    [TestCase(100)]
    public void Any_capacity_is_kept_exactly_while_the_ring_goes_round(int capacity)
    {
        var ring = new PacketRing(capacity);
        int written = 0, read = 0;
        for (int round = 0; round < 50; round++)
        {
            while (true)
            {
                Packet p = Numbered(written);
                if (ring.TryWrite(p) == FlowError.None)
                {
                    written++;
                    continue;
                }
                p.Dispose();
                break;
            }
            Assert.That((ring.Count, written - read), Is.EqualTo((capacity, capacity)));
            for (int i = 0; i < (round % capacity) + 1; i++) Assert.That(ReadNumber(ring), Is.EqualTo(read++));
        }
        ring.Drain();
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase((1 << 20) + 1)]
    public void Capacities_that_make_no_sense_are_refused(int capacity)
        => Assert.Throws<ArgumentOutOfRangeException>(() => _ = new PacketRing(capacity));

    [Test]
    public void Slots_grow_while_the_queue_is_wrapped_around()
    {
        // The first slots are 16; the head has wrapped when the seventeenth packet makes them grow.
        var ring = new PacketRing();
        for (int i = 0; i < 10; i++) ring.TryWrite(Numbered(i));
        for (int i = 0; i < 10; i++) Assert.That(ReadNumber(ring), Is.EqualTo(i));
        for (int i = 0; i < 200; i++) ring.TryWrite(Numbered(i));
        for (int i = 0; i < 200; i++) Assert.That(ReadNumber(ring), Is.EqualTo(i));
    }

    [Test]
    public void No_packet_cannot_be_queued()
    {
        var ring = new PacketRing();
        Assert.That(ring.TryWrite(default), Is.EqualTo(FlowError.InvalidArgument));
        Assert.That(ring.Write(default, Timeout.InfiniteTimeSpan), Is.EqualTo(FlowError.InvalidArgument));
        using Packet p = Numbered(1);
        Assert.Throws<ArgumentException>(() => ring.WriteBatch([p, default]));
        Assert.That(ring.Count, Is.Zero);
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(16)]
    [TestCase(500)]
    [TestCase(1023)]
    public void Batches_of_any_size_keep_the_order(int size)
    {
        var ring = new PacketRing();
        var batch = new Packet[size];
        int written = 0, read = 0;
        for (int round = 0; round < 10; round++)
        {
            for (int i = 0; i < size; i++) batch[i] = Numbered(written++);
            Assert.That(ring.WriteBatch(batch), Is.EqualTo(size));
            Assert.That(ring.Count, Is.EqualTo(size));
            int n = ring.ReadBatch(batch);
            Assert.That(n, Is.EqualTo(size));
            foreach (Packet p in batch)
            {
                Assert.That(Number(p), Is.EqualTo(read++));
                p.Dispose();
            }
        }
    }

    [Test]
    public void A_batch_that_does_not_fit_is_queued_as_far_as_it_does()
    {
        var ring = new PacketRing(10);
        Packet[] batch = [.. Enumerable.Range(0, 15).Select(Numbered)];
        Assert.That(ring.WriteBatch(batch), Is.EqualTo(10));
        Assert.That(ring.WriteBatch(batch.AsSpan(10)), Is.Zero);
        Assert.That(ReadNumber(ring), Is.Zero);
        Assert.That(ring.WriteBatch(batch.AsSpan(10)), Is.EqualTo(1));
        for (int i = 1; i <= 10; i++) Assert.That(ReadNumber(ring), Is.EqualTo(i));
        DisposeAll(batch[11..]);
    }

    [Test]
    public void A_batch_read_takes_what_is_there()
    {
        var ring = new PacketRing();
        for (int i = 0; i < 5; i++) ring.TryWrite(Numbered(i));
        var batch = new Packet[3];
        Assert.That(ring.ReadBatch(batch), Is.EqualTo(3));
        Assert.That(batch.Select(Number), Is.EqualTo(new[] { 0, 1, 2 }));
        DisposeAll(batch);
        batch[2] = default;
        Assert.That(ring.ReadBatch(batch), Is.EqualTo(2));
        Assert.That(batch.Take(2).Select(Number), Is.EqualTo(new[] { 3, 4 }));
        Assert.That(batch[2].IsNull, Is.True);
        DisposeAll(batch);
    }

    // The table of section 5.3, all combinations of flags: down wins over read-only (write) and over a dead peer (read).
    [TestCase(0, FlowError.None, FlowError.TryAgain)]
    [TestCase(1, FlowError.NotAllocated, FlowError.TryAgain)]
    [TestCase(2, FlowError.FlowDown, FlowError.FlowDown)]
    [TestCase(3, FlowError.FlowDown, FlowError.FlowDown)]
    [TestCase(4, FlowError.None, FlowError.PeerDead)]
    [TestCase(5, FlowError.NotAllocated, FlowError.PeerDead)]
    [TestCase(6, FlowError.FlowDown, FlowError.FlowDown)]
    [TestCase(7, FlowError.FlowDown, FlowError.FlowDown)]
    public async Task The_state_decides_writes_and_reads_of_an_empty_ring_but_queued_packets_can_always_be_read(
        int flags, FlowError write, FlowError readEmpty)
    {
        var state = (RingState)flags;
        var ring = new PacketRing(4, Clock);
        Packet[] queued = [Numbered(1), Numbered(2), Numbered(3)];
        ring.WriteBatch(queued);
        ring.ChangeState(state, RingState.ReadWrite);
        Assert.That(ring.State, Is.EqualTo(state));

        // Writing.
        Packet p = Numbered(4);
        Assert.That(ring.TryWrite(p), Is.EqualTo(write));
        if (write != FlowError.None)
        {
            Assert.That(ring.Write(p, Timeout.InfiniteTimeSpan), Is.EqualTo(write), "at once, without waiting");
            Assert.That(ring.WriteBatch([p]), Is.Zero);
            p.Dispose();
        }
        Assert.That(await ring.WaitWritableAsync(TimeSpan.Zero), Is.EqualTo(write == FlowError.None ? FlowError.TimedOut : write));

        // Reading what is queued.
        Assert.That(ring.TryRead(out p), Is.EqualTo(FlowError.None));
        p.Dispose();
        Assert.That(await ring.WaitReadableAsync(Timeout.InfiniteTimeSpan), Is.EqualTo(FlowError.None));
        Assert.That(ring.Read(out p, Timeout.InfiniteTimeSpan), Is.EqualTo(FlowError.None));
        p.Dispose();
        var rest = new Packet[4];
        Assert.That(ring.ReadBatch(rest), Is.EqualTo(write == FlowError.None ? 2 : 1));
        DisposeAll(rest);

        // Reading when empty.
        Assert.That(ring.TryRead(out p), Is.EqualTo(readEmpty));
        Assert.That(p.IsNull, Is.True);
        FlowError atOnce = readEmpty == FlowError.TryAgain ? FlowError.TimedOut : readEmpty;
        Assert.That(ring.Read(out _, TimeSpan.Zero), Is.EqualTo(atOnce));
        Assert.That(await ring.WaitReadableAsync(TimeSpan.Zero), Is.EqualTo(atOnce));
        if (readEmpty != FlowError.TryAgain) Assert.That(ring.Read(out _, Timeout.InfiniteTimeSpan), Is.EqualTo(readEmpty));
    }

    [Test]
    public void Flags_are_set_and_cleared_one_by_one()
    {
        var ring = new PacketRing();
        ring.ChangeState(RingState.ReadOnly | RingState.PeerDead, default);
        Assert.That(ring.State, Is.EqualTo(RingState.ReadOnly | RingState.PeerDead));
        ring.ChangeState(RingState.FlowDown, RingState.ReadOnly);
        Assert.That(ring.State, Is.EqualTo(RingState.FlowDown | RingState.PeerDead));
        ring.ChangeState(RingState.FlowDown, RingState.FlowDown);
        Assert.That(ring.State, Is.EqualTo(RingState.FlowDown | RingState.PeerDead), "set wins");
        ring.ChangeState(default, RingState.FlowDown | RingState.PeerDead);
        Assert.That(ring.State, Is.EqualTo(RingState.ReadWrite));
        Assert.That(ring.TryWrite(Numbered(1)), Is.EqualTo(FlowError.None));
        ring.Drain();
    }

    [Test]
    public void Drain_disposes_everything_in_whatever_state()
    {
        var ring = new PacketRing();
        for (int i = 0; i < 300; i++) ring.TryWrite(Numbered(i));
        ring.ChangeState(RingState.FlowDown, default);
        Assert.That(_pool.Outstanding, Is.EqualTo(300));
        ring.Drain();
        Assert.That((_pool.Outstanding, ring.Count), Is.EqualTo((0L, 0)));
        ring.Drain();
    }

    [Test]
    public void An_idle_ring_costs_less_than_200_bytes()
    {
        var rings = new PacketRing[1000];
        rings[0] = new PacketRing(PacketRing.DefaultCapacity, Clock);
        Assert.That(Allocations.Of(() =>
        {
            for (int i = 0; i < rings.Length; i++) rings[i] = new PacketRing(PacketRing.DefaultCapacity, Clock);
        }) / rings.Length, Is.LessThan(200));
    }

    [Test]
    public void Moving_packets_allocates_nothing()
    {
        var ring = new PacketRing();
        Packet p = Numbered(1);
        var one = new Packet[1];
        void Move()
        {
            for (int i = 0; i < 1000; i++)
            {
                ring.TryWrite(p);
                ring.TryRead(out _);
                one[0] = p;
                ring.WriteBatch(one);
                ring.ReadBatch(one);
            }
        }
        Move();
        Assert.That(Allocations.Of(Move), Is.Zero);
        p.Dispose();
    }

    private Packet Numbered(int number)
    {
        Packet p = _pool.Rent(4);
        BitConverter.TryWriteBytes(p.Span, number);
        return p;
    }

    private static int Number(Packet p) => BitConverter.ToInt32(p.Span);

    private static int ReadNumber(PacketRing ring)
    {
        Assert.That(ring.TryRead(out Packet p), Is.EqualTo(FlowError.None));
        int number = Number(p);
        p.Dispose();
        return number;
    }
}
