using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

/// <summary>The core of flow sets: membership, events, levels, waiting.</summary>
[TestFixture]
public sealed class ReadySetTests : PoolTest
{
    private static readonly TimeSpan Forever = Timeout.InfiniteTimeSpan;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private PacketPool _pool = null!;
    private ReadySet<Flow> _set = null!;

    [SetUp]
    public void MakeSet()
    {
        _pool = Use(Pools.Global());
        _set = new ReadySet<Flow>(Clock);
    }

    [Test]
    public void Members_come_and_go()
    {
        Flow a = new("a"), b = new("b");
        Assert.That((_set.Contains(a), _set.Count), Is.EqualTo((false, 0)));
        _set.Add(a, a.Ring);
        Assert.That((_set.Contains(a), _set.Contains(b), _set.Count), Is.EqualTo((true, false, 1)));
        Assert.That(_set.Remove(b), Is.False);
        Assert.That(_set.Remove(a), Is.True);
        Assert.That((_set.Contains(a), _set.Remove(a), _set.Count), Is.EqualTo((false, false, 0)));
        _set.Add(a, a.Ring);
        Assert.That(_set.Contains(a), Is.True);
    }

    [Test]
    public void Adding_twice_is_not_permitted()
    {
        Flow a = new("a");
        _set.Add(a, a.Ring);
        Assert.That(ErrorOf(() => _set.Add(a, a.Ring)), Is.EqualTo(FlowError.NotPermitted));
        Assert.That(ErrorOf(() => _set.Add(a, new PacketRing())), Is.EqualTo(FlowError.NotPermitted));
        Assert.That(_set.TryAdd(a, a.Ring), Is.False);
        Assert.That(_set.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_ring_is_in_one_set_at_most()
    {
        Flow a = new("a");
        var other = new ReadySet<Flow>(Clock);
        _set.Add(a, a.Ring);
        Assert.That(ErrorOf(() => other.Add(a, a.Ring)), Is.EqualTo(FlowError.NotPermitted));
        Assert.That(other.Remove(a), Is.False, "another set's member stays there");
        Assert.That((_set.Contains(a), other.Contains(a)), Is.EqualTo((true, false)));
        _set.Remove(a);
        other.Add(a, a.Ring);
        a.Put(_pool);
        Assert.That((Poll(_set), Poll(other)), Is.EqualTo(("", "a:Packet")));
        a.Ring.Drain();
    }

    [Test]
    public void Members_are_compared_by_reference()
    {
        var set = new ReadySet<string>(Clock);
        string one = new('x', 3), two = new('x', 3);
        set.Add(one, new PacketRing());
        set.Add(two, new PacketRing());
        Assert.That(set.Count, Is.EqualTo(2));
    }

    [Test]
    public void Clear_takes_all_out()
    {
        Flow[] flows = [.. Enumerable.Range(0, 10).Select(i => new Flow($"{i}"))];
        foreach (Flow f in flows) _set.Add(f, f.Ring);
        _set.Clear();
        Assert.That(_set.Count, Is.Zero);
        Assert.That(flows.Any(_set.Contains), Is.False);
        foreach (Flow f in flows) _set.Add(f, f.Ring);
        Assert.That(_set.Count, Is.EqualTo(10));
    }

    [Test]
    public async Task A_deadline_of_now_on_an_empty_set_reports_nothing()
    {
        Assert.That(_set.Wait(new ReadyEvent<Flow>[1], TimeSpan.Zero), Is.Zero);
        Assert.That(await _set.WaitAsync(new ReadyEvent<Flow>[1], TimeSpan.Zero), Is.Zero);
        Flow a = Add("a");
        Assert.That(Poll(_set), Is.Empty);
        a.Put(_pool);
        Assert.That(Poll(_set), Is.EqualTo("a:Packet"), "what is ready is reported without waiting");
        a.Ring.Drain();
    }

    [TestCase(FlowEventType.Down)]
    [TestCase(FlowEventType.Up)]
    [TestCase(FlowEventType.Alloc)]
    [TestCase(FlowEventType.Dealloc)]
    [TestCase(FlowEventType.Peer)]
    [TestCase(FlowEventType.Writable)]
    public void One_notification_gives_one_event_with_the_right_flow_and_type(FlowEventType type)
    {
        Add("a");
        Flow b = Add("b");
        _set.Notify(b, type);
        Assert.That(Poll(_set), Is.EqualTo($"b:{type}"));
        Assert.That(Poll(_set), Is.Empty, "reported once");
    }

    [Test]
    public void Types_that_are_pending_together_are_reported_together()
    {
        Flow a = Add("a");
        _set.Notify(a, FlowEventType.Down);
        _set.Notify(a, FlowEventType.Up);
        _set.Notify(a, FlowEventType.Down);
        a.Put(_pool);
        var events = new ReadyEvent<Flow>[4];
        Assert.That(_set.Wait(events, TimeSpan.Zero), Is.EqualTo(1));
        Assert.That(events[0], Is.EqualTo(new ReadyEvent<Flow>(a, FlowEventType.Packet | FlowEventType.Down | FlowEventType.Up)));
        Assert.That(Poll(_set), Is.EqualTo("a:Packet"), "the level stays, the events are gone");
        a.Ring.Drain();
        Assert.That(Poll(_set), Is.Empty);
    }

    [Test]
    public void Nothing_and_nobody_are_not_notified()
    {
        Flow a = Add("a"), stranger = new("stranger");
        _set.Notify(a, FlowEventType.None);
        _set.Notify(stranger, FlowEventType.Down);
        Assert.That(Poll(_set), Is.Empty);
    }

    [Test]
    public void Any_number_of_notifications_overflows_nothing()
    {
        // The reference's queue ends at 1024 events and writes on into the next one (packet-pool notes, 6.3).
        Flow a = Add("a"), b = Add("b");
        for (int i = 0; i < 5000; i++) _set.Notify(a, (FlowEventType)(1 << (1 + (i % 6))));
        for (int i = 0; i < 1023; i++)
        {
            a.Put(_pool);
            b.Put(_pool);
        }
        Assert.That(Poll(_set), Is.EqualTo("a:Packet, Down, Up, Alloc, Dealloc, Peer, Writable b:Packet"));
        for (int i = 0; i < 1023; i++)
        {
            Assert.That(Poll(_set), Is.EqualTo("a:Packet b:Packet").Or.EqualTo("b:Packet a:Packet"));
            a.Take();
            b.Take();
        }
        Assert.That(Poll(_set), Is.Empty);
    }

    [Test]
    public void One_packet_per_event_reads_all_there_are()
    {
        Flow a = new("a");
        for (int i = 0; i < 3; i++) a.Put(_pool);
        _set.Add(a, a.Ring);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(Poll(_set), Is.EqualTo("a:Packet"), "packets that were there before the flow was added are not left behind");
            a.Take();
        }
        Assert.That(Poll(_set), Is.Empty);
    }

    [Test]
    public void All_packets_per_event_gives_one_event_per_burst()
    {
        Flow a = Add("a");
        for (int burst = 0; burst < 5; burst++)
        {
            for (int i = 0; i < 10; i++) a.Put(_pool);
            Assert.That(Poll(_set), Is.EqualTo("a:Packet"));
            a.Ring.Drain();
            Assert.That(Poll(_set), Is.Empty);
        }
    }

    [Test]
    public void A_reader_that_ignores_an_event_is_told_again()
    {
        Flow a = Add("a");
        a.Put(_pool);
        for (int i = 0; i < 5; i++) Assert.That(Poll(_set), Is.EqualTo("a:Packet"));
        a.Take();
        Assert.That(Poll(_set), Is.Empty);
    }

    [Test]
    public void Members_are_reported_in_the_order_in_which_they_became_ready()
    {
        Flow a = Add("a"), b = Add("b"), c = Add("c");
        c.Put(_pool);
        _set.Notify(a, FlowEventType.Up);
        b.Put(_pool);
        c.Put(_pool);
        Assert.That(Poll(_set), Is.EqualTo("c:Packet a:Up b:Packet"));
        b.Take();
        c.Ring.Drain();
    }

    [Test]
    public void A_busy_member_does_not_keep_others_from_being_reported()
    {
        Flow[] flows = [.. Enumerable.Range(0, 4).Select(i => Add($"{i}"))];
        foreach (Flow f in flows)
        {
            for (int i = 0; i < 10; i++) f.Put(_pool);
        }
        var reported = new List<string>();
        for (int i = 0; i < 12; i++)
        {
            string name = Poll(_set, room: 1);
            reported.Add(name);
            flows.Single(f => name == $"{f.Name}:Packet").Take();
        }
        Assert.That(reported.Take(4), Is.Unique);
        Assert.That(reported.Skip(4).Take(4), Is.EqualTo(reported.Take(4)), "each in turn");
        Assert.That(reported.Skip(8), Is.EqualTo(reported.Take(4)));
        foreach (Flow f in flows) f.Ring.Drain();
    }

    [Test]
    public void What_does_not_fit_is_reported_by_the_next_wait()
    {
        Flow[] flows = [.. Enumerable.Range(0, 5).Select(i => Add($"{i}"))];
        foreach (Flow f in flows) _set.Notify(f, FlowEventType.Up);
        Assert.That(Poll(_set, room: 2), Is.EqualTo("0:Up 1:Up"));
        Assert.That(Poll(_set, room: 2), Is.EqualTo("2:Up 3:Up"));
        Assert.That(Poll(_set, room: 2), Is.EqualTo("4:Up"));
        Assert.That(Poll(_set, room: 2), Is.Empty);
    }

    [Test]
    public void A_member_that_is_taken_out_takes_its_events_along([Values] bool clear)
    {
        Flow a = Add("a");
        Flow b = Add("b");
        _set.Notify(a, FlowEventType.Down);
        a.Put(_pool);
        if (clear) _set.Clear();
        else _set.Remove(a);
        Assert.That(Poll(_set), Is.Empty);
        a.Put(_pool);
        _set.Notify(a, FlowEventType.Up);
        Assert.That(Poll(_set), Is.Empty, "it is no member any more");
        if (!clear) _set.Remove(b);
        _set.Add(a, a.Ring);
        Assert.That(Poll(_set), Is.EqualTo("a:Packet"), "packets are still there, the other events are not");
        a.Ring.Drain();
    }

    [Test]
    public void A_set_and_a_listener_of_one_ring_do_not_disturb_each_other()
    {
        Flow a = Add("a");
        var edges = new Edges();
        a.Ring.Listener = edges;
        a.Put(_pool);
        Assert.That((edges.Count, Poll(_set)), Is.EqualTo((1, "a:Packet")));
        a.Ring.Listener = null;
        a.Ring.Drain();
        a.Put(_pool);
        Assert.That((edges.Count, Poll(_set)), Is.EqualTo((1, "a:Packet")));
        a.Ring.Drain();
        a.Ring.Listener = edges;
        _set.Remove(a);
        a.Put(_pool);
        Assert.That((edges.Count, Poll(_set)), Is.EqualTo((2, "")));
        a.Ring.Drain();
    }

    [Test]
    public void A_wait_needs_room_and_a_time_that_makes_sense()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _set.Wait(Memory<ReadyEvent<Flow>>.Empty, Forever));
        Assert.Throws<ArgumentOutOfRangeException>(() => _set.Wait(new ReadyEvent<Flow>[1], TimeSpan.FromTicks(-3)));
        Assert.Throws<ArgumentNullException>(() => _set.Add(null!, new PacketRing()));
        Assert.Throws<ArgumentNullException>(() => _set.Add(new Flow("a"), null!));
    }

    [Test]
    public async Task A_sleeper_is_woken_by_packet_and_notification([Values] bool blocking, [Values] bool packet)
    {
        Flow a = Add("a");
        var events = new ReadyEvent<Flow>[2];
        Task<int> wait = Sleeper(events, Second, blocking);
        if (packet) a.Put(_pool);
        else _set.Notify(a, FlowEventType.Dealloc);
        Assert.That(await wait.WaitAsync(Patience), Is.EqualTo(1));
        Assert.That(events[0], Is.EqualTo(new ReadyEvent<Flow>(a, packet ? FlowEventType.Packet : FlowEventType.Dealloc)));
        Assert.That(Clock.PendingTimers, Is.Zero);
        a.Ring.Drain();
    }

    [Test]
    public async Task A_sleeper_is_woken_by_a_member_that_is_added_with_packets([Values] bool blocking)
    {
        Flow a = new("a");
        a.Put(_pool);
        var events = new ReadyEvent<Flow>[2];
        Task<int> wait = Sleeper(events, Second, blocking);
        _set.Add(a, a.Ring);
        Assert.That(await wait.WaitAsync(Patience), Is.EqualTo(1));
        a.Ring.Drain();
    }

    [Test]
    public async Task A_sleeper_times_out_when_its_time_is_over_and_not_before([Values] bool blocking)
    {
        Add("a");
        Task<int> wait = Sleeper(new ReadyEvent<Flow>[2], Second, blocking);
        Clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.That((wait.IsCompleted, Clock.PendingTimers), Is.EqualTo((false, 1)));
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(await wait.WaitAsync(Patience), Is.Zero);
        Assert.That(Clock.PendingTimers, Is.Zero);
    }

    [Test]
    public async Task A_sleeper_can_be_cancelled_and_the_set_goes_on([Values] bool blocking)
    {
        Flow a = Add("a");
        using var cancel = new CancellationTokenSource();
        Task<int> wait = Sleeper(new ReadyEvent<Flow>[2], Second, blocking, cancel.Token);
        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => wait.WaitAsync(Patience));
        Assert.CatchAsync<OperationCanceledException>(async () => await _set.WaitAsync(new ReadyEvent<Flow>[1], Second, cancel.Token));
        Assert.Catch<OperationCanceledException>(() => _set.Wait(new ReadyEvent<Flow>[1], Second, cancel.Token));
        _set.Notify(a, FlowEventType.Up);
        Assert.That(Poll(_set), Is.EqualTo("a:Up"));
    }

    [Test]
    public async Task A_sleeper_that_is_cancelled_or_due_after_it_was_woken_brings_the_event([Values] bool blocking, [Values] bool cancelled)
    {
        Flow a = Add("a");
        using var cancel = new CancellationTokenSource();
        var events = new ReadyEvent<Flow>[1];
        Task<int> wait = Sleeper(events, Second, blocking, cancel.Token);
        _set.Notify(a, FlowEventType.Up);
        if (cancelled) await cancel.CancelAsync();
        else Clock.Advance(Second);
        Assert.That(await wait.WaitAsync(Patience), Is.EqualTo(1));
        Assert.That((events[0].Member, events[0].Events), Is.EqualTo((a, FlowEventType.Up)));
        Assert.That(Poll(_set), Is.Empty);
    }

    [Test]
    public async Task Several_sleepers_share_the_events()
    {
        Flow[] flows = [.. Enumerable.Range(0, 3).Select(i => Add($"{i}"))];
        var events = new ReadyEvent<Flow>[3][];
        var waits = new Task<int>[3];
        for (int i = 0; i < 3; i++) waits[i] = Sleeper(events[i] = new ReadyEvent<Flow>[1], Second, blocking: i == 1);
        foreach (Flow f in flows) _set.Notify(f, FlowEventType.Up);
        Assert.That(await Task.WhenAll(waits).WaitAsync(Patience), Is.All.EqualTo(1));
        Assert.That(events.Select(e => e[0].Member), Is.EquivalentTo(flows));
    }

    [Test]
    public async Task One_flow_moves_between_two_sets_with_its_packets()
    {
        Flow a = Add("a");
        a.Put(_pool);
        var other = new ReadySet<Flow>(Clock);
        var events = new ReadyEvent<Flow>[1];
        Task<int> wait = other.WaitAsync(events, Forever).AsTask();
        _set.Remove(a);
        other.Add(a, a.Ring);
        Assert.That(await wait.WaitAsync(Patience), Is.EqualTo(1));
        Assert.That(events[0].Member, Is.SameAs(a));
        a.Ring.Drain();
    }

    private static string Poll(ReadySet<Flow> set, int room = 16)
    {
        var events = new ReadyEvent<Flow>[room];
        int n = set.Wait(events, TimeSpan.Zero);
        return string.Join(' ', events.Take(n).Select(e => $"{e.Member.Name}:{e.Events}"));
    }

    private Flow Add(string name)
    {
        var flow = new Flow(name);
        _set.Add(flow, flow.Ring);
        return flow;
    }

    private Task<int> Sleeper(ReadyEvent<Flow>[] events, TimeSpan timeout, bool blocking, CancellationToken cancellation = default)
    {
        if (!blocking) return _set.WaitAsync(events, timeout, cancellation).AsTask();
        int sleeping = Clock.PendingTimers;
        Task<int> wait = OnThread(() => _set.Wait(events, timeout, cancellation));
        Until(() => Clock.PendingTimers > sleeping, "the thread sleeps");
        return wait;
    }

    private sealed class Flow(string name)
    {
        public string Name => name;

        public PacketRing Ring { get; } = new();

        public void Put(PacketPool pool) => Assert.That(Ring.TryWrite(pool.Rent(1)), Is.EqualTo(FlowError.None));

        public void Take()
        {
            Assert.That(Ring.TryRead(out Packet p), Is.EqualTo(FlowError.None));
            p.Dispose();
        }
    }

    private sealed class Edges : IRingListener
    {
        public int Count { get; private set; }

        public void OnReadable() => Count++;

        public void OnStateChanged(RingState state)
        {
        }
    }
}
