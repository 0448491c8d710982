using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

[TestFixture]
public sealed class PacketTests
{
    private PacketPool _pool = null!;

    [SetUp]
    public void MakePool() => _pool = Pools.Global();

    [TearDown]
    public void Pool_balances()
    {
        Assert.That(_pool.Outstanding, Is.Zero);
        _pool.Dispose();
    }

    [Test]
    public void Rented_packet_has_the_length_asked_for_and_its_room()
    {
        using Packet p = _pool.Rent(256);
        Assert.That((p.Length, p.Span.Length, p.HeadRoom, p.TailRoom), Is.EqualTo((256, 256, 256, 1024 - 28 - 256 - 256)));
    }

    [Test]
    public void Headers_and_trailers_keep_data_and_lengths()
    {
        using Packet p = _pool.Rent(100);
        p.Span.Fill(7);
        p.PushTrailer(32).Fill(9);
        p.PushHeader(12).Fill(5);
        Assert.That(p.Length, Is.EqualTo(144));
        Assert.That(p.PopHeader(12).ToArray(), Is.All.EqualTo(5));
        Assert.That(p.PopTrailer(32).ToArray(), Is.All.EqualTo(9));
        Assert.That(p.Span.ToArray(), Is.EqualTo(Enumerable.Repeat((byte)7, 100)));
    }

    [Test]
    public void Second_dispose_throws_and_the_lists_stay_whole()
    {
        Packet p = _pool.Rent(10);
        p.Dispose();
        Assert.Throws<InvalidOperationException>(p.Dispose);
        Packet a = _pool.Rent(10), b = _pool.Rent(10);
        Assert.That(a, Is.Not.EqualTo(b));
        a.Dispose();
        b.Dispose();
    }

    [Test]
    public async Task A_ring_moves_packets_and_wakes_a_reader()
    {
        var ring = new PacketRing();
        ValueTask<FlowError> wait = ring.WaitReadableAsync(Timeout.InfiniteTimeSpan);
        Assert.That(wait.IsCompleted, Is.False);
        Packet p = _pool.Rent(10);
        Assert.That(ring.TryWrite(p), Is.EqualTo(FlowError.None));
        Assert.That(await wait, Is.EqualTo(FlowError.None));
        Assert.That(ring.TryRead(out Packet q), Is.EqualTo(FlowError.None));
        Assert.That(q, Is.EqualTo(p));
        q.Dispose();
        Assert.That(ring.TryRead(out _), Is.EqualTo(FlowError.TryAgain));
    }

    [Test]
    public async Task A_set_reports_a_member_until_its_ring_is_empty()
    {
        var ring = new PacketRing();
        var set = new ReadySet<string>();
        set.Add("a", ring);
        var events = new ReadyEvent<string>[4];
        ValueTask<int> wait = set.WaitAsync(events, Timeout.InfiniteTimeSpan);
        ring.TryWrite(_pool.Rent(1));
        Assert.That(await wait, Is.EqualTo(1));
        Assert.That(events[0], Is.EqualTo(new ReadyEvent<string>("a", FlowEventType.Packet)));
        Assert.That(await set.WaitAsync(events, Timeout.InfiniteTimeSpan), Is.EqualTo(1));
        ring.Drain();
        Assert.That(await set.WaitAsync(events, TimeSpan.Zero), Is.Zero);
    }
}
