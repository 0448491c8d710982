using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

[TestFixture]
public sealed class RingListenerTests : PoolTest
{
    private PacketPool _pool = null!;

    [SetUp]
    public void MakePool() => _pool = Use(Pools.Global());

    [Test]
    public void Exactly_one_call_per_edge_from_empty_to_non_empty()
    {
        var counter = new Counter();
        var ring = new PacketRing { Listener = counter };
        Assert.That(counter.Readable, Is.Zero);
        for (int edge = 1; edge <= 5; edge++)
        {
            for (int i = 0; i < 20; i++) ring.TryWrite(_pool.Rent(1));
            Assert.That(counter.Readable, Is.EqualTo(edge));
            for (int i = 0; i < 19; i++) Take(ring);
            ring.TryWrite(_pool.Rent(1));
            Assert.That(counter.Readable, Is.EqualTo(edge), "it never was empty");
            Take(ring);
            Take(ring);
        }
    }

    [Test]
    public void Batches_make_edges_like_single_packets()
    {
        var counter = new Counter();
        var ring = new PacketRing { Listener = counter };
        var batch = new Packet[8];
        for (int edge = 1; edge <= 5; edge++)
        {
            for (int i = 0; i < batch.Length; i++) batch[i] = _pool.Rent(1);
            ring.WriteBatch(batch.AsSpan(0, 4));
            ring.WriteBatch(batch.AsSpan(4));
            Assert.That(counter.Readable, Is.EqualTo(edge));
            Assert.That(ring.ReadBatch(batch), Is.EqualTo(8));
            DisposeAll(batch);
            Assert.That(ring.ReadBatch(batch), Is.Zero);
        }
    }

    [Test]
    public void Drain_empties_the_ring_so_the_next_packet_is_an_edge()
    {
        var counter = new Counter();
        var ring = new PacketRing { Listener = counter };
        ring.TryWrite(_pool.Rent(1));
        ring.Drain();
        ring.TryWrite(_pool.Rent(1));
        Assert.That(counter.Readable, Is.EqualTo(2));
        ring.Drain();
    }

    [Test]
    public void A_listener_that_comes_late_hears_of_what_is_queued()
    {
        var ring = new PacketRing();
        ring.TryWrite(_pool.Rent(1));
        ring.TryWrite(_pool.Rent(1));
        var counter = new Counter();
        ring.Listener = counter;
        Assert.That((ring.Listener, counter.Readable), Is.EqualTo(((IRingListener)counter, 1)));
        ring.TryWrite(_pool.Rent(1));
        Assert.That(counter.Readable, Is.EqualTo(1));
        ring.Drain();
        ring.TryWrite(_pool.Rent(1));
        Assert.That(counter.Readable, Is.EqualTo(2));
        ring.Drain();
    }

    [Test]
    public void A_listener_that_leaves_hears_no_more_and_its_successor_does()
    {
        var first = new Counter();
        var ring = new PacketRing { Listener = first };
        ring.Listener = null;
        ring.TryWrite(_pool.Rent(1));
        ring.ChangeState(RingState.ReadOnly, default);
        Assert.That((first.Readable, first.States.Count), Is.EqualTo((0, 0)));
        ring.ChangeState(default, RingState.ReadOnly);
        ring.Drain();
        var second = new Counter();
        ring.Listener = second;
        ring.TryWrite(_pool.Rent(1));
        Assert.That((first.Readable, second.Readable), Is.EqualTo((0, 1)));
        ring.Drain();
    }

    [Test]
    public void A_refused_write_is_no_edge()
    {
        var counter = new Counter();
        var ring = new PacketRing { Listener = counter };
        ring.ChangeState(RingState.ReadOnly, default);
        using Packet p = _pool.Rent(1);
        Assert.That(ring.TryWrite(p), Is.EqualTo(FlowError.NotAllocated));
        Assert.That(ring.WriteBatch([p]), Is.Zero);
        Assert.That(counter.Readable, Is.Zero);
    }

    [Test]
    public void Both_listeners_hear_of_each_change_of_state_and_of_nothing_else()
    {
        var reader = new Counter();
        var writer = new Counter();
        var ring = new PacketRing { Listener = reader, WriterListener = writer };
        ring.ChangeState(RingState.FlowDown, default);
        ring.ChangeState(RingState.FlowDown, default);
        ring.ChangeState(RingState.PeerDead, RingState.FlowDown);
        ring.ChangeState(default, RingState.PeerDead);
        RingState[] expected = [RingState.FlowDown, RingState.PeerDead, RingState.ReadWrite];
        Assert.That(reader.States, Is.EqualTo(expected));
        Assert.That(writer.States, Is.EqualTo(expected));
        Assert.That(reader.Readable + writer.Readable + writer.Writable, Is.Zero);
    }

    [Test]
    public void One_who_listens_on_both_ends_hears_of_a_state_once()
    {
        var both = new Counter();
        var ring = new PacketRing { Listener = both, WriterListener = both };
        ring.ChangeState(RingState.FlowDown, default);
        Assert.That(both.States, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_writer_that_was_refused_hears_once_that_there_is_room()
    {
        var writer = new Counter();
        var ring = new PacketRing(2) { WriterListener = writer };
        ring.WriteBatch([_pool.Rent(1), _pool.Rent(1)]);
        Take(ring);
        Assert.That(writer.Writable, Is.Zero, "nothing was refused");
        ring.TryWrite(_pool.Rent(1));
        Packet p = _pool.Rent(1);
        for (int edge = 1; edge <= 3; edge++)
        {
            Assert.That(ring.TryWrite(p), Is.EqualTo(FlowError.TryAgain));
            Assert.That(ring.TryWrite(p), Is.EqualTo(FlowError.TryAgain));
            Take(ring);
            Take(ring);
            Assert.That(writer.Writable, Is.EqualTo(edge));
            ring.WriteBatch([_pool.Rent(1), _pool.Rent(1)]);
        }
        p.Dispose();
        ring.Drain();
    }

    [Test]
    public void A_writer_whose_batch_was_cut_hears_that_there_is_room()
    {
        var writer = new Counter();
        var ring = new PacketRing(2) { WriterListener = writer };
        Packet[] batch = [_pool.Rent(1), _pool.Rent(1), _pool.Rent(1)];
        Assert.That(ring.WriteBatch(batch), Is.EqualTo(2));
        Take(ring);
        Assert.That(writer.Writable, Is.EqualTo(1));
        Assert.That(ring.WriteBatch(batch.AsSpan(2)), Is.EqualTo(1));
        ring.Drain();
    }

    [Test]
    public async Task Reading_only_when_told_to_loses_nothing()
    {
        const int Count = 20_000;
        var signal = new Signal();
        var ring = new PacketRing(16) { Listener = signal };
        Task[] writers = [.. Enumerable.Range(0, 2).Select(_ => OnThread(() =>
        {
            for (int i = 0; i < Count; i++) ring.Write(_pool.Rent(1), Timeout.InfiniteTimeSpan);
        }))];
        int read = 0, rounds = 0, reads = 0;
        var batch = new Packet[5];
        while (read < 2 * Count)
        {
            Assert.That(signal.Wait(Patience), Is.True, $"no edge after {read} packets, {ring.Count} queued");
            rounds++;
            while (true)
            {
                int n = rounds % 2 == 0 ? ring.ReadBatch(batch) : ring.TryRead(out batch[0]) == FlowError.None ? 1 : 0;
                if (n == 0) break;
                DisposeAll(batch.AsSpan(0, n).ToArray());
                read += n;
                reads++;
            }
        }
        await Task.WhenAll(writers).WaitAsync(Patience);
        Assert.That(read, Is.EqualTo(2 * Count));
        Assert.That(signal.Edges, Is.LessThanOrEqualTo(reads + 1), "an edge needs a read that emptied the ring");
    }

    private static void Take(PacketRing ring)
    {
        Assert.That(ring.TryRead(out Packet p), Is.EqualTo(FlowError.None));
        p.Dispose();
    }

    private sealed class Counter : IRingListener
    {
        public int Readable { get; private set; }

        public int Writable { get; private set; }

        public List<RingState> States { get; } = [];

        public void OnReadable() => Readable++;

        public void OnStateChanged(RingState state) => States.Add(state);

        public void OnWritable() => Writable++;
    }

    private sealed class Signal : IRingListener
    {
        private readonly SemaphoreSlim _edges = new(0);
        private int _count;

        public int Edges => Volatile.Read(ref _count);

        public void OnReadable()
        {
            Interlocked.Increment(ref _count);
            _edges.Release();
        }

        public void OnStateChanged(RingState state)
        {
        }

        public bool Wait(TimeSpan timeout) => _edges.Wait(timeout);
    }
}
