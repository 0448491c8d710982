using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Flow;

public sealed class ReceiverTests : PoolTest
{
    private readonly ManualTimeProvider _time = new();

    [Test]
    public void A_receiver_gets_what_waited_first_and_then_each_packet_in_the_thread_that_sends_it()
    {
        var (a, b) = Pair();
        Write(a, 1, 2, 3);
        var receiver = new Collector();
        b.SetReceiver(receiver);
        Assert.That(receiver.Numbers, Is.EqualTo(new byte[] { 1, 2, 3 }));
        Write(a, 4);
        Assert.That(receiver.Numbers, Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
        Assert.That(b.ReceiveQueueLength, Is.Zero);

        b.SetReceiver(null);
        Write(a, 5);
        Assert.That(receiver.Numbers, Has.Count.EqualTo(4));
        Assert.That(b.TryRead(out Packet packet), Is.EqualTo(FlowError.None));
        packet.Dispose();
        Close(a, b);
    }

    [Test]
    public void A_receiver_hears_of_down_and_up_and_release_also_when_that_was_before_it_came()
    {
        var (a, b) = Pair();
        var receiver = new Collector();
        b.SetReceiver(receiver);
        b.OnLinkChanged(up: false);
        Assert.That(a.TryWrite([1]), Is.EqualTo(FlowError.FlowDown));
        b.OnLinkChanged(up: true);
        Write(a, 2);
        Assert.That(receiver.Events, Is.EqualTo(new[] { FlowEventType.Down, FlowEventType.Up }));
        a.Close();
        Assert.That(receiver.Events[^1], Is.EqualTo(FlowEventType.Dealloc));

        var late = new Collector();
        b.SetReceiver(late);
        Assert.That(late.Events, Is.EqualTo(new[] { FlowEventType.Dealloc }));
        b.Close();
    }

    [Test]
    public void A_closed_end_gives_its_receiver_nothing_more()
    {
        var (a, b) = Pair();
        var receiver = new Collector();
        b.SetReceiver(receiver);
        b.Close();
        using var packet = Pool.Rent(1);
        Assert.That(b.Deliver(packet), Is.EqualTo(FlowError.FlowDown));
        Assert.That(receiver.Numbers, Is.Empty);
        a.Close();
    }

    [Test]
    public void An_ordered_flow_gives_its_receiver_the_messages_in_order_and_keeps_its_window_open()
    {
        using var timers = new TimerWheel(_time);
        var (a, b) = Pair(QosSpec.Data, timers);
        var receiver = new Collector();
        Write(a, 0);
        b.SetReceiver(receiver);
        // More than any window: it only works when taking counts as reading.
        for (var i = 1; i < 5000; i++)
        {
            Write(a, (byte)i);
            if (i % 64 == 0) _time.Advance(TimeSpan.FromMilliseconds(10));
        }
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(receiver.Numbers, Is.EqualTo(Enumerable.Range(0, 5000).Select(i => (byte)i)));
        a.Abort();
        b.Abort();
    }

    [Test]
    public void A_raw_flow_with_a_checksum_gives_its_receiver_the_payload()
    {
        using var timers = new TimerWheel(_time);
        var (a, b) = Pair(QosSpec.RawNoErrors, timers);
        var receiver = new Collector();
        b.SetReceiver(receiver);
        Write(a, 7, 8);
        Assert.That(receiver.Numbers, Is.EqualTo(new byte[] { 7, 8 }));
        Close(a, b);
    }

    [Test]
    public void Nothing_is_lost_or_left_in_the_ring_when_a_receiver_comes_while_packets_do()
    {
        for (var round = 0; round < 200; round++)
        {
            var (a, b) = Pair();
            var receiver = new Collector();
            using var started = new ManualResetEventSlim();
            const int Count = 500;
            var writer = new Thread(() =>
            {
                for (var i = 0; i < Count; i++)
                {
                    Write(a, (byte)i);
                    if (i == round) started.Set();
                }
            });
            writer.Start();
            started.Wait();
            b.SetReceiver(receiver);
            writer.Join();
            Assert.That(b.ReceiveQueueLength, Is.Zero);
            Assert.That(receiver.Numbers, Is.EqualTo(Enumerable.Range(0, Count).Select(i => (byte)i)), "all of them, in order");
            Close(a, b);
        }
    }

    [Test]
    public void Nothing_is_allocated_for_a_packet_that_a_receiver_takes()
    {
        var (a, b) = Pair();
        b.SetReceiver(new Disposer());
        for (var i = 0; i < 1000; i++) Write(a, 1);
        Assert.That(Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++) Write(a, 1);
        }), Is.Zero);
        Close(a, b);
    }

    private static void Close(params FlowEndpoint[] ends)
    {
        foreach (var end in ends) end.Close();
    }

    private void Write(FlowEndpoint end, params ReadOnlySpan<byte> numbers)
    {
        foreach (var number in numbers)
        {
            var packet = Pool.Rent(1);
            packet.Span[0] = number;
            if (end.TryWrite(packet) == FlowError.None) continue;
            packet.Dispose();
            Assert.Fail("not written");
        }
    }

    private (FlowEndpoint A, FlowEndpoint B) Pair(QosSpec? qos = null, TimerWheel? timers = null)
    {
        var spec = qos ?? QosSpec.Raw;
        var a = new FlowEndpoint(Pool, _time) { Qos = spec };
        var b = new FlowEndpoint(Pool, _time) { Qos = spec };
        if (timers is not null)
        {
            a.Start(new FlowStageSettings { Timers = timers });
            b.Start(new FlowStageSettings { Timers = timers });
        }
        EndpointLink.Connect(a, b);
        return (a, b);
    }

    private sealed class Collector : IFlowReceiver
    {
        private readonly Lock _lock = new();

        public List<byte> Numbers { get; } = [];

        public List<FlowEventType> Events { get; } = [];

        public void OnPacket(FlowEndpoint from, Packet packet)
        {
            lock (_lock) Numbers.Add(packet.Span[0]);
            packet.Dispose();
        }

        public void OnEvent(FlowEndpoint from, FlowEventType events) => Events.Add(events);
    }

    private sealed class Disposer : IFlowReceiver
    {
        public void OnPacket(FlowEndpoint from, Packet packet) => packet.Dispose();

        public void OnEvent(FlowEndpoint from, FlowEventType events)
        {
        }
    }
}
