using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Congestion;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Layers.Unicast.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>Data transfer of one member between layers below that do as they are told.</summary>
public sealed class DataTransferTests : PoolTest
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly ManualTimeProvider _time = new();
    private readonly List<FlowEndpoint> _ends = [];
    private DataTransfer _dataTransfer = null!;

    [SetUp]
    public void Make() => _dataTransfer = new DataTransfer(1, new DataTransferConfig(), Pool, _time);

    [TearDown]
    public void Close()
    {
        _dataTransfer.Close();
        foreach (var end in _ends) end.Close();
        _ends.Clear();
    }

    [TestCase(60, 9UL, 59)]
    [TestCase(2, 9UL, 1)]
    [TestCase(1, 9UL, -1)]
    [TestCase(0, 9UL, -1)]
    [TestCase(255, 9UL, 254)]
    public void A_packet_in_transit_loses_one_hop_and_is_dropped_when_none_is_left(int ttl, ulong destination, int leaves)
    {
        Adjacency(2, out _);
        var to = Adjacency(3, out var sink);
        _dataTransfer.Install([new Route(destination, [3])]);
        Receive(0, new DataTransferHeader(destination, 2, (byte)ttl, 0x80, 1UL << 40));
        if (leaves < 0)
        {
            Assert.That(sink.Taken, Is.Empty);
            Assert.That(_dataTransfer.Counters[DataTransferDrop.TimeToLive], Is.EqualTo(1));
            return;
        }
        DataTransferHeader.TryRead(sink.Taken.Single(), out var header);
        Assert.That(header, Is.EqualTo(new DataTransferHeader(destination, 2, (byte)leaves, 0x80, 1UL << 40)));
        Assert.That(_dataTransfer.Find(to)!.Counters.Packets(AdjacencyCount.Sent, QosCube.Voice), Is.EqualTo(1));
    }

    [Test]
    public void What_is_for_this_member_is_delivered_whatever_its_ttl_and_what_nobody_wants_is_counted()
    {
        var component = new Component();
        Adjacency(2, out _);
        _dataTransfer.Register(0, component);
        Receive(0, new DataTransferHeader(1, 0, 0, 0, 0));
        Receive(0, new DataTransferHeader(1, 0, 1, 0, 0));
        Assert.That(component.Count, Is.EqualTo(2));
        Receive(0, new DataTransferHeader(1, 0, 60, 0, 63));
        Receive(0, new DataTransferHeader(1, 0, 60, 0, 64));
        Receive(0, new DataTransferHeader(1, 0, 60, 0, ulong.MaxValue));
        Receive(0, new DataTransferHeader(77, 0, 60, 0, 0));
        Assert.That(_dataTransfer.Counters[DataTransferDrop.NoComponent], Is.EqualTo(1));
        Assert.That(_dataTransfer.Counters[DataTransferDrop.UnknownEid], Is.EqualTo(2));
        Assert.That(_dataTransfer.Counters[DataTransferDrop.NoRoute], Is.EqualTo(1));
        for (var length = 0; length < DataTransferHeader.Length; length++) _dataTransfer.Receive(0, Pool.Rent(length));
        Assert.That(_dataTransfer.Counters[DataTransferDrop.TooShort], Is.EqualTo(DataTransferHeader.Length - 1), "an empty one is a keepalive");
    }

    [Test]
    public void Alternate_goes_round_a_hop_that_is_down_and_back()
    {
        // Notes, 7.3; the difference to the reference: an alternate that comes back is used, and down is not forgotten by a calculation.
        Use(1);
        var (ten, twenty, thirty) = (Adjacency(10, out var to10), Adjacency(20, out var to20), Adjacency(30, out var to30));
        Route[] routes = [new(101, [10, 20, 30]), new(102, [20, 10]), new(103, [10])];
        _dataTransfer.Install(routes);
        Expect(101, to10, 102, to20, 103, to10);
        _dataTransfer.SetAdjacencyUp(ten, false);
        Expect(101, to20, 102, to20, 103, null);
        _dataTransfer.Install(routes);
        Expect(101, to20, 102, to20, 103, null);
        _dataTransfer.SetAdjacencyUp(twenty, false);
        Expect(101, to30, 102, null, 103, null);
        _dataTransfer.SetAdjacencyUp(twenty, true);
        Expect(101, to20, 102, to20, 103, null);
        _dataTransfer.SetAdjacencyUp(ten, true);
        Expect(101, to10, 102, to20, 103, to10);
        _dataTransfer.SetAdjacencyUp(thirty, false);
        _dataTransfer.SetAdjacencyUp(twenty, false);
        Expect(101, to10, 102, to10, 103, to10);
    }

    [Test]
    public void Multipath_keeps_each_flow_on_one_hop_and_moves_only_those_of_a_hop_that_goes()
    {
        Use(2);
        var ten = Adjacency(10, out var to10);
        Adjacency(20, out var to20);
        Adjacency(30, out var to30);
        _dataTransfer.Install([new Route(101, [10, 20, 30])]);
        GatedSink[] sinks = [to10, to20, to30];
        var before = Enumerable.Range(0, 300).Select(f => Hop(101, (ulong)f + 100, sinks)).ToArray();
        Assert.That(sinks.Select(s => before.Count(b => b == s)), Is.All.InRange(60, 140));
        Assert.That(Enumerable.Range(0, 300).Select(f => Hop(101, (ulong)f + 100, sinks)), Is.EqualTo(before));
        _dataTransfer.SetAdjacencyUp(ten, false);
        for (var f = 0; f < 300; f++)
        {
            var now = Hop(101, (ulong)f + 100, sinks);
            if (before[f] == to10) Assert.That(now, Is.Not.EqualTo(to10));
            else Assert.That(now, Is.EqualTo(before[f]));
        }
    }

    [Test]
    public async Task What_waits_leaves_by_priority_with_a_share_for_each_and_in_order()
    {
        var id = Adjacency(2, out var sink);
        _dataTransfer.Install([new Route(2, [2])]);
        sink.Room = 0;
        for (byte n = 0; n < 100; n++)
        {
            foreach (var cube in new[] { QosCube.BestEffort, QosCube.Video, QosCube.Voice })
            {
                var packet = Pool.Rent(1);
                packet.Span[0] = n;
                Assert.That(_dataTransfer.Send(2, cube, 100, packet), Is.EqualTo(FlowError.None));
            }
        }
        Assert.That(_dataTransfer.Find(id)!.QueueLength, Is.EqualTo(300));
        sink.Open(int.MaxValue);
        var limit = DateTime.UtcNow + s_limit;
        while (sink.Count < 300 && DateTime.UtcNow < limit) await Task.Yield();
        var taken = sink.Taken.Select(t => (Cube: t[4], Number: t[^1])).ToList();
        Assert.That(taken, Has.Count.EqualTo(300));
        for (var cube = 0; cube < 3; cube++) Assert.That(taken.Where(t => t.Cube == cube).Select(t => (int)t.Number), Is.EqualTo(Enumerable.Range(0, 100)));
        Assert.That(taken.Take(32).All(t => t.Cube == 2), Is.True, "voice first");
        Assert.That(taken.Skip(32).Take(16).All(t => t.Cube == 1), Is.True, "then video");
        Assert.That(taken.Skip(48).Take(8).All(t => t.Cube == 0), Is.True, "and best effort is not starved");
    }

    [Test]
    public void A_queue_is_bounded_and_marks_what_joins_it_once_it_stands()
    {
        _dataTransfer = new DataTransfer(1, new DataTransferConfig { QueueCapacity = 63 }, Pool, _time);
        Adjacency(2, out _);
        var to = Adjacency(3, out var sink);
        _dataTransfer.Install([new Route(3, [3])]);
        sink.Room = 0;
        for (var n = 0; n < 40; n++) Receive(0, new DataTransferHeader(3, 0, 60, 0, 100));
        _time.Advance(TimeSpan.FromMilliseconds(10));
        for (var n = 0; n < 160; n++) Receive(0, new DataTransferHeader(3, 0, 60, 0x80, 100));
        Assert.That(_dataTransfer.Find(to)!.QueueLength, Is.InRange(63, 65));
        Assert.That(_dataTransfer.Counters[DataTransferDrop.QueueFull], Is.InRange(135, 137));
        sink.Open(int.MaxValue);
        Assert.That(SpinWait.SpinUntil(() => sink.Count >= 63, s_limit), Is.True);
        lock (sink.Taken)
        {
            Assert.That(sink.Taken.Take(40).Select(t => t[6]), Is.All.Zero, "that may be a burst");
            Assert.That(sink.Taken.Skip(40).Select(t => t[6]), Is.All.EqualTo(0x81), "it stands; marks of others are kept");
        }
    }

    [Test]
    public void Without_congestion_avoidance_nothing_is_marked_and_marks_of_others_are_left_alone()
    {
        _dataTransfer = new DataTransfer(1, new DataTransferConfig { Congestion = CongestionPolicies.Find(0) }, Pool, _time);
        Adjacency(2, out _);
        Adjacency(3, out var sink);
        _dataTransfer.Install([new Route(3, [3])]);
        sink.Room = 0;
        for (var n = 0; n < 100; n++)
        {
            Receive(0, new DataTransferHeader(3, 0, 60, 5, 100));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
        sink.Open(int.MaxValue);
        Assert.That(SpinWait.SpinUntil(() => sink.Count >= 100, s_limit), Is.True);
        lock (sink.Taken) Assert.That(sink.Taken.Select(t => t[6]), Is.All.EqualTo(5));
    }

    [Test]
    public void A_table_finds_each_destination_and_no_other_and_a_new_one_takes_its_place_whole()
    {
        Adjacency(2, out _);
        Adjacency(3, out _);
        // The reference's own test: more keys than its table has chains, so that some share one.
        _dataTransfer.Install([.. Enumerable.Range(1, 262).Select(d => new Route((ulong)d + 1000, [d % 2 == 0 ? 2ul : 3ul]))]);
        for (var d = 1; d <= 262; d++) Assert.That(_dataTransfer.Table.Find((ulong)d + 1000, QosCube.BestEffort)[0].Peer, Is.EqualTo(d % 2 == 0 ? 2ul : 3ul));
        Assert.That(_dataTransfer.Table.Find(1000, QosCube.BestEffort).IsEmpty && _dataTransfer.Table.Find(1263, QosCube.BestEffort).IsEmpty, Is.True);
        _dataTransfer.Install([new Route(1257, [2])]);
        Assert.That(_dataTransfer.CanReach(1001), Is.False);
        Assert.That(_dataTransfer.CanReach(1257), Is.True, "which shared a chain with it");
    }

    [Test]
    public void Forwarding_a_packet_allocates_nothing()
    {
        Adjacency(2, out _);
        Adjacency(3, out var sink);
        sink.Keeps = false;
        _dataTransfer.Install([new Route(3, [3])]);
        for (var n = 0; n < 2000; n++) Receive(0, new DataTransferHeader(3, 0, 60, 0, 100));
        var sent = sink.Count;
        Assert.That(Allocations.Of(() =>
        {
            for (var n = 0; n < 10_000; n++) Receive(0, new DataTransferHeader(3, 0, 60, 0, 100));
            sent += 10_000;
        }), Is.Zero);
        Assert.That(sink.Count, Is.EqualTo(sent));
    }

    private void Use(int forwarding) => _dataTransfer = new DataTransfer(1, new DataTransferConfig { Forwarding = ForwardingPolicies.Find(forwarding) }, Pool, _time);

    private void Expect(params object?[] pairs)
    {
        for (var i = 0; i < pairs.Length; i += 2)
        {
            var sinks = _ends.Select(e => (GatedSink)e.Owner!).ToArray();
            Assert.That(Hop(Convert.ToUInt64(pairs[i], System.Globalization.CultureInfo.InvariantCulture), 100, sinks), Is.SameAs(pairs[i + 1]), $"to {pairs[i]}");
        }
    }

    /// <summary>Which hop a packet takes.</summary>
    private GatedSink? Hop(ulong destination, ulong eid, GatedSink[] sinks)
    {
        var before = sinks.Select(s => s.Count).ToArray();
        var packet = Pool.Rent(1);
        if (_dataTransfer.Send(destination, QosCube.BestEffort, eid, packet) != FlowError.None) packet.Dispose();
        return sinks.Where((s, i) => s.Count != before[i]).SingleOrDefault();
    }

    private int Adjacency(ulong peer, out GatedSink sink)
    {
        sink = new GatedSink();
        var end = new FlowEndpoint(Pool, _time) { Owner = sink };
        _ends.Add(end);
        end.Attach(sink);
        return _dataTransfer.AddAdjacency(end, peer, QosCube.BestEffort);
    }

    private void Receive(int adjacency, DataTransferHeader header)
    {
        var packet = Pool.Rent(DataTransferHeader.Length + 49);
        header.Write(packet.Span);
        _dataTransfer.Receive(adjacency, packet);
    }

    private sealed class Component : IDataTransferComponent
    {
        public int Count { get; private set; }

        public void OnMessage(Packet message)
        {
            Count++;
            message.Dispose();
        }
    }
}
