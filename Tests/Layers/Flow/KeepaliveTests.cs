using System.Runtime.CompilerServices;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Flow;

/// <summary>Keepalives as the flow's two ends see them, and their records. Time-outs of 4 s: an empty packet each second, late by 31 ms and a few ticks at most.</summary>
public sealed class KeepaliveTests : PoolTest
{
    private const int Timeout = 4000;
    private const int SendEvery = Timeout / 4;
    private const int Late = (Timeout / 128) + 5;

    private static readonly QosSpec Reliable = QosSpec.Data with { Timeout = Timeout, BitErrorRate = 1 };
    private static readonly QosSpec Raw = QosSpec.Raw with { Timeout = Timeout };

    private readonly ManualTimeProvider _time = new();
    private TimerWheel _wheel = null!;

    private static IEnumerable<QosSpec> Kinds => [Raw, Raw with { BitErrorRate = 0 }, Reliable, Reliable with { Loss = 1 }];

    private static IEnumerable<QosSpec> Unacknowledged => Kinds.Where(k => k.Loss != 0);

    [SetUp]
    public void SetUpWheel() => _wheel = new TimerWheel(_time);

    [TearDown]
    public void TearDownWheel() => _wheel.Dispose();

    [TestCaseSource(nameof(Kinds))]
    public void An_end_that_sends_nothing_sends_an_empty_packet_each_quarter_of_the_time_out(QosSpec qos)
    {
        var (end, below) = Open(qos);
        for (var n = 1; n <= 10; n++)
        {
            Pass(SendEvery);
            Pass(Late);
            Assert.That(below.Empty, Is.EqualTo(n));
            Hear(end);
        }
        end.Close();
    }

    [TestCaseSource(nameof(Unacknowledged))]
    public void An_end_that_sends_anyway_sends_no_empty_packets(QosSpec qos)
    {
        var (end, below) = Open(qos);
        for (var n = 0; n < 100; n++)
        {
            Assert.That(end.TryWrite(Pool.Rent(10)), Is.EqualTo(FlowError.None));
            Pass(SendEvery / 3);
            Hear(end);
        }
        // One may be due in the moment of the last write.
        Assert.That(below.Empty, Is.LessThanOrEqualTo(qos.InOrder ? 0 : 1));
        end.Close();
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_peer_that_was_never_heard_is_dead_after_the_time_out_and_gets_nothing_any_more(QosSpec qos)
    {
        var (end, below) = Open(qos);
        Pass(Timeout - 1);
        Assert.That(end.State & RingState.PeerDead, Is.EqualTo((RingState)0));
        Pass(1 + Late);
        Assert.That(end.State & RingState.PeerDead, Is.EqualTo(RingState.PeerDead));
        var sent = below.Empty;
        Pass(10 * Timeout);
        Assert.That(below.Empty, Is.EqualTo(sent));
        end.Close();
    }

    [TestCaseSource(nameof(Kinds))]
    public void Empty_packets_keep_the_peer_alive_and_count_from_when_they_came(QosSpec qos)
    {
        var (end, _) = Open(qos);
        for (var n = 0; n < 20; n++)
        {
            Pass(Timeout / 3);
            Hear(end);
        }
        Pass(Timeout - 1);
        Assert.That(end.State & RingState.PeerDead, Is.EqualTo((RingState)0));
        Pass(1 + Late);
        Assert.That(end.State & RingState.PeerDead, Is.EqualTo(RingState.PeerDead));
        end.Close();
    }

    [Test]
    public void Data_keeps_the_peer_of_a_raw_flow_alive()
    {
        var (end, _) = Open(Raw);
        for (var n = 0; n < 20; n++)
        {
            Pass(Timeout / 3);
            Assert.That(end.Deliver(Pool.Rent(10)), Is.EqualTo(FlowError.None));
            Assert.That(end.TryRead(out Packet packet), Is.EqualTo(FlowError.None));
            packet.Dispose();
        }
        Assert.That(end.State & RingState.PeerDead, Is.EqualTo((RingState)0));
        Pass(Timeout + SendEvery + (2 * Late));
        Assert.That(end.State & RingState.PeerDead, Is.EqualTo(RingState.PeerDead));
        end.Close();
    }

    [TestCaseSource(nameof(Kinds))]
    public void Times_that_change_all_the_time_keep_no_keepalive_back(QosSpec qos)
    {
        var (end, below) = Open(qos);
        for (var n = 0; n < 100; n++)
        {
            Pass(SendEvery / 10);
            end.Watch(TimeSpan.FromMilliseconds(Timeout + (n % 2)), TimeSpan.FromMilliseconds(SendEvery));
        }
        Assert.That(below.Empty, Is.InRange(9, 10));
        end.Close();
    }

    [Test]
    public void An_empty_packet_that_finds_no_room_is_tried_again_a_little_later()
    {
        var (end, below) = Open(Raw);
        below.Answer = FlowError.TryAgain;
        Pass(SendEvery + Late);
        Assert.That(below.Refused, Is.GreaterThan(0));
        below.Answer = FlowError.None;
        Pass(2 * Late);
        Assert.That(below.Empty, Is.EqualTo(1));
        end.Close();
    }

    [Test]
    public void Flows_that_come_and_go_leave_neither_records_nor_entries_behind()
    {
        for (var n = 0; n < 20_000; n++)
        {
            var (end, _) = Open(n % 3 == 0 ? Raw with { Timeout = 120_000 } : n % 3 == 1 ? Raw : Reliable);
            end.Close();
            if (n % 100 == 0) Pass(1);
        }
        Assert.That(_wheel.Keepalives.Records, Is.EqualTo(64));
        Assert.That(_wheel.Entries, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void A_closed_flow_is_kept_alive_by_nothing()
    {
        var flow = OpenAndClose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.That(flow.TryGetTarget(out _), Is.False);
        Assert.That(_wheel.Entries, Is.EqualTo(1), "the entry serves the next flow");
        Pass(SendEvery + Late);
        Assert.That(_wheel.Entries, Is.Zero);
        Assert.That(_time.PendingTimers, Is.Zero);
    }

    [Test]
    public void Whoever_gets_the_record_of_a_flow_that_was_about_to_die_lives_by_its_own_times()
    {
        var (old, _) = Open(Raw);
        Pass(Timeout - 10);
        old.Close();
        var (end, below) = Open(Raw);
        Pass(SendEvery - 1);
        Assert.That(below.Empty, Is.Zero);
        Pass(1 + Late);
        Assert.That(below.Empty, Is.EqualTo(1));
        Pass(Timeout - SendEvery - Late - 1);
        Assert.That(end.State & RingState.PeerDead, Is.EqualTo((RingState)0));
        Pass(1 + Late);
        Assert.That(end.State & RingState.PeerDead, Is.EqualTo(RingState.PeerDead));
        end.Close();
    }

    /// <summary>Ten thousand flows that are opened, heard, written to, watched by other times and closed at random, each beside what it should do.</summary>
    [Test]
    public void Many_flows_at_random_each_keep_their_times([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        var flows = new List<Modelled>();
        for (var step = 0; step < 3000; step++)
        {
            for (var n = random.Next(8); n > 0; n--)
            {
                var qos = Kinds.ElementAt(random.Next(4)) with { Timeout = (uint)(500 << random.Next(5)) };
                var (end, below) = Open(qos);
                flows.Add(new Modelled(end, below, qos.Timeout, Now));
            }
            for (var n = random.Next(200); n > 0 && flows.Count > 0; n--)
            {
                var flow = flows[random.Next(flows.Count)];
                if (flow.IsDead) continue;
                Hear(flow.End);
                flow.Heard = Now;
            }
            Pass(random.Next(1, 40));
            for (var i = flows.Count - 1; i >= 0; i--)
            {
                flows[i].Check(Now);
                if (!flows[i].IsDead && random.Next(200) != 0) continue;
                flows[i].End.Close();
                flows[i] = flows[^1];
                flows.RemoveAt(flows.Count - 1);
            }
        }
        foreach (var flow in flows) flow.End.Close();
        Assert.That(_wheel.Keepalives.Records, Is.LessThanOrEqualTo(4096));
    }

    private long Now => _wheel.Now / 1_000_000;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference<FlowEndpoint> OpenAndClose()
    {
        var (end, _) = Open(Raw);
        end.Close();
        return new WeakReference<FlowEndpoint>(end);
    }

    private (FlowEndpoint End, Sink Below) Open(QosSpec qos)
    {
        var end = new FlowEndpoint(Pool, _time) { Qos = qos };
        var below = new Sink(_wheel);
        end.Start(new FlowStageSettings { Timers = _wheel, Random = new Random(1) });
        end.Attach(below);
        return (end, below);
    }

    private void Hear(FlowEndpoint end)
    {
        var packet = Pool.Rent(0);
        if (end.Deliver(packet) != FlowError.None) packet.Dispose();
    }

    private void Pass(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>A flow and what it has to do, in milliseconds.</summary>
    private sealed class Modelled(FlowEndpoint end, Sink below, long timeout, long now)
    {
        private const int Ticks = 5;

        private long _sent = now;
        private int _seen;

        public FlowEndpoint End => end;

        public long Heard { get; set; } = now;

        public bool IsDead => (end.State & RingState.PeerDead) != 0;

        public void Check(long now)
        {
            var late = (timeout / 128) + Ticks;
            if (IsDead)
            {
                Assert.That(now - Heard, Is.GreaterThanOrEqualTo(timeout - 1), "dead too early");
                return;
            }
            Assert.That(now - Heard, Is.LessThanOrEqualTo(timeout + late), "alive too long");
            if (below.Empty != _seen)
            {
                Assert.That(below.Empty, Is.EqualTo(_seen + 1));
                Assert.That(below.LastEmpty - _sent, Is.GreaterThanOrEqualTo((timeout / 4) - 1), "sent too early");
                (_seen, _sent) = (below.Empty, below.LastEmpty);
            }
            Assert.That(now - _sent, Is.LessThanOrEqualTo((timeout / 4) + late), "sent too late");
        }
    }

    private sealed class Sink(TimerWheel wheel) : IPacketSink
    {
        public int Empty { get; private set; }

        /// <summary>Milliseconds on the wheel's clock.</summary>
        public long LastEmpty { get; private set; }

        public int Refused { get; private set; }

        public FlowError Answer { get; set; }

        public int MaxPacketSize => 1400;

        public int QueueLength => 0;

        public FlowError Send(Packet packet)
        {
            if (Answer != FlowError.None)
            {
                Refused++;
                return Answer;
            }
            if (packet.Length == 0) (Empty, LastEmpty) = (Empty + 1, wheel.Now / 1_000_000);
            packet.Dispose();
            return FlowError.None;
        }

        public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => ValueTask.FromResult(FlowError.None);

        public void WakeWriters()
        {
        }

        public void LinkChanged(bool up)
        {
        }

        public void AccessChanged(bool writable)
        {
        }

        public void Close()
        {
        }
    }
}
