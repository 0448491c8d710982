using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Congestion;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>A sender whose timers end late, as those of every system do, and queues that come and go.</summary>
public sealed class PacingTests
{
    private const long Millisecond = 1_000_000;

    [TestCase(0)]
    [TestCase(long.MaxValue / 2)]
    public void A_flow_that_was_never_held_up_has_nothing_left_to_wait_for(long now) =>
        Assert.That(new FlowCongestion(now).ResumeAt - (now + 1), Is.EqualTo(-1));

    [Test]
    public void Timers_that_end_late_do_not_slow_a_flow_down_and_nothing_is_sent_in_a_burst()
    {
        var congestion = new FlowCongestion(0);
        // From now on it is avoided, and there is none.
        congestion.OnUpdate(0);
        var sent = new List<long>();
        for (long now = 0; now < 3000 * Millisecond; now += 2000)
        {
            // A wait counts whole milliseconds, and ends one late.
            if (now < congestion.ResumeAt) now = ((congestion.ResumeAt / Millisecond) + 2) * Millisecond;
            congestion.OnSent(64, now);
            sent.Add(now);
        }
        var last = sent.Count(t => t >= 2500 * Millisecond);
        Assert.That(last, Is.GreaterThan(200_000), "of 250,000 that the way would carry in the last half second: its limit has grown past that");
        var paced = sent.TakeWhile(t => t < 500 * Millisecond).ToList();
        var most = paced.GroupBy(t => t / Millisecond).Max(g => g.Count());
        Assert.That(most, Is.LessThanOrEqualTo(500), "in a millisecond, all that the way carries");
        Assert.That(paced.GroupBy(t => t / (20 * Millisecond)).Min(g => g.Count()), Is.GreaterThan(500), "in each 20 ms");
    }

    [Test]
    public void Congestion_told_again_and_again_makes_a_flow_slow_but_never_stops_it()
    {
        var sender = new CongestionSender(0, smooth: true);
        long now = 0;
        for (var i = 0; i < 5000; i++)
        {
            sender.OnUpdate(ushort.MaxValue);
            now += Math.Max(sender.OnSent(1000, now), 1000);
        }
        var slow = Rate(sender);
        Assert.That(slow, Is.InRange(1000 / 0.135, 1000 / 0.01), "a packet in each of the longest slots at the least");
        for (var i = 0; i < 5000; i++) now += Math.Max(sender.OnSent(1000, now), 1000);
        Assert.That(Rate(sender), Is.GreaterThan(slow * 10), "and it comes back");

        static double Rate(in CongestionSender sender) => sender.Limit / ((1L << sender.Shift) / 1e9);
    }

    [Test]
    public void What_a_flow_did_not_use_it_does_not_keep_past_what_it_began_with()
    {
        var sender = new CongestionSender(0, smooth: true);
        sender.OnUpdate(0);
        long now = 0;
        for (var i = 0; i < 100_000; i++) now += Math.Max(sender.OnSent(1000, now), 1000);
        Assert.That(sender.Limit, Is.GreaterThan(200_000ul));
        // Ten packets in each slot.
        for (var i = 0; i < 1000; i++) sender.OnSent(1000, now += 1_700_000);
        Assert.That(sender.Limit, Is.InRange(64_000ul, 80_000ul));
    }

    [Test]
    public void A_queue_that_comes_and_goes_is_no_congestion()
    {
        var (queue, time) = MakeQueue();
        for (var i = 0; i < 1000; i++)
        {
            foreach (var length in new[] { 0, 100, 500, 1000, 200 })
            {
                Assert.That(queue.Measure(length), Is.Zero);
                time.Advance(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    [Test]
    public void What_has_not_gone_away_for_ten_milliseconds_is()
    {
        var (queue, time) = MakeQueue();
        for (var i = 0; i < 10; i++)
        {
            Assert.That(queue.Measure(300 - (i * 10)), Is.Zero);
            time.Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.That(queue.Measure(250), Is.EqualTo(210), "the shortest that it was");
        Assert.That(queue.Measure(60), Is.EqualTo(60), "it is no longer than it is");
        Assert.That(queue.Measure(15), Is.Zero);
        Assert.That(queue.Measure(250), Is.Zero, "it was short in between");
    }

    [Test]
    public void A_queue_that_is_nearly_full_is_congestion_at_once()
    {
        var (queue, _) = MakeQueue();
        Assert.That(queue.Measure(1536 + 160), Is.EqualTo(160));
    }

    private static (StandingQueue Queue, ManualTimeProvider Time) MakeQueue()
    {
        var time = new ManualTimeProvider();
        return (new StandingQueue(new NanosecondClock(time), 1536), time);
    }
}
