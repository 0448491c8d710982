using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Runtime.Api;

/// <summary>Flow sets and events (application-api.md section 7), and the traps of the reference that ours must not have.</summary>
public sealed class FlowSetTests() : FlowTest(layered: false)
{
    private readonly FlowEvent[] _events = new FlowEvent[8];

    [Test]
    public async Task Add_has_remove_and_clear()
    {
        using var set = Client.CreateFlowSet();
        Assert.That(set.Contains(A), Is.False);
        set.Add(A);
        Assert.That(set.Contains(A), Is.True);
        set.Remove(B); // not in it: ignored
        Assert.That(set.Contains(A), Is.True);
        set.Remove(A);
        set.Remove(A);
        Assert.That(set.Contains(A), Is.False);
        set.Add(A);
        await B.WriteAsync(Bytes(1));
        set.Clear();
        Assert.That(set.Contains(A), Is.False);
        Assert.That(await Poll(set), Is.Zero, "pending events are dropped");
        set.Add(A);
        Assert.That(await Poll(set), Is.EqualTo(1));
    }

    [Test]
    public void A_flow_is_in_one_set_at_most()
    {
        using var one = Client.CreateFlowSet();
        using var two = Client.CreateFlowSet();
        one.Add(A);
        var same = Assert.Throws<FlowException>(() => one.Add(A));
        var other = Assert.Throws<FlowException>(() => two.Add(A));
        Assert.That((same!.Error, other!.Error), Is.EqualTo((FlowError.NotPermitted, FlowError.NotPermitted)));
        Assert.That(other.Message, Does.Contain("remove it"));
        two.Remove(A);
        Assert.That(one.Contains(A), Is.True, "the set that it is not in has no say");
        one.Clear();
        two.Add(A);
        Assert.That((one.Contains(A), two.Contains(A)), Is.EqualTo((false, true)));
    }

    [Test]
    public void More_sets_than_the_reference_has_can_be_used()
    {
        var sets = Enumerable.Range(0, 100).Select(_ => Client.CreateFlowSet()).ToList();
        foreach (var set in sets)
        {
            set.Add(A);
            set.Dispose();
        }
        Assert.That(sets.Any(s => s.Contains(A)), Is.False);
    }

    [Test]
    public async Task A_wait_times_out_exactly_and_zero_polls()
    {
        using var set = Client.CreateFlowSet();
        set.Add(A);
        var e = await Failure(set.WaitAsync(_events, TimeSpan.Zero));
        Assert.That(e.Error, Is.EqualTo(FlowError.TimedOut));
        var wait = set.WaitAsync(_events, TimeSpan.FromMilliseconds(100)).AsTask();
        Time.Advance(TimeSpan.FromMilliseconds(99));
        await StillWaits(wait);
        await PassUntilDone(wait, TimeSpan.FromMilliseconds(1));
        Assert.That(await ErrorOf(wait), Is.EqualTo(FlowError.TimedOut));
    }

    [Test]
    public async Task A_wait_can_be_cancelled_and_the_next_one_works()
    {
        using var set = Client.CreateFlowSet();
        set.Add(A);
        using var cancel = new CancellationTokenSource();
        var wait = set.WaitAsync(_events, Timeout.InfiniteTimeSpan, cancel.Token).AsTask();
        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => wait);
        await B.WriteAsync(Bytes(1));
        Assert.That(await Poll(set), Is.EqualTo(1));
    }

    [Test]
    public async Task A_packet_wakes_the_waiter_with_one_event()
    {
        using var set = Client.CreateFlowSet();
        set.Add(A);
        var wait = set.WaitAsync(_events, Timeout.InfiniteTimeSpan).AsTask();
        await B.WriteAsync(Bytes(1));
        Assert.That(await wait.WaitAsync(Soon), Is.EqualTo(1));
        Assert.That((_events[0].Flow, _events[0].Events), Is.EqualTo((A, FlowEventType.Packet)));
        Assert.That(_events[0].Has(FlowEventType.Packet) && !_events[0].Has(FlowEventType.Down), Is.True);
    }

    [Test]
    public async Task Packets_that_wait_already_are_reported_after_Add_however_they_are_read()
    {
        for (var i = 0; i < 3; i++) await B.WriteAsync(Bytes(1));
        using var set = Client.CreateFlowSet();
        set.Add(A);
        for (var i = 0; i < 3; i++)
        {
            Assert.That(await Poll(set), Is.EqualTo(1), "one packet for each event");
            await Read(A);
        }
        Assert.That(await Poll(set), Is.Zero);
    }

    [Test]
    public async Task Reading_until_empty_leaves_no_stale_event()
    {
        using var set = Client.CreateFlowSet();
        set.Add(A);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 5; i++) await B.WriteAsync(Bytes(1));
            Assert.That(await Poll(set), Is.EqualTo(1));
            while (A.TryRead(out Packet packet) == FlowError.None) packet.Dispose();
            Assert.That(await Poll(set), Is.Zero);
        }
    }

    [Test]
    public async Task A_packet_that_was_read_before_the_wait_is_not_reported()
    {
        using var set = Client.CreateFlowSet();
        set.Add(A);
        await B.WriteAsync(Bytes(1));
        await Read(A);
        Assert.That(await Poll(set), Is.Zero, "a blocking read after the event would wait for ever");
    }

    [Test]
    public async Task What_is_left_of_a_packet_is_reported_like_a_packet()
    {
        using var set = Client.CreateFlowSet();
        set.Add(A);
        await B.WriteAsync(Bytes(25));
        var sizes = new List<int>();
        while (await Poll(set) == 1) sizes.Add((await Read(A, 10)).Length);
        Assert.That(sizes, Is.EqualTo(new[] { 10, 10, 5 }));
        await B.WriteAsync(Bytes(12));
        await Read(A, 10);
        set.Remove(A);
        set.Add(A);
        Assert.That(await Poll(set), Is.EqualTo(1), "also when the flow joins after the first part was read");
        await Read(A, 10);
    }

    [Test]
    public async Task Empty_packets_raise_no_event()
    {
        using var set = Client.CreateFlowSet();
        set.Add(A);
        await B.WriteAsync(ReadOnlyMemory<byte>.Empty);
        Assert.That(await Poll(set), Is.Zero);
    }

    [Test]
    public async Task The_peers_release_is_an_event_once_and_comes_together_with_packets()
    {
        using var set = Client.CreateFlowSet();
        set.Add(A);
        await B.WriteAsync(Bytes(1));
        B.Deallocate();
        Assert.That(await Poll(set), Is.EqualTo(1));
        Assert.That(_events[0].Events, Is.EqualTo(FlowEventType.Packet | FlowEventType.Dealloc));
        Assert.That(await Poll(set), Is.EqualTo(1));
        Assert.That(_events[0].Events, Is.EqualTo(FlowEventType.Packet), "packets by level, the release once");
        await Read(A);
        Assert.That(await Poll(set), Is.Zero);
    }

    [Test]
    public async Task What_happened_before_the_flow_joined_the_set_is_reported()
    {
        B.Deallocate();
        using var set = Client.CreateFlowSet();
        set.Add(A);
        Assert.That(await Poll(set), Is.EqualTo(1));
        Assert.That(_events[0].Events, Is.EqualTo(FlowEventType.Dealloc));
    }

    [Test]
    public async Task Down_and_up_between_two_waits_are_both_reported()
    {
        using var set = Server.CreateFlowSet();
        set.Add(B);
        A.Flags |= FlowFlags.Down;
        A.Flags &= ~FlowFlags.Down;
        Assert.That(await Poll(set), Is.EqualTo(1));
        Assert.That(_events[0].Events, Is.EqualTo(FlowEventType.Down | FlowEventType.Up));
        Assert.That(await Poll(set), Is.Zero);
    }

    [Test]
    public async Task A_released_flow_leaves_its_set()
    {
        using var set = Client.CreateFlowSet();
        set.Add(A);
        await B.WriteAsync(Bytes(1));
        A.Deallocate();
        Assert.That(set.Contains(A), Is.False);
        Assert.That(await Poll(set), Is.Zero);
    }

    [Test]
    public async Task Many_flows_are_reported_in_the_order_in_which_they_became_ready_and_a_small_buffer_starves_none()
    {
        using var set = Server.CreateFlowSet();
        var flows = new List<(Flow A, Flow B)> { (A, B) };
        for (var i = 0; i < 9; i++) flows.Add(await Connect(Client, Server, "svc"));
        foreach (var (_, b) in flows) set.Add(b);
        foreach (var (a, _) in Enumerable.Reverse(flows)) await a.WriteAsync(Bytes(1));

        var one = new FlowEvent[1];
        var order = new List<Flow>();
        for (var i = 0; i < flows.Count; i++)
        {
            Assert.That(await set.WaitAsync(one, TimeSpan.Zero), Is.EqualTo(1));
            order.Add(one[0].Flow);
        }
        Assert.That(order, Is.EqualTo(Enumerable.Reverse(flows).Select(f => f.B)), "nobody twice before everybody once");
    }

    [Test]
    public async Task More_packets_and_events_than_the_reference_has_room_for_do_no_harm()
    {
        using var set = Server.CreateFlowSet();
        set.Add(B);
        var (c, d) = await Connect(Client, Server, "svc");
        set.Add(d);
        for (var i = 0; i < 1023; i++)
        {
            await A.WriteAsync(Bytes(1));
            await c.WriteAsync(Bytes(1));
        }
        Assert.That(await Poll(set), Is.EqualTo(2));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Under_many_writers_no_packet_and_no_event_is_lost_in_either_reading_style(bool untilEmpty)
    {
        const int Flows = 8;
        const int Packets = 5000;
        using var set = Server.CreateFlowSet();
        var ends = new List<(Flow A, Flow B)>();
        for (var i = 0; i < Flows; i++) ends.Add(i == 0 ? (A, B) : await Connect(Client, Server, "svc"));
        foreach (var (_, b) in ends)
        {
            b.Flags |= FlowFlags.ReadNoBlock;
            set.Add(b);
        }
        var writers = ends.Select((end, w) => Task.Run(async () =>
        {
            for (var i = 0; i < Packets; i++) await end.A.WriteAsync(BitConverter.GetBytes(i));
            end.A.Deallocate();
        })).ToList();

        var next = ends.ToDictionary(e => e.B, _ => 0);
        var released = new HashSet<Flow>();
        var buffer = new byte[8];
        while (released.Count < Flows || next.Values.Any(n => n < Packets))
        {
            var count = await set.WaitAsync(_events, Timeout.InfiniteTimeSpan).AsTask().WaitAsync(Soon);
            for (var i = 0; i < count; i++)
            {
                var flow = _events[i].Flow;
                if (_events[i].Has(FlowEventType.Dealloc)) Assert.That(released.Add(flow), Is.True, "once");
                if (!_events[i].Has(FlowEventType.Packet)) continue;
                do
                {
                    if (flow.TryRead(buffer, out var length) != FlowError.None) break;
                    Assert.That((length, BitConverter.ToInt32(buffer)), Is.EqualTo((4, next[flow]++)));
                }
                while (untilEmpty);
            }
        }
        await Task.WhenAll(writers).WaitAsync(Soon);
        Assert.That(next.Values, Is.All.EqualTo(Packets));
    }

    [Test]
    public async Task Flows_that_join_and_leave_while_others_write_and_wait_keep_the_set_in_order()
    {
        using var set = Server.CreateFlowSet();
        var ends = new List<(Flow A, Flow B)>();
        for (var i = 0; i < 4; i++) ends.Add(i == 0 ? (A, B) : await Connect(Client, Server, "svc"));
        set.Add(ends[0].B);
        using var stop = new CancellationTokenSource();
        var churn = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                foreach (var (_, b) in ends.Skip(1)) set.Add(b);
                foreach (var (_, b) in ends.Skip(1)) set.Remove(b);
            }
        });
        var writers = ends.Select(end => Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++) await end.A.WriteAsync(Bytes(4));
        })).ToList();
        var seen = 0;
        while (seen < 2000)
        {
            var count = await set.WaitAsync(_events, Timeout.InfiniteTimeSpan).AsTask().WaitAsync(Soon);
            for (var i = 0; i < count; i++)
            {
                while (_events[i].Flow.TryRead(out Packet packet) == FlowError.None)
                {
                    packet.Dispose();
                    if (_events[i].Flow == ends[0].B) seen++;
                }
            }
        }
        await stop.CancelAsync();
        await churn.WaitAsync(Soon);
        foreach (var (_, b) in ends.Skip(1))
        {
            b.Flags |= FlowFlags.ReadNoBlock;
            set.Add(b);
        }
        var done = Task.WhenAll(writers);
        while (!done.IsCompleted || ends.Any(e => e.B.ReceiveQueueLength > 0))
        {
            foreach (var (_, b) in ends)
            {
                while (b.TryRead(out Packet packet) == FlowError.None) packet.Dispose();
            }
        }
        Assert.That(await Poll(set), Is.Zero);
    }

    private async Task<int> Poll(FlowSet set)
    {
        try
        {
            return await set.WaitAsync(_events, TimeSpan.Zero);
        }
        catch (FlowException e) when (e.Error == FlowError.TimedOut)
        {
            return 0;
        }
    }
}
