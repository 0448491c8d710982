using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Congestion;

namespace Ouroboros.Tests.Simulation.Congestion;

/// <summary>
/// A member in the middle with a link of a given rate behind it, and flows from different members that always have something to send: the real arithmetic of
/// both ends and of the marks, virtual time, seeded timers that are late. Each flow's own link is the faster one, as fast as a device takes packets.
/// </summary>
internal sealed class Bottleneck
{
    private const long Step = 1000;
    private const long Second = 1_000_000_000;
    private const long Millisecond = 1_000_000;
    private const long OwnLink = Second / 700_000;
    private const long RoundTrip = 200_000;

    // The queue of a device of Ethernet and that of the adjacency.
    private const int QueueCapacity = 1023;
    private const int Room = 512 + QueueCapacity;

    private readonly long _perPacket;
    private readonly Queue<(int Flow, byte Mark)> _queue = new();
    private readonly Queue<(long At, int Flow, ushort Level)> _updates = new();
    private readonly MultiBitEcn _policy = new();
    private readonly StandingQueue _standing;
    private readonly Random _random = new(1);
    private long _now;
    private long _free;

    public Bottleneck(int flows, int packetsPerSecond)
    {
        _perPacket = Second / packetsPerSecond;
        _standing = new StandingQueue(new NanosecondClock(new Clock(this)), QueueCapacity);
        // Not all in the same slot.
        Flows = [.. Enumerable.Range(0, flows).Select(i => new Flow { StartsAt = i * 100_123_000L / flows })];
    }

    public int Size { get; init; } = 64;

    public IReadOnlyList<Flow> Flows { get; }

    public long Lost { get; private set; }

    public int LongestQueue { get; private set; }

    public void Run(TimeSpan time)
    {
        LongestQueue = 0;
        for (var end = _now + (time.Ticks * TimeSpan.NanosecondsPerTick); _now < end; _now += Step)
        {
            Forward();
            while (_updates.TryPeek(out var update) && update.At <= _now)
            {
                Flows[update.Flow].Sender.OnUpdate(update.Level);
                _updates.Dequeue();
            }
            for (var i = 0; i < Flows.Count; i++) Send(i);
            LongestQueue = Math.Max(LongestQueue, _queue.Count);
        }
    }

    private void Forward()
    {
        while (_queue.Count > 0 && _free <= _now)
        {
            var (to, mark) = _queue.Dequeue();
            _free = Math.Max(_free, _now - Step) + _perPacket;
            Flows[to].Received++;
            if (Flows[to].Receiver.OnReceived(mark, out var level)) _updates.Enqueue((_now + RoundTrip, to, level));
        }
    }

    private void Send(int i)
    {
        var flow = Flows[i];
        if (_now < flow.StartsAt) return;
        if (_now < flow.Sender.ResumeAt)
        {
            var wait = (flow.Sender.ResumeAt - _now + Millisecond - 1) / Millisecond * Millisecond;
            flow.StartsAt = _now + wait + _random.Next(50_000, 800_000);
            return;
        }
        flow.StartsAt = _now + OwnLink;
        flow.Sender.OnSent(Size, _now);
        flow.Sent++;
        if (_queue.Count < Room) _queue.Enqueue((i, _policy.Mark(0, _standing.Measure(_queue.Count))));
        else Lost++;
    }

    private sealed class Clock(Bottleneck link) : TimeProvider
    {
        public override long TimestampFrequency => Second;

        public override long GetTimestamp() => link._now;
    }

    public sealed class Flow
    {
        public FlowCongestion Sender { get; } = new(0);

        public FlowCongestion Receiver { get; } = new(0);

        /// <summary>Nothing is sent before: it has not begun, waits, or its link is busy.</summary>
        public long StartsAt { get; set; }

        public long Sent { get; set; }

        public long Received { get; set; }
    }
}
