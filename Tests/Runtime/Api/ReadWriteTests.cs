using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Runtime.Api;

/// <summary>Every row of the tables of writing and reading (application-api.md section 5).</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ReadWriteTests(bool layered) : FlowTest(layered)
{
    private const int RingDepth = 1023;

    [Test]
    public async Task A_write_is_one_packet_and_returns_its_length()
    {
        Assert.That(await A.WriteAsync(Bytes(3)), Is.EqualTo(3));
        Assert.That(await A.WriteAsync(Bytes(5)), Is.EqualTo(5));
        Assert.That((B.ReceiveQueueLength, A.SendQueueLength), Is.EqualTo((2, 2)));
        Assert.That(await Read(B), Is.EqualTo(Bytes(3)));
        Assert.That(await Read(B), Is.EqualTo(Bytes(5)));
        Assert.That((B.ReceiveQueueLength, A.SendQueueLength), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Packets_go_in_both_directions_and_keep_their_order()
    {
        for (var i = 0; i < 300; i++)
        {
            await A.WriteAsync(BitConverter.GetBytes(i));
            await B.WriteAsync(BitConverter.GetBytes(-i));
        }
        for (var i = 0; i < 300; i++)
        {
            Assert.That(BitConverter.ToInt32(await Read(B)), Is.EqualTo(i));
            Assert.That(BitConverter.ToInt32(await Read(A)), Is.EqualTo(-i));
        }
    }

    [Test]
    public async Task A_packet_is_handed_over_without_a_copy_within_a_trust_domain()
    {
        var packet = A.Rent(4);
        Bytes(4).CopyTo(packet.Span);
        var handle = packet.Handle;
        await A.WriteAsync(packet);
        using var arrived = await B.ReadPacketAsync().AsTask().WaitAsync(Soon);
        Assert.That(arrived.Span.ToArray(), Is.EqualTo(Bytes(4)));
        Assert.That(arrived.Handle == handle, Is.EqualTo(!Layered));
        Assert.That(arrived.Pool, Is.SameAs(Server.Pool));
    }

    [Test]
    public async Task An_empty_write_succeeds_and_is_never_seen_by_the_peer()
    {
        Assert.That(await A.WriteAsync(ReadOnlyMemory<byte>.Empty), Is.Zero);
        Assert.That(A.TryWrite([]), Is.EqualTo(FlowError.None));
        await A.WriteAsync(A.Rent(0));
        Assert.That(B.ReceiveQueueLength, Is.Zero);
        B.Flags |= FlowFlags.ReadNoBlock;
        Assert.That(await ErrorOf(B.ReadAsync(new byte[8])), Is.EqualTo(FlowError.TryAgain));
        Assert.That(B.TryRead(new byte[8], out _), Is.EqualTo(FlowError.TryAgain));
        await A.WriteAsync(Bytes(1));
        Assert.That(await Read(B), Is.EqualTo(Bytes(1)), "even as the first of several");
    }

    // n against c of the table of partial reads: what reads with a buffer of 10 bytes return, until there is nothing more.
    [TestCase(7, new[] { 7 })]
    [TestCase(10, new[] { 10, 0 })]
    [TestCase(11, new[] { 10, 1 })]
    [TestCase(20, new[] { 10, 10, 0 })]
    [TestCase(25, new[] { 10, 10, 5 })]
    [TestCase(30, new[] { 10, 10, 10, 0 })]
    public async Task A_packet_larger_than_the_buffer_is_read_in_parts(int size, int[] expected)
    {
        await A.WriteAsync(Bytes(size));
        await A.WriteAsync(Bytes(3));
        var all = new List<byte>();
        var lengths = new List<int>();
        for (var i = 0; i < expected.Length; i++)
        {
            var part = await Read(B, 10);
            lengths.Add(part.Length);
            all.AddRange(part);
        }
        Assert.That(lengths, Is.EqualTo(expected));
        Assert.That(all, Is.EqualTo(Bytes(size)));
        Assert.That(await Read(B, 10), Is.EqualTo(Bytes(3)), "then the next packet");
    }

    [Test]
    public async Task The_end_mark_is_eaten_by_a_read_of_zero_bytes_and_by_a_read_of_a_packet()
    {
        await A.WriteAsync(Bytes(10));
        await A.WriteAsync(Bytes(4));
        Assert.That(await Read(B, 10), Is.EqualTo(Bytes(10)));
        Assert.That(await Read(B, 0), Is.Empty);
        Assert.That(await Read(B, 100), Is.EqualTo(Bytes(4)));

        await A.WriteAsync(Bytes(10));
        await A.WriteAsync(Bytes(4));
        await A.WriteAsync(Bytes(5));
        Assert.That(await Read(B, 10), Is.EqualTo(Bytes(10)));
        using (var packet = await B.ReadPacketAsync()) Assert.That(packet.Length, Is.EqualTo(4));
        Assert.That(await Read(B, 100), Is.EqualTo(Bytes(5)));
    }

    [Test]
    public async Task What_is_left_of_a_packet_can_be_taken_as_a_packet_or_with_a_batch()
    {
        await A.WriteAsync(Bytes(10));
        Assert.That(await Read(B, 4), Is.EqualTo(Bytes(4)));
        using (var rest = await B.ReadPacketAsync()) Assert.That(rest.Span.ToArray(), Is.EqualTo(new byte[] { 4, 5, 6, 7, 8, 9 }));

        await A.WriteAsync(Bytes(10));
        await A.WriteAsync(Bytes(3));
        await Read(B, 9);
        var batch = new Packet[4];
        Assert.That(B.ReadBatch(batch), Is.EqualTo(2));
        Assert.That(batch[..2].Select(p => p.Length), Is.EqualTo(new[] { 1, 3 }));
        foreach (var packet in batch[..2]) packet.Dispose();
        Assert.That(B.ReadBatch([]), Is.Zero);
    }

    [Test]
    public async Task Without_partial_reads_a_larger_packet_is_dropped_with_MessageTooLong_and_there_is_no_end_mark()
    {
        B.Flags |= FlowFlags.ReadNoPartial;
        await A.WriteAsync(Bytes(25));
        await A.WriteAsync(Bytes(10));
        await A.WriteAsync(Bytes(3));
        var e = await Failure(B.ReadAsync(new byte[10]));
        Assert.That(e.Error, Is.EqualTo(FlowError.MessageTooLong));
        Assert.That(e.Message, Does.Contain("larger buffer").And.Contain("partial"));
        Assert.That(await Read(B, 10), Is.EqualTo(Bytes(10)));
        Assert.That(await Read(B, 10), Is.EqualTo(Bytes(3)));
    }

    [Test]
    public async Task Non_blocking_calls_do_not_wait()
    {
        B.Flags = FlowFlags.ReadWrite | FlowFlags.NonBlocking;
        Assert.That(await ErrorOf(B.ReadAsync(new byte[1])), Is.EqualTo(FlowError.TryAgain));
        Assert.That(await ErrorOf(B.ReadPacketAsync()), Is.EqualTo(FlowError.TryAgain));
        Assert.That(B.TryRead(out Packet _), Is.EqualTo(FlowError.TryAgain));

        for (var i = 0; i < RingDepth; i++) await B.WriteAsync(Bytes(1));
        var e = await Failure(B.WriteAsync(Bytes(1)));
        Assert.That(e.Error, Is.EqualTo(FlowError.TryAgain));
        Assert.That(e.Message, Does.Contain("non-blocking").And.Contain("later"));
        Assert.That(await ErrorOf(B.WriteAsync(B.Rent(1)).AsTask()), Is.EqualTo(FlowError.TryAgain), "the packet is gone all the same");
        Assert.That(B.TryWrite(Bytes(1)), Is.EqualTo(FlowError.TryAgain));
        var kept = B.Rent(1);
        Assert.That(B.TryWrite(kept), Is.EqualTo(FlowError.TryAgain));
        kept.Dispose();

        await Read(A);
        await B.WriteAsync(Bytes(1));
    }

    [Test]
    public async Task A_ring_holds_1023_packets_and_a_blocked_writer_is_woken_by_the_reader()
    {
        for (var i = 0; i < RingDepth; i++) Assert.That(A.TryWrite(Bytes(1)), Is.EqualTo(FlowError.None));
        var blocked = A.WriteAsync(Bytes(2)).AsTask();
        await StillWaits(blocked);
        Assert.That(await Read(B), Is.EqualTo(Bytes(1)));
        Assert.That(await blocked.WaitAsync(Soon), Is.EqualTo(2));
        for (var i = 1; i < RingDepth; i++) Assert.That(await Read(B), Is.EqualTo(Bytes(1)));
        Assert.That(await Read(B), Is.EqualTo(Bytes(2)));
    }

    [Test]
    public async Task A_write_time_out_is_exact_and_loses_nothing()
    {
        A.WriteTimeout = TimeSpan.FromMilliseconds(500);
        for (var i = 0; i < RingDepth; i++) await A.WriteAsync(Bytes(1));
        var bytes = A.WriteAsync(Bytes(2)).AsTask();
        var packet = A.WriteAsync(A.Rent(2)).AsTask();
        Time.Advance(TimeSpan.FromMilliseconds(499));
        await StillWaits(bytes);
        await StillWaits(packet);
        await PassUntilDone(Task.WhenAll(bytes, packet), TimeSpan.FromMilliseconds(1));
        var e = await Failure(bytes);
        Assert.That((e.Error, await ErrorOf(packet)), Is.EqualTo((FlowError.TimedOut, FlowError.TimedOut)));
        Assert.That(e.Message, Does.Contain("WriteTimeout"));
        A.WriteTimeout = TimeSpan.Zero;
        Assert.That(await ErrorOf(A.WriteAsync(Bytes(2))), Is.EqualTo(FlowError.TimedOut), "zero polls");
    }

    [Test]
    public async Task A_read_time_out_is_exact_also_when_empty_packets_arrive_in_between()
    {
        B.ReadTimeout = TimeSpan.FromMilliseconds(500);
        var read = B.ReadAsync(new byte[1]).AsTask();
        Time.Advance(TimeSpan.FromMilliseconds(300));
        await A.WriteAsync(ReadOnlyMemory<byte>.Empty);
        Time.Advance(TimeSpan.FromMilliseconds(199));
        await StillWaits(read);
        await PassUntilDone(read, TimeSpan.FromMilliseconds(1));
        var e = await Failure(read);
        Assert.That(e.Error, Is.EqualTo(FlowError.TimedOut));
        Assert.That(e.Message, Does.Contain("ReadTimeout"));

        B.ReadTimeout = TimeSpan.Zero;
        Assert.That(await ErrorOf(B.ReadAsync(new byte[1])), Is.EqualTo(FlowError.TimedOut));
        await A.WriteAsync(Bytes(1));
        Assert.That(await Read(B), Is.EqualTo(Bytes(1)), "zero polls");
        Assert.That(() => B.ReadTimeout = TimeSpan.FromSeconds(-3), Throws.InstanceOf<FlowException>().With.Property("Error").EqualTo(FlowError.InvalidArgument));
    }

    [Test]
    public async Task A_time_out_is_for_each_call_anew()
    {
        B.ReadTimeout = TimeSpan.FromMilliseconds(500);
        for (var i = 0; i < 5; i++)
        {
            var read = Read(B);
            Time.Advance(TimeSpan.FromMilliseconds(499));
            await A.WriteAsync(Bytes(i + 1));
            Assert.That(await read, Is.EqualTo(Bytes(i + 1)));
        }
    }

    [Test]
    public async Task Waiting_calls_can_be_cancelled_and_the_flow_works_on()
    {
        using var cancel = new CancellationTokenSource();
        var read = B.ReadAsync(new byte[2], cancel.Token).AsTask();
        var packet = A.ReadPacketAsync(cancel.Token).AsTask();
        for (var i = 0; i < RingDepth; i++) await A.WriteAsync(Bytes(1));
        await read.WaitAsync(Soon);
        await A.WriteAsync(Bytes(1));
        var write = A.WriteAsync(Bytes(1), cancel.Token).AsTask();
        var owned = A.WriteAsync(A.Rent(1), cancel.Token).AsTask();
        await StillWaits(write);

        await cancel.CancelAsync();

        foreach (var task in new Task[] { packet, write, owned }) Assert.CatchAsync<OperationCanceledException>(() => task);
        Assert.CatchAsync<OperationCanceledException>(async () => await B.ReadAsync(new byte[1], cancel.Token));
        Assert.CatchAsync<OperationCanceledException>(async () => await B.WriteAsync(Bytes(1), cancel.Token));
        Assert.CatchAsync<OperationCanceledException>(async () => await B.WriteAsync(B.Rent(1), cancel.Token));
        Assert.That(await Read(B), Is.EqualTo(Bytes(1)));
        await B.WriteAsync(Bytes(4));
        Assert.That(await Read(A), Is.EqualTo(Bytes(4)));
    }

    [Test]
    public async Task Blocked_calls_are_woken_when_their_own_end_is_released()
    {
        for (var i = 0; i < RingDepth; i++) await A.WriteAsync(Bytes(1));
        var write = A.WriteAsync(Bytes(1)).AsTask();
        var read = A.ReadAsync(new byte[1]).AsTask();
        A.Deallocate();
        Assert.That(await ErrorOf(write), Is.EqualTo(FlowError.NotAllocated));
        Assert.That(await ErrorOf(read), Is.EqualTo(FlowError.NotAllocated));
    }

    [Test]
    public async Task Blocked_calls_are_woken_when_the_peer_releases_the_flow()
    {
        for (var i = 0; i < RingDepth; i++) await A.WriteAsync(Bytes(1));
        var write = A.WriteAsync(Bytes(1)).AsTask();
        var read = A.ReadAsync(new byte[1]).AsTask();
        B.Deallocate();
        Assert.That(await ErrorOf(write), Is.EqualTo(FlowError.FlowDown));
        Assert.That(await ErrorOf(read), Is.EqualTo(FlowError.FlowDown));
    }

    [Test]
    public async Task Queued_packets_are_read_before_the_flow_is_reported_down()
    {
        await A.WriteAsync(Bytes(3));
        await A.WriteAsync(Bytes(4));
        A.Deallocate();
        Assert.That(await Read(B, 2), Is.EqualTo(Bytes(2)));
        Assert.That(await Read(B), Is.EqualTo(new byte[] { 2 }));
        Assert.That(await Read(B), Is.EqualTo(Bytes(4)));
        Assert.That(await ErrorOf(B.ReadAsync(new byte[1])), Is.EqualTo(FlowError.FlowDown));
        Assert.That(await ErrorOf(B.ReadPacketAsync()), Is.EqualTo(FlowError.FlowDown));
        B.Flags |= FlowFlags.NonBlocking;
        Assert.That(await ErrorOf(B.ReadAsync(new byte[1])), Is.EqualTo(FlowError.FlowDown), "not TryAgain");
    }

    [Test]
    public async Task A_write_on_a_flow_that_the_peer_has_released_is_reported()
    {
        B.Deallocate();
        var e = await Failure(A.WriteAsync(Bytes(1)));
        Assert.That(e.Error, Is.EqualTo(FlowError.FlowDown));
        Assert.That(e.Message, Does.Contain("down").And.Contain("allocate a new one"));
        Assert.That(A.TryWrite(Bytes(1)), Is.EqualTo(FlowError.FlowDown));
        Assert.That(await ErrorOf(A.WriteAsync(A.Rent(1)).AsTask()), Is.EqualTo(FlowError.FlowDown));
        Assert.That(await ErrorOf(A.WriteAsync(ReadOnlyMemory<byte>.Empty)), Is.EqualTo(FlowError.FlowDown));
    }

    [Test]
    public async Task After_release_every_call_says_NotAllocated()
    {
        A.Deallocate();
        Assert.That(await ErrorOf(A.ReadAsync(new byte[1])), Is.EqualTo(FlowError.NotAllocated));
        Assert.That(await ErrorOf(A.ReadPacketAsync()), Is.EqualTo(FlowError.NotAllocated));
        Assert.That(A.TryRead(new byte[1], out _), Is.EqualTo(FlowError.NotAllocated));
        Assert.That(A.TryRead(out Packet _), Is.EqualTo(FlowError.NotAllocated));
        Assert.That(A.ReadBatch(new Packet[1]), Is.Zero);
        Assert.That(await ErrorOf(A.WriteAsync(Bytes(1))), Is.EqualTo(FlowError.NotAllocated));
        Assert.That(A.TryWrite(Bytes(1)), Is.EqualTo(FlowError.NotAllocated));
        Assert.That(() => A.Flags = FlowFlags.ReadWrite, Throws.InstanceOf<FlowException>().With.Property("Error").EqualTo(FlowError.NotAllocated));
        using (var set = Client.CreateFlowSet())
        {
            Assert.That(() => set.Add(A), Throws.InstanceOf<FlowException>().With.Property("Error").EqualTo(FlowError.NotAllocated));
            Assert.That(set.Contains(A), Is.False);
        }
        var e = Assert.Throws<FlowException>(A.Deallocate);
        Assert.That(e!.Error, Is.EqualTo(FlowError.NotAllocated));
        A.Dispose();
        await A.DisposeAsync();
    }

    [Test]
    public async Task Unread_packets_of_a_released_flow_go_back()
    {
        for (var i = 0; i < 100; i++) await A.WriteAsync(Bytes(100));
        await Read(B, 10);
        B.Deallocate();
        Assert.That(Node.PoolStatistics.Sum(p => p.Outstanding), Is.Zero);
    }

    [Test]
    public async Task A_reader_and_a_closer_race_without_losing_a_packet()
    {
        for (var round = 0; round < 200; round++)
        {
            var (a, b) = round == 0 ? (A, B) : await Connect(Client, Server, "svc");
            for (var i = 0; i < 5; i++) await a.WriteAsync(Bytes(30));
            var reader = Task.Run(() =>
            {
                var buffer = new byte[7];
                while (b.TryRead(buffer, out _) is FlowError.None)
                {
                }
            });
            if (round % 3 != 0) Thread.SpinWait(round * 10);
            b.Deallocate();
            await reader.WaitAsync(Soon);
            a.Deallocate();
        }
        Assert.That(Node.PoolStatistics.Sum(p => p.Outstanding), Is.Zero);
    }

    [Test]
    public async Task A_hundred_thousand_packets_pass_in_order_between_two_threads()
    {
        const int Count = 100_000;
        var writer = Task.Run(async () =>
        {
            var buffer = new byte[8];
            for (long i = 0; i < Count; i++)
            {
                BitConverter.TryWriteBytes(buffer, i);
                await A.WriteAsync(buffer);
            }
        });
        var received = new byte[8];
        for (long i = 0; i < Count; i++)
        {
            var read = await B.ReadAsync(received).AsTask().WaitAsync(Soon);
            Assert.That((read, BitConverter.ToInt64(received)), Is.EqualTo((8, i)));
            Assert.That(await B.ReadAsync(received), Is.Zero, "the end mark");
        }
        await writer.WaitAsync(Soon);
    }
}
