using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

/// <summary>Sleeping readers and writers of a ring: time-outs, wake-ups, every change of state.</summary>
[TestFixture]
public sealed class RingWaitTests : PoolTest
{
    private static readonly TimeSpan Forever = Timeout.InfiniteTimeSpan;
    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private PacketPool _pool = null!;

    public enum Sleeper
    {
        BlockedThread,
        Task,
    }

    [SetUp]
    public void MakePool() => _pool = Use(Pools.Global());

    [Test]
    public async Task A_read_of_an_empty_ring_times_out_when_its_time_is_over_and_not_before([Values] Sleeper kind)
    {
        var ring = new PacketRing(4, Clock);
        Task<FlowError> read = Reader(ring, kind, Tenth);
        Clock.Advance(Tenth - TimeSpan.FromTicks(1));
        Assert.That(read.IsCompleted, Is.False);
        Assert.That(Clock.PendingTimers, Is.EqualTo(1));
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(await read.WaitAsync(Patience), Is.EqualTo(FlowError.TimedOut));
        Assert.That(Clock.PendingTimers, Is.Zero);
    }

    [Test]
    public async Task A_write_to_a_full_ring_times_out_and_the_packet_stays_the_callers([Values] Sleeper kind)
    {
        PacketRing ring = Full(2);
        Task<FlowError> write = Writer(ring, kind, Tenth);
        Clock.Advance(Tenth - TimeSpan.FromTicks(1));
        Assert.That(write.IsCompleted, Is.False);
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(await write.WaitAsync(Patience), Is.EqualTo(FlowError.TimedOut));
        Assert.That(ring.Count, Is.EqualTo(2));
        ring.Drain();
    }

    [Test]
    public async Task A_write_wakes_a_sleeping_reader([Values] Sleeper kind)
    {
        var ring = new PacketRing(4, Clock);
        Task<FlowError> read = Reader(ring, kind, Hour);
        ring.TryWrite(_pool.Rent(1));
        Assert.That(await read.WaitAsync(Patience), Is.EqualTo(FlowError.None));
        ring.Drain();
    }

    [Test]
    public async Task A_batch_wakes_all_sleeping_readers([Values] Sleeper kind)
    {
        var ring = new PacketRing(4, Clock);
        Task<FlowError>[] reads = [.. Enumerable.Range(0, 3).Select(_ => Reader(ring, kind, Hour))];
        ring.WriteBatch([_pool.Rent(1), _pool.Rent(1), _pool.Rent(1)]);
        Assert.That(await Task.WhenAll(reads).WaitAsync(Patience), Is.All.EqualTo(FlowError.None));
        ring.Drain();
    }

    [Test]
    public async Task A_read_wakes_a_sleeping_writer([Values] Sleeper kind, [Values] bool batch)
    {
        PacketRing ring = Full(2);
        Task<FlowError> write = Writer(ring, kind, Hour);
        var packets = new Packet[1];
        if (batch) Assert.That(ring.ReadBatch(packets), Is.EqualTo(1));
        else ring.TryRead(out packets[0]);
        packets[0].Dispose();
        Assert.That(await write.WaitAsync(Patience), Is.EqualTo(FlowError.None));
        ring.Drain();
    }

    [Test]
    public async Task Drain_wakes_a_sleeping_writer([Values] Sleeper kind)
    {
        PacketRing ring = Full(2);
        Task<FlowError> write = Writer(ring, kind, Hour);
        ring.Drain();
        Assert.That(await write.WaitAsync(Patience), Is.EqualTo(FlowError.None));
        ring.Drain();
    }

    [TestCase(RingState.FlowDown, FlowError.FlowDown)]
    [TestCase(RingState.PeerDead, FlowError.PeerDead)]
    [TestCase(RingState.FlowDown | RingState.PeerDead, FlowError.FlowDown)]
    public async Task A_sleeping_reader_hears_at_once_that_there_will_be_nothing(RingState state, FlowError error)
    {
        foreach (Sleeper kind in Enum.GetValues<Sleeper>())
        {
            var ring = new PacketRing(4, Clock);
            Task<FlowError> read = Reader(ring, kind, Hour);
            ring.ChangeState(state, default);
            Assert.That(await read.WaitAsync(Patience), Is.EqualTo(error), kind.ToString());
        }
    }

    [TestCase(RingState.FlowDown, FlowError.FlowDown)]
    [TestCase(RingState.ReadOnly, FlowError.NotAllocated)]
    [TestCase(RingState.FlowDown | RingState.ReadOnly, FlowError.FlowDown)]
    public async Task A_sleeping_writer_hears_at_once_that_there_is_nothing_to_wait_for(RingState state, FlowError error)
    {
        foreach (Sleeper kind in Enum.GetValues<Sleeper>())
        {
            PacketRing ring = Full(2);
            Task<FlowError> write = Writer(ring, kind, Hour);
            ring.ChangeState(state, default);
            Assert.That(await write.WaitAsync(Patience), Is.EqualTo(error), kind.ToString());
            ring.Drain();
        }
    }

    [Test]
    public async Task A_task_is_woken_by_every_change_of_state_even_one_that_does_not_concern_it()
    {
        var ring = new PacketRing(1, Clock);
        foreach ((RingState set, RingState clear) in new[]
        {
            (RingState.ReadOnly, RingState.ReadWrite), (RingState.ReadWrite, RingState.ReadOnly),
        })
        {
            Task<FlowError> read = ring.WaitReadableAsync(Forever).AsTask();
            ring.ChangeState(set, clear);
            Assert.That(await read.WaitAsync(Patience), Is.EqualTo(FlowError.None), "try again now");
        }
        ring.TryWrite(_pool.Rent(1));
        foreach ((RingState set, RingState clear) in new[]
        {
            (RingState.PeerDead, RingState.ReadWrite), (RingState.ReadWrite, RingState.PeerDead),
        })
        {
            Task<FlowError> write = ring.WaitWritableAsync(Forever).AsTask();
            ring.ChangeState(set, clear);
            Assert.That(await write.WaitAsync(Patience), Is.EqualTo(FlowError.None), "try again now");
        }
        ring.Drain();
    }

    [Test]
    public async Task A_blocked_reader_sleeps_on_through_changes_that_do_not_concern_it_and_keeps_its_deadline()
    {
        var ring = new PacketRing(4, Clock);
        Task<FlowError> read = Reader(ring, Sleeper.BlockedThread, Tenth);
        Clock.Advance(Tenth * 0.9);
        ring.ChangeState(RingState.ReadOnly, default);
        // The thread may be about to sleep for what was left when this one moves the clock: then it wakes a tenth late, not nine.
        for (int i = 0; i < 2; i++)
        {
            Until(() => read.IsCompleted || Clock.PendingTimers == 1, "it sleeps again, or it is over");
            Clock.Advance(Tenth * 0.1);
        }
        Assert.That(await read.WaitAsync(Patience), Is.EqualTo(FlowError.TimedOut));
    }

    [Test]
    public async Task A_flow_that_comes_up_again_can_be_read_and_written()
    {
        var ring = new PacketRing(4, Clock);
        ring.ChangeState(RingState.FlowDown, default);
        ring.ChangeState(default, RingState.FlowDown);
        Task<FlowError> read = Reader(ring, Sleeper.BlockedThread, Hour);
        Assert.That(ring.TryWrite(_pool.Rent(1)), Is.EqualTo(FlowError.None));
        Assert.That(await read.WaitAsync(Patience), Is.EqualTo(FlowError.None));
    }

    [Test]
    public async Task A_wait_can_be_cancelled_and_the_others_sleep_on()
    {
        var ring = new PacketRing(1, Clock);
        using var cancel = new CancellationTokenSource();
        Task<FlowError> first = ring.WaitReadableAsync(Hour, cancel.Token).AsTask(), second = ring.WaitReadableAsync(Hour).AsTask();
        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => first.WaitAsync(Patience));
        Assert.That(second.IsCompleted, Is.False);
        ring.TryWrite(_pool.Rent(1));
        Assert.That(await second.WaitAsync(Patience), Is.EqualTo(FlowError.None));
        using var other = new CancellationTokenSource();
        Task<FlowError> write = ring.WaitWritableAsync(Hour, other.Token).AsTask();
        await other.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => write.WaitAsync(Patience));
        Assert.CatchAsync<OperationCanceledException>(async () => await ring.WaitWritableAsync(Hour, other.Token));
        Assert.CatchAsync<OperationCanceledException>(async () => await ring.WaitReadableAsync(Hour, cancel.Token));
        Assert.That(Clock.PendingTimers, Is.Zero);
        ring.Drain();
    }

    [Test]
    public void A_time_that_makes_no_sense_is_refused()
    {
        var ring = new PacketRing(1, Clock);
        TimeSpan wrong = TimeSpan.FromTicks(-7);
        using Packet p = _pool.Rent(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Read(out _, wrong));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Write(p, wrong));
        Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await ring.WaitReadableAsync(wrong));
        Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await ring.WaitWritableAsync(wrong));
    }

    [Test]
    public async Task One_writer_and_one_reader_move_packets_in_order([Values] bool blocking)
    {
        const int Count = 2000;
        var ring = new PacketRing(7);
        Task writer = OnThread(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                Packet p = _pool.Rent(4);
                BitConverter.TryWriteBytes(p.Span, i);
                if (blocking) Assert.That(ring.Write(p, Forever), Is.EqualTo(FlowError.None));
                else while (ring.TryWrite(p) != FlowError.None) Thread.Yield();
            }
        });
        Task reader = OnThread(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                Packet p;
                if (blocking) Assert.That(ring.Read(out p, Forever), Is.EqualTo(FlowError.None));
                else while (ring.TryRead(out p) != FlowError.None) Thread.Yield();
                Assert.That(BitConverter.ToInt32(p.Span), Is.EqualTo(i));
                p.Dispose();
            }
        });
        await Task.WhenAll(writer, reader).WaitAsync(Patience);
    }

    [Test]
    public async Task Blocked_writers_all_get_their_turn()
    {
        var ring = new PacketRing(1, Clock);
        ring.TryWrite(_pool.Rent(1));
        Task<FlowError>[] writes = [.. Enumerable.Range(0, 5).Select(_ => Writer(ring, Sleeper.BlockedThread, Hour))];
        for (int i = 0; i < 6; i++)
        {
            Assert.That(ring.Read(out Packet p, Forever), Is.EqualTo(FlowError.None));
            p.Dispose();
        }
        Assert.That(await Task.WhenAll(writes).WaitAsync(Patience), Is.All.EqualTo(FlowError.None));
    }

    /// <summary>Sleeps when this returns. A blocked thread reads, a task only waits until it could.</summary>
    private Task<FlowError> Reader(PacketRing ring, Sleeper kind, TimeSpan timeout)
    {
        if (kind == Sleeper.Task) return ring.WaitReadableAsync(timeout).AsTask();
        int sleeping = Clock.PendingTimers;
        Task<FlowError> read = OnThread(() =>
        {
            FlowError error = ring.Read(out Packet p, timeout);
            p.Dispose();
            return error;
        });
        Until(() => Clock.PendingTimers > sleeping, "the reader sleeps");
        return read;
    }

    private Task<FlowError> Writer(PacketRing ring, Sleeper kind, TimeSpan timeout)
    {
        if (kind == Sleeper.Task) return ring.WaitWritableAsync(timeout).AsTask();
        int sleeping = Clock.PendingTimers;
        Task<FlowError> write = OnThread(() =>
        {
            Packet p = _pool.Rent(1);
            FlowError error = ring.Write(p, timeout);
            if (error != FlowError.None) p.Dispose();
            return error;
        });
        Until(() => Clock.PendingTimers > sleeping, "the writer sleeps");
        return write;
    }

    private PacketRing Full(int capacity)
    {
        var ring = new PacketRing(capacity, Clock);
        for (int i = 0; i < capacity; i++) ring.TryWrite(_pool.Rent(1));
        return ring;
    }
}
