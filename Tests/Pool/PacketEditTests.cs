using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

/// <summary>Head and tail room, lengths, reference counts.</summary>
[TestFixture]
public sealed class PacketEditTests : PoolTest
{
    [Test]
    public void An_envelope_goes_around_the_payload_at_once_and_comes_off_again()
    {
        using PacketPool pool = Pools.Small(4);
        Packet p = pool.Rent(10);
        p.Span.Fill(7);
        int head = p.HeadRoom, tail = p.TailRoom;
        Assert.That(p.TryPushEnvelope(head + 1, 1, out Span<byte> none), Is.False);
        Assert.That(none.IsEmpty, Is.True);
        Assert.That(p.TryPushEnvelope(1, tail + 1, out _), Is.False);
        Assert.That((p.Length, p.HeadRoom, p.TailRoom), Is.EqualTo((10, head, tail)));
        Assert.That(p.TryPushEnvelope(12, 16, out Span<byte> all), Is.True);
        Assert.That(all.Length, Is.EqualTo(38));
        Assert.That(all[12..22].IndexOfAnyExcept((byte)7), Is.EqualTo(-1));
        all[0] = 1;
        Assert.That(p.Span[0], Is.EqualTo(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => p.PopEnvelope(30, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => p.PopEnvelope(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => p.TryPushEnvelope(-1, 0, out _));
        p.PopEnvelope(12, 16);
        Assert.That(p.Span.IndexOfAnyExcept((byte)7), Is.EqualTo(-1));
        Assert.That((p.Length, p.HeadRoom, p.TailRoom), Is.EqualTo((10, head, tail)));
        p.Dispose();
    }

    [Test]
    public void Head_room_is_256_bytes_and_not_one_more()
    {
        PacketPool pool = Use(Pools.Global());
        using Packet p = pool.Rent(700);
        Assert.That(p.TryPushHeader(257, out Span<byte> none), Is.False);
        Assert.That((none.Length, p.Length, p.HeadRoom), Is.EqualTo((0, 700, 256)), "a refusal changes nothing");
        Assert.That(p.PushHeader(256).Length, Is.EqualTo(256));
        Assert.That((p.Length, p.HeadRoom), Is.EqualTo((956, 0)));
        Assert.That(p.TryPushHeader(1, out _), Is.False);
        Assert.That(ErrorOf(() => p.PushHeader(1)), Is.EqualTo(FlowError.OutOfMemory));
    }

    [Test]
    public void Tail_room_is_32_bytes_at_least_to_the_last_one()
    {
        // The reference can never use the last byte of a block (packet-pool notes, section 3.9); 39 fit there.
        PacketPool pool = Use(Pools.Global());
        using Packet p = pool.Rent(700);
        Assert.That(p.TailRoom, Is.EqualTo(40));
        Assert.That(p.TryPushTrailer(41, out _), Is.False);
        p.PushTrailer(40).Fill(3);
        Assert.That((p.Length, p.TailRoom), Is.EqualTo((740, 0)));
        Assert.That(ErrorOf(() => p.PushTrailer(1)), Is.EqualTo(FlowError.OutOfMemory));
        using Packet full = pool.Rent(708);
        Assert.That(full.PushTrailer(32).Length, Is.EqualTo(32));
        Assert.That(full.TailRoom, Is.Zero);
    }

    [Test]
    public void Each_of_nine_layers_finds_its_own_header()
    {
        PacketPool pool = Use(Pools.Global());
        using Packet p = pool.Rent(20);
        p.Span.Fill(99);
        for (int layer = 0; layer < 9; layer++)
        {
            p.PushHeader(12).Fill((byte)layer);
            p.PushTrailer(3).Fill((byte)(layer + 100));
        }
        Assert.That(p.Length, Is.EqualTo(20 + (9 * 15)));
        for (int layer = 8; layer >= 0; layer--)
        {
            Assert.That(p.PopHeader(12).ToArray(), Is.All.EqualTo(layer));
            Assert.That(p.PopTrailer(3).ToArray(), Is.All.EqualTo(layer + 100));
        }
        Assert.That(p.Span.ToArray(), Is.EqualTo(Enumerable.Repeat((byte)99, 20)));
    }

    [Test]
    public void No_more_can_be_popped_than_there_is()
    {
        PacketPool pool = Blocks(1);
        using Packet p = pool.Rent(10);
        Assert.That(p.TryPopHeader(11, out _) || p.TryPopTrailer(11, out _), Is.False);
        Assert.Throws<ArgumentOutOfRangeException>(() => p.PopHeader(11));
        Assert.Throws<ArgumentOutOfRangeException>(() => p.PopTrailer(11));
        Assert.That(p.Length, Is.EqualTo(10));
        Assert.That(p.PopHeader(10).Length, Is.EqualTo(10));
        Assert.That((p.Length, p.HeadRoom), Is.EqualTo((0, 266)));
        Assert.That(p.TryPopTrailer(1, out _), Is.False);
        Assert.That(p.PopTrailer(0).Length, Is.Zero);
    }

    [Test]
    public void Negative_lengths_are_refused()
    {
        PacketPool pool = Blocks(1);
        using Packet p = pool.Rent(10);
        foreach (int n in new[] { -1, int.MinValue })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => p.PushHeader(n));
            Assert.Throws<ArgumentOutOfRangeException>(() => p.TryPushHeader(n, out _));
            Assert.Throws<ArgumentOutOfRangeException>(() => p.PopHeader(n));
            Assert.Throws<ArgumentOutOfRangeException>(() => p.TryPopHeader(n, out _));
            Assert.Throws<ArgumentOutOfRangeException>(() => p.PushTrailer(n));
            Assert.Throws<ArgumentOutOfRangeException>(() => p.TryPushTrailer(n, out _));
            Assert.Throws<ArgumentOutOfRangeException>(() => p.PopTrailer(n));
            Assert.Throws<ArgumentOutOfRangeException>(() => p.TryPopTrailer(n, out _));
            Assert.Throws<ArgumentOutOfRangeException>(() => p.Truncate(n));
        }
        Assert.That((p.Length, p.HeadRoom), Is.EqualTo((10, 256)));
    }

    [Test]
    public void Truncate_keeps_the_front_and_counts_from_the_head()
    {
        PacketPool pool = Blocks(1);
        using Packet p = pool.Rent(10);
        for (int i = 0; i < 10; i++) p.Span[i] = (byte)i;
        p.PopHeader(2);
        p.Truncate(3);
        Assert.That(p.Span.ToArray(), Is.EqualTo(new byte[] { 2, 3, 4 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => p.Truncate(4));
        p.Truncate(0);
        Assert.That(p.Length, Is.Zero);
    }

    [Test]
    public void Span_and_Memory_are_the_same_bytes()
    {
        PacketPool pool = Blocks(2);
        using Packet first = pool.Rent(10), p = pool.Rent(10);
        p.PushHeader(4);
        p.Memory.Span.Fill(6);
        Assert.That(p.Span.ToArray(), Is.EqualTo(Enumerable.Repeat((byte)6, 14)));
        Assert.That(p.Span.Overlaps(p.Memory.Span, out int offset) && offset == 0, Is.True);
        Assert.That(first.Span.Overlaps(p.Span), Is.False);
    }

    [Test]
    public void A_rent_starts_afresh_whatever_was_done_to_the_block_before()
    {
        PacketPool pool = Blocks(1);
        Packet p = pool.Rent(100);
        p.PushHeader(200);
        p.Retain();
        p.Dispose();
        p.Dispose();
        using Packet q = pool.Rent(5);
        Assert.That((q.Length, q.HeadRoom, q.References), Is.EqualTo((5, 256, 1)));
    }

    [Test]
    public void A_block_returns_with_its_last_reference_in_whatever_order_they_are_given_up()
    {
        PacketPool pool = Blocks(1);
        Packet p = pool.Rent(10);
        p.Retain();
        p.Retain();
        Assert.That(p.References, Is.EqualTo(3));
        p.Dispose();
        p.Dispose();
        Assert.That((p.References, pool.Outstanding, pool.TryRent(1, out _)), Is.EqualTo((1, 1L, false)));
        p.Span.Fill(1);
        p.Dispose();
        Assert.That(pool.Outstanding, Is.Zero);
        Assert.Throws<InvalidOperationException>(p.Dispose);
        Assert.Throws<InvalidOperationException>(p.Retain);
        pool.Rent(1).Dispose();
    }

    [Test]
    public void A_packet_has_at_most_65_535_references()
    {
        PacketPool pool = Blocks(1);
        Packet p = pool.Rent(10);
        for (int i = 1; i < ushort.MaxValue; i++) p.Retain();
        Assert.That(p.References, Is.EqualTo(65_535));
        Assert.Throws<InvalidOperationException>(p.Retain);
        Assert.That(p.References, Is.EqualTo(65_535));
        for (int i = 0; i < ushort.MaxValue; i++) p.Dispose();
        Assert.That(pool.Outstanding, Is.Zero);
    }

    [Test]
    public void References_taken_and_given_up_on_many_threads_add_up()
    {
        PacketPool pool = Blocks(1);
        Packet p = pool.Rent(10);
        Parallel.For(0, 4, _ =>
        {
            for (int i = 0; i < 5000; i++)
            {
                p.Retain();
                p.Dispose();
            }
        });
        Assert.That(p.References, Is.EqualTo(1));
        p.Dispose();
    }

    [Test]
    public void A_copy_has_the_same_payload_and_room_of_its_own()
    {
        PacketPool pool = Blocks(2);
        using Packet p = pool.Rent(10);
        p.Span.Fill(4);
        p.PushHeader(100).Fill(5);
        Assert.That(p.TryCopy(out Packet copy), Is.True);
        Assert.That((copy.Length, copy.HeadRoom), Is.EqualTo((110, 256)));
        Assert.That(copy.Span.SequenceEqual(p.Span), Is.True);
        copy.Span.Clear();
        Assert.That(p.Span.Contains((byte)0), Is.False);
        Assert.That(p.TryCopy(out Packet none), Is.False, "no block is left");
        Assert.That(none.IsNull, Is.True);
        copy.Dispose();
    }
}
